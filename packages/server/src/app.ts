import { createAuthenticate } from './authenticate.js';
import type { Config } from './config/index.js';
import {
  type Content,
  contentConsumers,
  contentErrors,
  contentQueries,
  createContent,
  createPostStore,
  createPreviewer,
  createPublisher,
  purgeDeletedPosts,
  purgePreviews,
  repairHashtagUsage,
  repairLikeCounts,
  repairPolls,
  sampleLikeDrift,
  samplePollDrift,
} from './domains/content/index.js';
import { createFeed, feedQueries } from './domains/feed/index.js';
import {
  createGraph,
  type Graph,
  graphConsumers,
  graphErrors,
  graphQueries,
  mostFollowed,
  purgeMutes,
  purgeRelationChanges,
  repairGraphCounts,
  repairListCounts,
  sampleGraphDrift,
  sampleListDrift,
} from './domains/graph/index.js';
import {
  createIdentity,
  type Identity,
  identityErrors,
  identityQueries,
  purgeEndedSessions,
  purgeRevocations,
} from './domains/identity/index.js';
import {
  type CreatedTenant,
  createTenancy,
  createTenant,
  DEFAULT_TENANT_ID,
  type IssuedKey,
  issueKey,
  type Tenancy,
  tenancyErrors,
  tenancyQueries,
} from './domains/tenancy/index.js';
import type { Community } from './imports/index.js';
import { PostgresBus } from './platform/bus/index.js';
import { createCursors } from './platform/cursor/index.js';
import { type Database, databaseQueries, type Query, type SystemHandle } from './platform/db/index.js';
import { type ErrorCatalogue, mergeCatalogues, platformErrors } from './platform/errors/index.js';
import { createIdempotencyStore, idempotencyQueries } from './platform/idempotency/index.js';
import {
  createMaintenance,
  type Maintenance,
  type MaintenanceJob,
  maintenanceQueries,
} from './platform/maintenance/index.js';
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
import {
  Backlog,
  type Consumers,
  createConsumers,
  OUTBOX_TOPIC,
  outboxQueries,
  purgeOutbox,
} from './platform/outbox/index.js';
import {
  createLocalWrites,
  createPageCache,
  createSharedWrites,
  pageCacheQueries,
} from './platform/page-cache/index.js';
import { createPasswordHasher } from './platform/password/index.js';
import type { Logger, Metrics, Tracing } from './platform/telemetry/index.js';
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
  readonly issueKey: (tenantId: string, kind: 'publishable' | 'secret') => Promise<IssuedKey>;
  /** Members with the most followers: for a first look at a community. Reads the counts of all of them. */
  readonly mostFollowed: (tenantId: string, limit: number) => Promise<string[]>;
  /** Recompute what is kept beside its cause, by name. */
  readonly repairs: Readonly<Record<string, (signal: AbortSignal) => Promise<{ checked: number; repaired: number }>>>;
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

/** Every error that a caller may meet, by code. */
export function errorCatalogue(): ErrorCatalogue {
  return mergeCatalogues(
    [platformErrors, tenancyErrors, identityErrors, graphErrors, contentErrors].map((errors) => errors.catalogue),
  );
}

/** Every SQL statement of the product, by name. */
export function namedQueries(): readonly Query[] {
  const queries = [
    ...Object.values(databaseQueries),
    ...Object.values(idempotencyQueries),
    ...Object.values(maintenanceQueries),
    ...Object.values(outboxQueries),
    ...Object.values(pageCacheQueries),
    ...tenancyQueries,
    ...identityQueries,
    ...graphQueries,
    ...contentQueries,
    ...feedQueries,
  ] as Query[];
  const names = new Set<string>();
  for (const { name } of queries) {
    if (names.has(name)) throw new Error(`query ${name} is declared twice`);
    names.add(name);
  }
  return queries;
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

  const tenancy = createTenancy({ lookup: database.lookup, system: database.system, cursors, metrics });
  const identity = createIdentity({
    lookup: database.lookup,
    passwords,
    cursors,
    bus,
    // Identity lies below the graph, which says who may see whom.
    visibility: {
      hiddenUsers: (scope, ids) => graph.hiddenUsers(scope, ids),
      profileRelations: (scope, ids) => graph.profileRelations(scope, ids),
    },
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
  const feed = createFeed({ cursors, content, pages });

  const consumers = createConsumers({
    database,
    bus,
    metrics,
    log,
    backlog,
    consumers: [...graphConsumers, ...contentConsumers],
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
    }),
    scopeOf: (call) => readScope(database, call),
    authenticate: createAuthenticate({
      resolveSession: identity.resolveSession,
      resolveKey: tenancy.resolveKey,
      defaultTenant: config.tenancy.defaultTenant ? defaultTenant : null,
    }),
    consumers,
    maintenance,
    defaultTenant,
    createTenant: (input) => createTenant(database, input),
    issueKey: (tenantId, kind) => database.transaction(tenantId, (tx) => issueKey(tx, kind)),
    mostFollowed: (tenantId, limit) => mostFollowed(database.read(tenantId), limit),
    repairs: {
      follows: (signal) => repairGraphCounts(database, signal),
      lists: (signal) => repairListCounts(database, signal),
      likes: (signal) => repairLikeCounts(database, signal),
      hashtags: (signal) => repairHashtagUsage(database, signal),
      polls: (signal) => repairPolls(database, signal),
    },
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
      graph.start();
      consumers.start();
      maintenance.start();
      publisher.start();
      previewer.start();
    },
    async close() {
      await Promise.all([consumers.stop(), maintenance.stop(), publisher.stop(), previewer.stop()]);
      pages.close();
      posts.close();
      tenancy.close();
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

const HOUR_MS = 3_600_000;
/** Rows a run: a lock held for tens of milliseconds. What is left waits for the next run. */
const PURGE_ROWS = 5_000;

/** Rows whose stored counts are recomputed in a sample. */
const DRIFT_SAMPLE = 200;

function maintenanceJobs(metrics: Metrics): readonly MaintenanceJob[] {
  return [
    ...PURGES,
    {
      name: 'sample-counts',
      everyMs: HOUR_MS / 6,
      async run(system) {
        const inJob = { systemTransaction: <T>(work: (handle: SystemHandle) => Promise<T>) => work(system) };
        for (const [count, sample] of Object.entries({
          follows: sampleGraphDrift,
          lists: sampleListDrift,
          likes: sampleLikeDrift,
          polls: samplePollDrift,
        })) {
          const { sampled, drifting } = await sample(inJob, DRIFT_SAMPLE);
          metrics.recordCountDrift(count, sampled, drifting);
        }
      },
    },
  ];
}

const PURGES: readonly MaintenanceJob[] = [
  {
    name: 'purge-idempotency-keys',
    everyMs: HOUR_MS / 6,
    run: (system) => system.run(idempotencyQueries.purgeExpired, { limit: PURGE_ROWS }),
    batch: PURGE_ROWS,
  },
  {
    name: 'purge-sessions',
    everyMs: HOUR_MS / 6,
    run: (system) => system.run(purgeEndedSessions, { limit: PURGE_ROWS }),
    batch: PURGE_ROWS,
  },
  {
    name: 'purge-revocations',
    everyMs: HOUR_MS / 6,
    run: (system) => system.run(purgeRevocations, { limit: PURGE_ROWS }),
    batch: PURGE_ROWS,
  },
  {
    name: 'purge-posts',
    everyMs: HOUR_MS,
    run: (system) => system.run(purgeDeletedPosts, { limit: PURGE_ROWS }),
    batch: PURGE_ROWS,
  },
  {
    name: 'purge-relation-changes',
    everyMs: HOUR_MS / 6,
    run: (system) => system.run(purgeRelationChanges, { limit: PURGE_ROWS }),
    batch: PURGE_ROWS,
  },
  {
    name: 'purge-mutes',
    everyMs: HOUR_MS,
    run: (system) => system.run(purgeMutes, { limit: PURGE_ROWS }),
    batch: PURGE_ROWS,
  },
  {
    name: 'purge-link-previews',
    everyMs: HOUR_MS,
    run: (system) => system.run(purgePreviews, { limit: PURGE_ROWS }),
    batch: PURGE_ROWS,
  },
  { name: 'purge-outbox', everyMs: HOUR_MS / 12, run: (system) => purgeOutbox(system, PURGE_ROWS), batch: PURGE_ROWS },
];

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
    domain('feed', 'The home feed', feed),
    domain('tenancy', 'API keys of your app', tenancy),
  ];
}
