import { createCache } from '../../platform/cache/index.js';
import type { Position } from '../../platform/cursor/index.js';
import type { Database, ReadHandle } from '../../platform/db/index.js';
import type { Scope } from '../../platform/operation/index.js';
import type { Metrics } from '../../platform/telemetry/index.js';
import { feedErrors } from './errors.js';
import type { Feed } from './feeds.js';
import {
  MAX_SNAPSHOT,
  OPEN_WITHIN_MS,
  SESSION_KEPT_MS,
  SESSION_KNOWN_MS,
  SESSION_SPARED_MS,
  SESSIONS_PER_VIEWER,
} from './limits.js';
import { openSession, sessionSlice } from './queries/sessions.js';
import { packReasons, type Reason, unpackReasons } from './reasons.js';
import type { Snapshot } from './snapshot.js';

/** Whose session it is. */
export interface SessionKey {
  readonly viewerId: string;
  readonly sessionId: string;
}

/** A part of a snapshot. */
export interface Slice {
  readonly ids: readonly string[];
  /** Of the ids; null where the feed itself says it. */
  readonly reasons: readonly Reason[] | null;
  /** Ids of the whole snapshot. */
  readonly size: number;
  readonly horizon: Position | null;
}

/** Snapshots of feeds, kept in PostgreSQL for half an hour (I15). */
export interface FeedSessions {
  /** Stores a session, if this process has not done so just now; one write for all who ask meanwhile. */
  open(scope: Pick<Scope, 'tenant'>, key: SessionKey, feed: Feed, snapshot: Snapshot): Promise<void>;
  /** Throws `cursor_expired` for one that is not there any more. */
  slice(scope: Pick<Scope, 'tenant' | 'db'>, key: SessionKey, offset: number, count: number): Promise<Slice>;
  /** This process is to store the session again. */
  forget(scope: Pick<Scope, 'tenant'>, key: SessionKey): void;
  close(): void;
}

export interface FeedSessionsDeps {
  readonly transaction: Database['transaction'];
  readonly metrics: Pick<Metrics, 'cache' | 'watchCache'>;
  /** Of what this process knows to be stored; 0 stores each session again. */
  readonly knownBytes: number;
}

/** Met by nobody before the bytes are. */
const MAX_KNOWN = 1_000_000;

/**
 * The one write that reading causes, on a connection of its own like any other: operations see `open` and no handle.
 */
export function createFeedSessions({ transaction, metrics, knownBytes }: FeedSessionsDeps): FeedSessions {
  const known = createCache<true>({
    name: 'feed-sessions',
    maxEntries: MAX_KNOWN,
    maxBytes: knownBytes,
    ttlMs: SESSION_KNOWN_MS,
    metrics,
  });
  const nameOf = (tenantId: string, { viewerId, sessionId }: SessionKey) => `${tenantId}/${viewerId}/${sessionId}`;

  async function store(tenantId: string, key: SessionKey, feed: Feed, snapshot: Snapshot): Promise<true> {
    const { ids, ranked, horizon } = snapshot;
    await transaction(
      tenantId,
      (tx) =>
        tx.run(openSession, {
          ...key,
          hashtag: feed.kind === 'hashtag' ? feed.hashtag : null,
          postIds: ids,
          reasons: ranked === null ? null : packReasons(ranked),
          horizonAt: horizon?.key ?? null,
          horizonId: horizon?.id ?? null,
          others: SESSIONS_PER_VIEWER - 1,
          sparedMs: SESSION_SPARED_MS,
        }),
      { timeoutMs: OPEN_WITHIN_MS },
    );
    return true;
  }

  const sessions: FeedSessions = {
    async open({ tenant }, key, feed, snapshot) {
      await known.get(nameOf(tenant.id, key), () => store(tenant.id, key, feed, snapshot));
    },
    async slice(scope, key, offset, count) {
      const row = await readSlice(scope.db, key, offset, count);
      if (row !== undefined) return row;
      sessions.forget(scope, key);
      throw feedErrors.cursor_expired();
    },
    forget: ({ tenant }, key) => known.invalidate(nameOf(tenant.id, key)),
    close: () => known.close(),
  };
  return sessions;
}

async function readSlice(db: ReadHandle, key: SessionKey, offset: number, count: number): Promise<Slice | undefined> {
  const row = await db.row(sessionSlice, { ...key, offset, count, keptMs: SESSION_KEPT_MS });
  if (row === undefined) return undefined;
  const { ids, size, reasons, horizonAt, horizonId } = row;
  return {
    ids,
    size,
    reasons: reasons === null ? null : unpackReasons(reasons),
    horizon: horizonAt === null || horizonId === null ? null : { key: horizonAt, id: horizonId },
  };
}

/** All ids of a session. */
export async function idsOf(
  sessions: Pick<FeedSessions, 'slice'>,
  scope: Pick<Scope, 'tenant' | 'db'>,
  key: SessionKey,
): Promise<ReadonlySet<string>> {
  return new Set((await sessions.slice(scope, key, 0, MAX_SNAPSHOT)).ids);
}
