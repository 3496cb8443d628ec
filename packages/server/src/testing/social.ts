import { Client, type QueryResultRow } from 'pg';
import { type Content, type ContentDeps, createContent, createPostStore } from '../domains/content/index.js';
import { createGraph, type Graph } from '../domains/graph/index.js';
import { createIdentity, type Identity } from '../domains/identity/index.js';
import { createSealer } from '../platform/crypto/index.js';
import { createCursors } from '../platform/cursor/index.js';
import type { Database, DatabaseOptions } from '../platform/db/index.js';
import { createIdempotencyStore } from '../platform/idempotency/index.js';
import { newId } from '../platform/ids/index.js';
import {
  type Call,
  createExecutor,
  type EdgeLoader,
  PreparedJson,
  readScope,
  type Scope,
} from '../platform/operation/index.js';
import { storeEvents } from '../platform/outbox/index.js';
import { createLocalWrites } from '../platform/page-cache/index.js';
import { createPasswordHasher } from '../platform/password/index.js';
import { createMetrics } from '../platform/telemetry/index.js';
import { makeDatabase } from './open-database.js';
import { createTestDatabase } from './test-database.js';

/** Identity, graph and content on a database of the test's own, called as a transport calls them. */
export interface Social {
  readonly database: Database;
  readonly tenantId: string;
  readonly identity: Identity;
  readonly graph: Graph;
  readonly content: Content;
  /** Names of the statements sent so far; to be emptied by the test that counts them. */
  readonly statements: string[];
  /** New users; their handles are `<prefix>0`, `<prefix>1` ... */
  addUsers(count: number, prefix?: string): Promise<string[]>;
  /** Runs an operation by its name as a user, or as nobody. */
  run<T = Record<string, unknown>>(viewerId: string | null, operation: string, input?: object): Promise<T>;
  /** As the backend of the tenant, with its secret key. */
  runAsBackend<T = Record<string, unknown>>(operation: string, input?: object): Promise<T>;
  edge(viewerId: string | null, type: string, field: string, parents: object[], args?: object): Promise<unknown[]>;
  scope(viewerId: string | null): Scope;
  /** As superuser, to look and to prepare. */
  sql<R extends QueryResultRow>(text: string, values?: unknown[]): Promise<R[]>;
  /** As `nova_app` inside the tenant, with its plans. */
  explain(text: string, values: unknown[]): Promise<string>;
  close(): Promise<void>;
}

const SECRET = 'a secret of the tests only';
const silent = { info: () => {}, warn: () => {}, error: () => {}, debug: () => {} };

export async function createSocial(
  options: Partial<DatabaseOptions> = {},
  settings: ContentDeps['settings'] = { editWindowMs: 0 },
): Promise<Social> {
  const testDatabase = await createTestDatabase();
  const statements: string[] = [];
  const database = makeDatabase(testDatabase, {
    storeEvents,
    writerConnections: 8,
    queryTimeoutMs: 20_000,
    acquireTimeoutMs: 10_000,
    saturation: 1,
    observe: ({ query }) => void statements.push(query),
    ...options,
  });
  const superuser = new Client({ connectionString: testDatabase.superuserUrl, options: '-c search_path=nova' });
  const app = new Client({ connectionString: testDatabase.appUrl });
  await Promise.all([database.open(), superuser.connect(), app.connect()]);

  const tenantId = newId();
  await superuser.query(`insert into tenants (tenant_id, name, plan) values ($1, 'test', 'free')`, [tenantId]);

  const cursors = createCursors(SECRET);
  const identity: Identity = createIdentity({
    cursors,
    visibility: {
      hiddenUsers: (scope, ids) => graph.hiddenUsers(scope, ids),
      profileRelations: (scope, ids) => graph.profileRelations(scope, ids),
    },
    // As by default.
    tenantSettings: {
      of: async (_tenantId, { settings }) =>
        Object.fromEntries(Object.entries(settings).map(([name, setting]) => [name, setting.default])) as never,
    },
    passwords: createPasswordHasher({ concurrency: 1, maxWaiting: 1 }),
    lookup: database.system,
    sealer: createSealer(SECRET),
    transaction: (tenantId, work, limits) => database.transaction(tenantId, work, limits),
    system: database.system,
    personalData: [],
    settings: {
      tokenMaxTtlMs: 86_400_000,
      sessionTtlMs: 1_000,
      sessionCacheSize: 1,
      sessionCacheTtlMs: 1,
      userCacheBytes: 1024 ** 2,
      signInFailures: 20,
      mailRequests: 5,
    },
    // Sessions are not looked up here: who calls is said by the test.
    bus: { publish: () => {}, subscribe: () => () => {} } as never,
    metrics: createMetrics(),
    log: silent,
  });
  const graph = createGraph({
    cursors,
    identity,
    lookup: database.system,
    bus: { publish: () => {}, subscribe: () => () => {} },
    metrics: createMetrics(),
    log: silent,
    // Statements are what these tests look at: the database is asked each time.
    maxBytes: 0,
    alone: true,
  });
  const posts = createPostStore({ metrics: createMetrics(), maxBytes: 16 * 1024 ** 2 });
  const content = createContent({ cursors, identity, graph, posts, settings });
  const bindings = [identity, graph, content].map((domain) => domain.bindings);
  const operations = new Map(
    bindings.flatMap(({ rest }) => rest).map(({ operation }) => [operation.name, operation] as const),
  );
  const execute = createExecutor({
    database,
    idempotency: createIdempotencyStore(SECRET),
    ownWrites: createLocalWrites(),
  });

  const callOf = (viewerId: string | null, secret = false): Call => ({
    principal: {
      tenant: { id: tenantId, plan: 'free' },
      viewer: viewerId === null ? null : { userId: viewerId, sessionId: newId(), role: 'member' },
      secret,
      keyId: null,
      keyScopes: null,
    },
    correlationId: 'test',
    remoteAddress: '127.0.0.1',
    userAgent: 'test',
    log: silent as never,
    signal: new AbortController().signal,
    deadlineAt: Number.POSITIVE_INFINITY,
    idempotencyKey: null,
  });

  async function perform<T>(call: Call, name: string, input: object): Promise<T> {
    const operation = operations.get(name);
    if (operation === undefined) throw new Error(`no operation ${name}`);
    const { output } = await execute(operation, call, input);
    return (output instanceof PreparedJson ? output.value : output) as T;
  }

  const social: Social = {
    database,
    tenantId,
    identity,
    graph,
    content,
    statements,
    async addUsers(count, prefix = `u${newId().slice(-6)}_`) {
      const users = Array.from({ length: count }, (_, index) => ({
        id: newId(),
        handle: `${prefix}${index}`,
        displayName: `${prefix}${index}`,
        bio: '',
        email: null,
        passwordHash: null,
        createdAt: '2026-01-01T00:00:00Z',
      }));
      await database.transaction(tenantId, (tx) => identity.insertUsers(tx, users));
      return users.map((user) => user.id);
    },
    run: <T>(viewerId: string | null, name: string, input: object = {}) => perform<T>(callOf(viewerId), name, input),
    runAsBackend: <T>(name: string, input: object = {}) => perform<T>(callOf(null, true), name, input),
    async edge(viewerId, type, field, parents, args = {}) {
      const loaders: (EdgeLoader | undefined)[] = bindings.map(({ graphql }) => graphql.edges[type]?.[field]);
      const loader = loaders.find((found) => found !== undefined);
      if (loader === undefined) throw new Error(`no edge ${type}.${field}`);
      return [
        ...(await loader(
          social.scope(viewerId),
          parents as Record<string, unknown>[],
          args as Record<string, unknown>,
        )),
      ];
    },
    scope: (viewerId) => readScope(database, callOf(viewerId)),
    async sql<R extends QueryResultRow>(text: string, values: unknown[] = []) {
      return (await superuser.query<R>(text, values)).rows;
    },
    async explain(text, values) {
      await app.query('begin');
      try {
        await app.query(`select set_config('nova.tenant_id', $1, true)`, [tenantId]);
        const { rows } = await app.query<{ 'QUERY PLAN': string }>(`explain (analyze, buffers off) ${text}`, values);
        return rows.map((row) => row['QUERY PLAN']).join('\n');
      } finally {
        await app.query('rollback');
      }
    },
    async close() {
      await Promise.all([identity.close(), database.close(), superuser.end(), app.end()]);
      await testDatabase.drop();
    },
  };
  return social;
}
