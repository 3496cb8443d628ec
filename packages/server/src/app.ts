import { createAuthenticate } from './authenticate.js';
import type { Config } from './config/index.js';
import {
  type Content,
  contentConsumers,
  createContent,
  createPostStore,
  createPreviewer,
  createPublisher,
} from './domains/content/index.js';
import { createFeed, feedConsumers } from './domains/feed/index.js';
import { createGraph, type Graph, graphConsumers, mostFollowed } from './domains/graph/index.js';
import {
  accountMailTemplates,
  createIdentity,
  createTokenDeriver,
  type Identity,
  identitySettings,
  queueAccountMail,
} from './domains/identity/index.js';
import {
  type CreatedTenant,
  createTenancy,
  createTenant,
  DEFAULT_TENANT_ID,
  type IssuedKey,
  issueKey,
  type NewKey,
  type Tenancy,
  type TenantManagement,
} from './domains/tenancy/index.js';
import type { Community } from './imports/index.js';
import { PostgresBus } from './platform/bus/index.js';
import { createSealer } from './platform/crypto/index.js';
import { createCursors } from './platform/cursor/index.js';
import { type Database, databaseQueries } from './platform/db/index.js';
import { createIdempotencyStore } from './platform/idempotency/index.js';
import { createMail } from './platform/mail/index.js';
import { createMaintenance, type Maintenance } from './platform/maintenance/index.js';
import {
  type Call,
  createExecutor,
  type Domain,
  type DomainBindings,
  type Execute,
  type Plan,
  readScope,
  type Scope,
  type Tenant,
} from './platform/operation/index.js';
import { Backlog, type Consumers, createConsumers, OUTBOX_TOPIC } from './platform/outbox/index.js';
import { createLocalWrites, createPageCache, createSharedWrites } from './platform/page-cache/index.js';
import { createPasswordHasher } from './platform/password/index.js';
import type { Logger, Metrics, Tracing } from './platform/telemetry/index.js';
import { createUsageMeter, type UsageMeter } from './platform/usage/index.js';
import { PERSONAL_DATA } from './registry.js';
import { maintenanceJobs, type Repair, repairsOf } from './upkeep.js';
import { makeDatabase, watchDatabase } from './wire-database.js';

export interface NovaOptions {
  readonly config: Config;
  /** One address for each role and way of reaching the database. */
  readonly addresses: { readonly app: string; readonly direct: string; readonly system: string };
  readonly secretKey: string;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Absent: queries are not traced. */
  readonly tracing?: Tracing;
  /** Off only in the test that shows row-level security to hold alone (I8). */
  readonly tenantFilters?: boolean;
}

/** Platform and domains, wired; nothing listens. Transports and commands are built on this. */
export interface Nova {
  readonly database: Database;
  /** In the order of the reference pages. */
  readonly domains: readonly Domain[];
  readonly execute: Execute;
  readonly scopeOf: (call: Call) => Scope;
  readonly authenticate: ReturnType<typeof createAuthenticate>;
  readonly consumers: Consumers;
  readonly maintenance: Maintenance;
  /** The tenant that calls without a key belong to; `open` makes it when it is not there. */
  readonly defaultTenant: Tenant;
  readonly createTenant: (input: { readonly name: string; readonly plan: Plan }) => Promise<CreatedTenant>;
  /** A new API key of an existing tenant. */
  readonly issueKey: (tenantId: string, key: NewKey) => Promise<IssuedKey>;
  /** For the operator: across tenants. */
  readonly tenants: TenantManagement;
  readonly usage: Pick<UsageMeter, 'add' | 'active'>;
  /** Writes what was counted so far; else every few seconds and at the end. */
  flushUsage(): Promise<void>;
  /** Members with the most followers: for a first look at a community. Reads the counts of all of them. */
  readonly mostFollowed: (tenantId: string, limit: number) => Promise<string[]>;
  /** Recompute what is kept beside its cause, by name. */
  readonly repairs: Readonly<Record<string, Repair>>;
  /** Erases all that is due of deleted users; `start` does so in the background. */
  eraseDue(): Promise<void>;
  /** The doors that imports fill. */
  readonly community: (tenantId: string) => Community;
  /** Rejects when the database does not answer. */
  ready(): Promise<void>;
  /** Opens the shared connections and sees to it that the default tenant is there. */
  open(): Promise<void>;
  /** Starts what works in the background: revocations, consumers, maintenance. */
  start(): void;
  close(): Promise<void>;
}

/** Batches of an import: a second's work, with room for a machine that does ten things. */
const IMPORT_TIMEOUT_MS = 30_000;

/** The composition root: the only place that sees all domains. Everything it makes ends with `close`. */
export function createNova(options: NovaOptions): Nova {
  const { config, addresses, secretKey, log, metrics } = options;
  const bus = new PostgresBus({
    connection: { connectionString: addresses.direct, application_name: 'nova bus' },
    onError: (err) => log.warn({ err }, 'the bus lost its connection or a message failed'),
  });
  const backlog = new Backlog(config.outbox.maxBacklog, () => metrics.recordShed('outbox'));
  const database = makeDatabase(options, {
    storeEvents: backlog.store,
    onEventsCommitted: () => bus.publish(OUTBOX_TOPIC),
  });
  const cursors = createCursors(secretKey);
  const passwords = createPasswordHasher({
    concurrency: config.identity.passwordHashConcurrency,
    maxWaiting: config.identity.passwordHashQueue,
  });
  const unwatch = [
    ...watchDatabase(metrics, database, config),
    metrics.watchQueue('password-hash', () => ({
      running: passwords.running,
      waiting: passwords.waiting,
      limit: config.identity.passwordHashQueue,
    })),
    metrics.watchQueue('outbox', () => ({ running: 0, waiting: backlog.waiting, limit: backlog.limit })),
  ];

  const usage = createUsageMeter({
    system: database.system,
    onError: (err) => log.warn({ err }, 'usage could not be written; it is kept for the next time'),
    onDropped: () => metrics.recordShed('usage'),
  });
  const tenancy = createTenancy({
    database,
    lookup: database.lookup,
    system: database.system,
    cursors,
    metrics,
    settings: [identitySettings],
    onError: (err) => log.warn({ err }, 'the use of keys could not be written'),
  });
  const identity = createIdentity({
    lookup: database.lookup,
    system: database.system,
    passwords,
    cursors,
    bus,
    // Identity lies below the graph, which says who may see whom.
    visibility: {
      hiddenUsers: (scope, ids) => graph.hiddenUsers(scope, ids),
      profileRelations: (scope, ids) => graph.profileRelations(scope, ids),
    },
    tenantSettings: tenancy.settings,
    sealer: createSealer(secretKey),
    transaction: (tenantId, work, limits) => database.transaction(tenantId, work, limits),
    personalData: PERSONAL_DATA,
    metrics,
    log,
    settings: { ...config.identity, userCacheBytes: config.cache.maxBytes / 4 },
  });
  const graph = createGraph({
    cursors,
    identity,
    lookup: database.lookup,
    bus,
    metrics,
    log,
    maxBytes: config.cache.relationBytes,
    alone: isAlone(config),
  });
  const ownWrites = isAlone(config) ? createLocalWrites() : createSharedWrites();
  const pages = createPageCache({
    ownWrites,
    metrics,
    ttlMs: config.cache.pageTtlMs,
    maxBytes: config.cache.maxBytes,
  });
  const posts = createPostStore({ metrics, maxBytes: config.cache.maxBytes });
  const content = createContent({ cursors, identity, graph, posts, settings: config.content });
  const publisher = createPublisher({ database, identity, graph, log });
  const previewer = createPreviewer({ database, log, metrics, settings: config.content });
  const feed = createFeed({
    cursors,
    content,
    graph,
    pages,
    database,
    metrics,
    settings: { ...config.feed, sessionCacheBytes: config.cache.maxBytes / 16 },
  });

  const deriveToken = createTokenDeriver(secretKey);
  const mail = createMail({
    system: database.system,
    templates: accountMailTemplates({ deriveToken, appUrl: config.mail.appUrl }),
    log,
    metrics,
    settings: { ...config.mail, environment: config.environment, url: config.mail.url?.reveal() },
  });
  const accountMail = queueAccountMail({ mail, deriveToken, mostTokens: config.identity.mailRequests });
  const consumers = createConsumers({
    ...{ database, bus, metrics, log, backlog },
    consumers: [...graphConsumers, ...contentConsumers, ...feedConsumers, accountMail],
  });
  const maintenance = createMaintenance({ database, log, jobs: maintenanceJobs(metrics) });
  const defaultTenant: Tenant = { id: DEFAULT_TENANT_ID, plan: config.tenancy.defaultTenantPlan };
  return {
    database,
    domains: describeDomains({ tenancy, identity, graph, content, feed }),
    execute: createExecutor({
      database,
      idempotency: createIdempotencyStore(secretKey),
      ownWrites,
      usage,
    }),
    scopeOf: (call) => readScope(database, call),
    authenticate: createAuthenticate({
      resolveSession: identity.resolveSession,
      isSignedToken: identity.isSignedToken,
      resolveToken: identity.resolveToken,
      resolveKey: tenancy.resolveKey,
      openTenant: tenancy.openTenant,
      onKeyUsed: tenancy.onKeyUsed,
      defaultTenant: config.tenancy.defaultTenant ? defaultTenant : null,
    }),
    consumers,
    maintenance,
    defaultTenant,
    createTenant: (input) => createTenant(database, input),
    issueKey: (tenantId, key) => database.transaction(tenantId, (tx) => issueKey(tx, key)),
    tenants: tenancy.management,
    usage,
    async flushUsage() {
      await Promise.all([usage.flush(), tenancy.flushKeyUsage()]);
    },
    mostFollowed: (tenantId, limit) => mostFollowed(database.read(tenantId), limit),
    repairs: repairsOf(database),
    eraseDue: identity.eraseDue,
    community: (tenantId) => ({
      insertUsers: (tx, users) =>
        identity.insertUsers(
          tx,
          users.map((user) => ({ ...user, passwordHash: null })),
        ),
      insertFollows: graph.insertFollows,
      insertPosts: content.insertPosts,
      insertLikes: content.insertLikes,
      transaction: (work) => database.transaction(tenantId, work, { timeoutMs: IMPORT_TIMEOUT_MS }),
    }),
    async ready() {
      await database.lookup.row(databaseQueries.ping, {});
    },
    async open() {
      await Promise.all([database.open(), bus.open()]);
      await consumers.register();
      await tenancy.ensureDefaultTenant(defaultTenant.plan);
    },
    start() {
      identity.start();
      tenancy.start();
      usage.start();
      graph.start();
      consumers.start();
      mail.start();
      maintenance.start();
      publisher.start();
      previewer.start();
    },
    async close() {
      await Promise.all([consumers.stop(), maintenance.stop(), mail.stop(), publisher.stop(), previewer.stop()]);
      pages.close();
      feed.close();
      posts.close();
      await Promise.all([tenancy.close(), usage.close()]);
      await Promise.all([identity.close(), graph.close()]);
      await bus.close();
      await database.close();
      for (const stop of unwatch) stop();
    },
  };
}

/** Nobody else serves from this database: it is embedded, and served by one process. */
function isAlone({ database, process }: Config): boolean {
  return database.url === undefined && process.processes === 1;
}

function describeDomains(domains: {
  tenancy: Tenancy;
  identity: Identity;
  graph: Graph;
  content: Content;
  feed: { bindings: DomainBindings };
}): Domain[] {
  const { tenancy, identity, graph, content, feed } = domains;
  const domain = (name: string, description: string, { bindings }: { bindings: DomainBindings }): Domain => ({
    name,
    description,
    bindings,
  });
  return [
    domain('identity', 'Accounts, sessions and profiles', identity),
    domain('graph', 'Who follows and who blocks whom', graph),
    domain('content', 'Posts, hashtags and likes', content),
    domain('feed', 'The home feed, in order of time or ranked', feed),
    domain('tenancy', 'Your app: its keys, settings and usage', tenancy),
  ];
}
