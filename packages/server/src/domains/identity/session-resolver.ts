import type { Bus } from '../../platform/bus/index.js';
import { type Cache, createBatchLoader, createCache } from '../../platform/cache/index.js';
import type { SystemHandle } from '../../platform/db/index.js';
import type { Plan, Tenant, Viewer } from '../../platform/operation/index.js';
import type { Logger, Metrics } from '../../platform/telemetry/index.js';
import { PrincipalChanges, slotOf } from './principals/principal-changes.js';
import { RevocationWatch } from './revocation-watch.js';
import { sessionsByToken } from './session-queries.js';
import { hashSessionToken } from './session-token.js';
import { COARSE_MS, type SessionUsage } from './session-usage.js';

/** Wakes the processes; what was revoked they read from the database. */
const TOPIC = 'session.revoked';
const MAX_BATCH = 500;
const MAX_WAITING = 10_000;
/** The usual deadline of a request (I9). */
const MAX_WAIT_MS = 1_800;

export interface ResolvedSession {
  readonly tenant: Tenant;
  readonly viewer: Viewer;
  readonly expiresAt: string;
}

export interface SessionResolverOptions {
  readonly lookup: Pick<SystemHandle, 'row' | 'rows'>;
  readonly bus: Pick<Bus, 'publish' | 'subscribe'>;
  readonly metrics: Pick<Metrics, 'cache' | 'watchCache'>;
  readonly log: Pick<Logger, 'warn' | 'info'>;
  readonly cacheSize: number;
  readonly cacheTtlMs: number;
  readonly usage: Pick<SessionUsage, 'note'>;
}

export interface SessionResolver {
  /**
   * Whose session a bearer token is; null for one that is unknown, expired or revoked. Answered from memory
   * while the process has looked for revocations within the last 900 ms, otherwise by the database; when that
   * fails the error is passed on, never an old answer (C1, I12).
   */
  resolve(token: string): Promise<ResolvedSession | null>;
  /** To be called after the commit of a revocation. */
  onRevoked(tokenHashes: readonly Buffer[]): void;
  /** To be called after the commit of a change of a subject; see note-principal-change.ts. */
  onPrincipalChanged(id: string): void;
  /** For others who keep what is known of users: see `Lease`. */
  readonly lease: Lease;
  /** Begins to look for revocations in the background. */
  start(): void;
  close(): Promise<void>;
}

/** What memory may be believed by (I12). */
export interface Lease {
  /**
   * Looks for changes if the last look is too old; rejects when it cannot. False when memory must not be believed all
   * the same, for the database answers too slowly.
   */
  renew(): Promise<boolean>;
  /** Whether memory may be believed, without a promise. */
  readonly held: boolean;
  readonly changes: PrincipalChanges;
}

interface LoadedSession extends ResolvedSession {
  readonly expiresAtMs: number;
  /** Known or noted here; on the clock of `Date.now()`. */
  lastUsedAtMs: number;
}

interface CachedSession extends LoadedSession {
  /** Of `PrincipalChanges`, before it was loaded. */
  readonly moment: number;
  readonly tenantSlot: number;
  readonly userSlot: number;
}

export function createSessionResolver(options: SessionResolverOptions): SessionResolver {
  const { lookup, bus, log, usage } = options;
  const cache: Cache<CachedSession | null> = createCache({
    name: 'sessions',
    maxEntries: options.cacheSize,
    ttlMs: options.cacheTtlMs,
    // Guessed tokens must not drive real sessions out.
    keep: (session) => session !== null,
    metrics: options.metrics,
  });
  const forget = (tokenHashes: readonly Buffer[]) => {
    for (const hash of tokenHashes) cache.invalidate(keyOf(hash));
  };
  const changes = new PrincipalChanges();
  const holds = ({ moment, tenantSlot, userSlot }: CachedSession) => changes.unchanged(moment, tenantSlot, userSlot);
  const acceptable = (session: CachedSession | null) => session === null || holds(session);
  let failing = false;
  const watch = new RevocationWatch({
    lookup,
    onRevoked: forget,
    onChanged: (ids) => changes.note(ids),
    onGap: () => cache.clear(),
    onError: (err) => {
      if (!failing) log.warn({ err }, 'revoked sessions cannot be read: sessions are not answered from memory');
      failing = true;
    },
    onRead: () => {
      if (failing) log.info('revoked sessions are read again');
      failing = false;
    },
  });
  const unsubscribe = bus.subscribe(TOPIC, () => watch.wake(), { onGap: () => watch.wake() });
  const load = createBatchLoader<string, LoadedSession>({
    maxBatch: MAX_BATCH,
    maxWaiting: MAX_WAITING,
    maxWaitMs: MAX_WAIT_MS,
    load: (keys) => readSessions(lookup, keys),
  });

  async function read(key: string): Promise<CachedSession | null> {
    const { moment } = changes;
    const session = await load(key);
    if (session === undefined) return null;
    const { tenant, viewer } = session;
    return { ...session, moment, tenantSlot: slotOf(tenant.id), userSlot: slotOf(viewer.userId) };
  }

  /** What is kept, or is being loaded by another caller, unless the user has changed since. */
  async function recall(key: string): Promise<CachedSession | null> {
    const session = await cache.get(key, () => read(key));
    if (session === null || holds(session)) return session;
    cache.invalidate(key);
    return await read(key);
  }

  const renew = async () => {
    if (!watch.trusted) await watch.refresh();
    return watch.trusted;
  };

  return {
    async resolve(token) {
      const key = hashSessionToken(token);
      if (key === null) return null;
      if (!watch.trusted) await watch.refresh();
      // A database so slow that its answer is old on arrival: this session is read on its own.
      const session = watch.trusted ? (cache.peek(key, acceptable) ?? (await recall(key))) : await read(key);
      const now = Date.now();
      if (session === null || session.expiresAtMs <= now) return null;
      const { sessionId } = session.viewer;
      if (sessionId !== null && now - session.lastUsedAtMs > COARSE_MS) {
        session.lastUsedAtMs = now;
        usage.note({ tenantId: session.tenant.id, sessionId });
      }
      return session;
    },
    onPrincipalChanged(id) {
      changes.note([id]);
      bus.publish(TOPIC);
    },
    lease: {
      renew,
      get held() {
        return watch.trusted;
      },
      changes,
    },
    onRevoked(tokenHashes) {
      forget(tokenHashes);
      bus.publish(TOPIC);
    },
    start: () => watch.start(),
    async close() {
      unsubscribe();
      await watch.close();
      cache.close();
    },
  };
}

/** Hashes as keys of the cache: what `hashSessionToken` makes. */
const keyOf = (tokenHash: Buffer) => tokenHash.toString('base64');

async function readSessions(
  lookup: Pick<SystemHandle, 'rows'>,
  keys: readonly string[],
): Promise<Map<string, LoadedSession>> {
  const rows = await lookup.rows(sessionsByToken, { tokenHashes: keys.map((key) => Buffer.from(key, 'base64')) });
  return new Map(
    rows.map(({ tokenHash, tenantId, plan, userId, role, sessionId, expiresAt, lastUsedAt }) => [
      keyOf(tokenHash),
      {
        // The column admits the plans only.
        tenant: { id: tenantId, plan: plan as Plan },
        viewer: { userId, sessionId, role },
        expiresAt,
        expiresAtMs: Date.parse(expiresAt),
        lastUsedAtMs: Date.parse(lastUsedAt),
      },
    ]),
  );
}
