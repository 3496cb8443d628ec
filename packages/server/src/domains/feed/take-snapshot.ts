import type { ReadHandle, ValuesOf } from '../../platform/db/index.js';
import type { Scope } from '../../platform/operation/index.js';
import type { Feed } from './feeds.js';
import { MAX_FOLLOWED, MAX_POPULAR, MAX_SNAPSHOT, POPULAR_WINDOW_MS } from './limits.js';
import { hashtagSkeleton } from './queries/hashtags.js';
import { followedCandidates, homeSkeleton } from './queries/home.js';
import { popularCandidates } from './queries/popular.js';
import type { SourceName } from './schema.js';
import { type Candidate, type CandidateSource, rankCandidates } from './score.js';
import type { Snapshot } from './snapshot.js';

export interface SnapshotDeps {
  /** Reads that give up early, in the tenant of the call. */
  readonly sourceHandle: (scope: Scope) => ReadHandle;
  /** Told of each source that was left out. */
  readonly onMissing: (source: SourceName) => void;
}

/** Which posts a feed holds at this moment, and in which order: one round trip. */
export async function takeSnapshot(deps: SnapshotDeps, scope: Scope, viewerId: string, feed: Feed): Promise<Snapshot> {
  const limit = MAX_SNAPSHOT + 1;
  switch (feed.kind) {
    case 'following':
      return chronological(await scope.db.row(homeSkeleton, { viewerId, limit }));
    case 'hashtag':
      return chronological(await scope.db.row(hashtagSkeleton, { hashtag: feed.hashtag, limit }));
    case 'ranked':
      return await gather(deps, scope, viewerId);
  }
}

function chronological(row: ValuesOf<(typeof homeSkeleton)['row']> | undefined): Snapshot {
  const { ids = [], horizonAt = null } = row ?? {};
  const lastId = ids[MAX_SNAPSHOT - 1];
  const horizon = horizonAt === null || lastId === undefined ? null : { key: horizonAt, id: lastId };
  return { ids: ids.slice(0, MAX_SNAPSHOT), ranked: null, horizon, missing: [] };
}

/** Later than all ids. */
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * All sources at once, each with its own deadline (B3, R5): one that fails is left out, all of them are an error. The
 * feed goes on beyond its snapshot with followees alone; when they were left out, with all that they have written.
 */
async function gather(deps: SnapshotDeps, scope: Scope, viewerId: string): Promise<Snapshot> {
  const db = deps.sourceHandle(scope);
  const now = new Date();
  // In this order: an answer does not wait for that of a slow one before it on the same socket.
  const [followed, popular] = await Promise.allSettled([
    db.row(followedCandidates, { viewerId, limit: MAX_FOLLOWED + 1 }),
    db.row(popularCandidates, { viewerId, windowMs: POPULAR_WINDOW_MS, limit: MAX_POPULAR }),
  ]);
  if (followed.status === 'rejected' && popular.status === 'rejected') throw followed.reason;
  const missing: SourceName[] = [];
  const candidatesOf = (
    name: SourceName,
    outcome: typeof followed,
    sourceOf: (authorId: string) => CandidateSource,
  ) => {
    if (outcome.status === 'fulfilled') return candidatesIn(outcome.value, sourceOf);
    missing.push(name);
    scope.log.warn({ err: outcome.reason, source: name }, 'a source of the feed is left out');
    deps.onMissing(name);
    return [];
  };
  const byFollowees = candidatesOf('followed', followed, (id) => (id === viewerId ? 'own' : 'followee'));
  const byOthers = candidatesOf('popular', popular, () => 'popular');
  const oldest = byFollowees[MAX_FOLLOWED - 1];
  const ranked = rankCandidates([...byFollowees.slice(0, MAX_FOLLOWED), ...byOthers], now.getTime());
  const horizon =
    followed.status === 'rejected'
      ? { key: now.toISOString(), id: LAST_ID }
      : byFollowees.length > MAX_FOLLOWED && oldest !== undefined
        ? { key: oldest.createdAt, id: oldest.id }
        : null;
  return { ids: ranked.map(({ id }) => id), ranked, horizon, missing };
}

function candidatesIn(
  row: ValuesOf<(typeof popularCandidates)['row']> | undefined,
  sourceOf: (authorId: string) => CandidateSource,
): Candidate[] {
  if (row === undefined) return [];
  return row.ids.map((id, index) => {
    const authorId = row.authorIds[index] ?? '';
    return {
      id,
      authorId,
      createdAt: row.createdAts[index] ?? '',
      likeCount: row.likeCounts[index] ?? 0,
      source: sourceOf(authorId),
    };
  });
}
