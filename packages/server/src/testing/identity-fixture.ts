import {
  createIdentity,
  type Identity,
  identitySettings,
  type User,
  type Visibility,
} from '../domains/identity/index.js';
import { createTenancy, type Tenancy } from '../domains/tenancy/index.js';
import type { Bus } from '../platform/bus/index.js';
import { createSealer } from '../platform/crypto/index.js';
import { createCursors } from '../platform/cursor/index.js';
import type { Database, DatabaseOptions, DomainEvent } from '../platform/db/index.js';
import { createIdempotencyStore } from '../platform/idempotency/index.js';
import {
  type BoundOperation,
  type Call,
  createExecutor,
  type Outcome,
  type Principal,
  type Tenant,
} from '../platform/operation/index.js';
import { createLocalWrites } from '../platform/page-cache/index.js';
import { createPasswordHasher, type PasswordHasherOptions } from '../platform/password/index.js';
import { createMetrics, createSilentLogger, type Metrics } from '../platform/telemetry/index.js';
import { makeDatabase } from './open-database.js';
import type { TestDatabase } from './test-database.js';

const SECRET = 'a secret key of tests, long enough';

/** A bus of one process. */
export function createLocalBus(): Pick<Bus, 'publish' | 'subscribe'> {
  const handlers = new Map<string, Set<(payload: string | undefined) => void>>();
  return {
    publish: (topic, payload) => {
      for (const handler of handlers.get(topic) ?? []) handler(payload);
    },
    subscribe: (topic, handler) => {
      const set = handlers.get(topic) ?? new Set();
      handlers.set(topic, set.add(handler));
      return () => void set.delete(handler);
    },
  };
}

/** Hears nothing: what a process learns without a bus it learns by looking. */
const deafBus: Pick<Bus, 'publish' | 'subscribe'> = { publish: () => {}, subscribe: () => () => {} };

export interface NodeOptions {
  readonly bus?: Pick<Bus, 'publish' | 'subscribe'>;
  readonly visibility?: Partial<Visibility>;
  readonly sessionTtlMs?: number;
  readonly sessionCacheSize?: number;
  /** Of hashing, where its cost or its queue is the subject. */
  readonly passwords?: Partial<PasswordHasherOptions>;
  readonly database?: Partial<DatabaseOptions>;
}

/** The part of one process that knows who calls, on a database that others share. */
export interface IdentityNode {
  readonly database: Database;
  readonly identity: Identity;
  readonly tenancy: Tenancy;
  readonly metrics: Metrics;
  readonly events: DomainEvent[];
  /** What the password hasher has done. */
  readonly hashes: string[];
  /** Names of the statements since the last call of this. */
  statements(): string[];
  /** Calls an operation as a transport does. Without a principal: a visitor of the default tenant. */
  call<T = never>(name: string, input?: object, options?: CallOptions): Promise<T>;
  execute(name: string, input?: object, options?: CallOptions): Promise<Outcome>;
  close(): Promise<void>;
}

export interface CallOptions {
  /** Bearer token of a session. */
  readonly as?: string;
  readonly principal?: Partial<Principal>;
  readonly idempotencyKey?: string;
  readonly userAgent?: string;
  readonly signal?: AbortSignal;
}

export async function openIdentityNode(
  testDatabase: Pick<TestDatabase, 'appUrl' | 'systemUrl'>,
  options: NodeOptions = {},
): Promise<IdentityNode> {
  const metrics = createMetrics();
  const log = createSilentLogger();
  const events: DomainEvent[] = [];
  const hashes: string[] = [];
  let names: string[] = [];
  const database = makeDatabase(testDatabase, {
    observe: ({ query }) => void names.push(query),
    storeEvents: async (_tx, stored) => void events.push(...stored),
    ...options.database,
  });
  await database.open();
  const cursors = createCursors(SECRET);
  const tenancy = createTenancy({
    database,
    lookup: database.lookup,
    system: database.system,
    cursors,
    metrics,
    settings: [identitySettings],
    onError: (error) => {
      throw error;
    },
  });
  const identity = createIdentity({
    tenantSettings: tenancy.settings,
    lookup: database.lookup,
    // Cheap: what it costs to guess is the subject of platform/password.
    passwords: createPasswordHasher({
      concurrency: 4,
      maxWaiting: 100,
      parameters: { memoryKib: 8, passes: 1, lanes: 1 },
      observe: ({ action }) => void hashes.push(action),
      ...options.passwords,
    }),
    cursors,
    bus: options.bus ?? deafBus,
    visibility: {
      hiddenUsers: async () => new Set(),
      profileRelations: async () => new Map(),
      ...options.visibility,
    },
    sealer: createSealer(SECRET),
    transaction: (tenantId, work, limits) => database.transaction(tenantId, work, limits),
    system: database.system,
    personalData: [],
    metrics,
    log,
    settings: {
      tokenMaxTtlMs: 86_400_000,
      sessionTtlMs: options.sessionTtlMs ?? 86_400_000,
      sessionCacheSize: options.sessionCacheSize ?? 1_000,
      sessionCacheTtlMs: 3_600_000,
      userCacheBytes: 1024 ** 2,
      signInFailures: 20,
      mailRequests: 5,
    },
  });
  const tenant: Tenant = await tenancy.ensureDefaultTenant('free');
  const operations = new Map<string, BoundOperation>();
  for (const { bindings } of [identity, tenancy]) {
    for (const { operation } of bindings.rest) operations.set(operation.name, operation);
  }
  const run = createExecutor({
    database,
    idempotency: createIdempotencyStore(SECRET),
    ownWrites: createLocalWrites(),
  });

  const principalOf = async ({ as, principal }: CallOptions): Promise<Principal> => {
    const visitor: Principal = { tenant, viewer: null, secret: false, keyId: null, keyScopes: null };
    if (as === undefined) return { ...visitor, ...principal };
    const session = await identity.resolveSession(as);
    if (session === null) throw new Error('the session has ended');
    return { ...visitor, tenant: session.tenant, viewer: session.viewer, ...principal };
  };
  const execute: IdentityNode['execute'] = async (name, input = {}, callOptions = {}) => {
    const operation = operations.get(name);
    if (operation === undefined) throw new Error(`no operation ${name}`);
    const call: Call = {
      principal: await principalOf(callOptions),
      correlationId: 'test',
      remoteAddress: '127.0.0.1',
      userAgent: callOptions.userAgent ?? 'vitest',
      log,
      signal: callOptions.signal ?? new AbortController().signal,
      deadlineAt: performance.now() + 10_000,
      idempotencyKey: callOptions.idempotencyKey ?? null,
    };
    return await run(operation, call, input);
  };
  return {
    database,
    identity,
    tenancy,
    metrics,
    events,
    hashes,
    statements() {
      const seen = names;
      names = [];
      return seen;
    },
    execute,
    call: async (name, input, callOptions) => (await execute(name, input, callOptions)).output as never,
    async close() {
      await identity.close();
      await tenancy.close();
      await database.close();
      metrics.close();
    },
  };
}

let made = 0;

/** Signs up somebody new. */
export async function newAccount(node: IdentityNode) {
  made += 1;
  const input = { handle: `somebody_${made}`, email: `somebody${made}@example.com`, password: 'correct horse' };
  const { user, token } = await node.call<{ user: User; token: string }>('signUp', input);
  return { input, user, token };
}

/** Signs in once more; answers with the token. */
export async function signIn(node: IdentityNode, { input }: Pick<Awaited<ReturnType<typeof newAccount>>, 'input'>) {
  const { handle: login, password } = input;
  return (await node.call<{ token: string }>('signIn', { login, password })).token;
}

/** Asks again until the session is refused; throws when it is still good after so many ms. */
export async function whenRefused(node: IdentityNode, token: string, withinMs: number): Promise<void> {
  const startedAt = performance.now();
  while ((await node.identity.resolveSession(token)) !== null) {
    if (performance.now() - startedAt > withinMs) throw new Error(`still accepted after ${withinMs} ms`);
    await new Promise(setImmediate);
  }
}
