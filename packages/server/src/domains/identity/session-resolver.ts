import type { Bus } from '../../platform/bus/index.js';
import { type Cache, createBatchLoader, createCache } from '../../platform/cache/index.js';
import type { SystemHandle } from '../../platform/db/index.js';
import type { Plan, Tenant, Viewer } from '../../platform/operation/index.js';
import type { Logger, Metrics } from '../../platform/telemetry/index.js';
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
  /** Begins to look for revocations in the background. */
  start(): void;
  close(): Promise<void>;
}

interface CachedSession extends ResolvedSession {
  readonly expiresAtMs: number;
  /** Known or noted here; on the clock of `Date.now()`. */
  lastUsedAtMs: number;
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
  let failing = false;
  const watch = new RevocationWatch({
    lookup,
    onRevoked: forget,
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
  const load = createBatchLoader<string, CachedSession>({
    maxBatch: MAX_BATCH,
    maxWaiting: MAX_WAITING,
    maxWaitMs: MAX_WAIT_MS,
    load: (keys) => readSessions(lookup, keys),
  });

  return {
    async resolve(token) {
      const key = hashSessionToken(token);
      if (key === null) return null;
      if (!watch.trusted) await watch.refresh();
      const read = async () => (await load(key)) ?? null;
      // A database so slow that its answer is old on arrival: this session is read on its own.
      const session = watch.trusted ? (cache.peek(key) ?? (await cache.get(key, read))) : await read();
      const now = Date.now();
      if (session === null || session.expiresAtMs <= now) return null;
      if (now - session.lastUsedAtMs > COARSE_MS) {
        session.lastUsedAtMs = now;
        usage.note({ tenantId: session.tenant.id, sessionId: session.viewer.sessionId });
      }
      return session;
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
): Promise<Map<string, CachedSession>> {
  const rows = await lookup.rows(sessionsByToken, { tokenHashes: keys.map((key) => Buffer.from(key, 'base64')) });
  return new Map(
    rows.map(({ tokenHash, tenantId, plan, userId, sessionId, expiresAt, lastUsedAt }) => [
      keyOf(tokenHash),
      {
        // The column admits the plans only.
        tenant: { id: tenantId, plan: plan as Plan },
        viewer: { userId, sessionId },
        expiresAt,
        expiresAtMs: Date.parse(expiresAt),
        lastUsedAtMs: Date.parse(lastUsedAt),
      },
    ]),
  );
}
