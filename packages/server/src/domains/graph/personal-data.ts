import type { ReadHandle, WriteHandle } from '../../platform/db/index.js';
import type { PersonalData, ReadSection } from '../../platform/personal-data/index.js';
import { changeCounts, type Pair } from './change-counts.js';
import { blockRemoved, followRemoved, requestWithdrawn } from './events.js';
import {
  eraseBlocks,
  eraseCounts,
  eraseFollows,
  eraseListMembers,
  eraseLists,
  eraseMutes,
  eraseRelationChanges,
  eraseRequests,
  exportBlocks,
  exportFollowers,
  exportFollowing,
  exportListMembers,
  exportLists,
  exportMutes,
  exportRequests,
  followsToErase,
  lockPairsToErase,
  requestsToErase,
} from './queries/personal-data.js';

/** Each pair of users takes a lock of the server's table of locks, which has some thousands for everybody. */
const MAX_PAIRS = 100;

/**
 * Whom a user follows, asks to follow, blocks, mutes and has on lists, and who follows them; who blocks or mutes them, or
 * has them on a list, is the secret of those.
 */
export const graphPersonalData: PersonalData = {
  tables: [
    'follows',
    'follow_requests',
    'blocks',
    'mutes',
    'graph_counts',
    'user_lists',
    'user_list_members',
    'relation_changes',
  ],
  sections: {
    following: section(exportFollowing),
    followers: section(exportFollowers),
    followRequests: section(exportRequests),
    blocks: section(exportBlocks),
    mutes: section(exportMutes),
    lists: async (db, ownerId, { key: beforeAt, id: beforeId }, limit) =>
      (await db.rows(exportLists, { ownerId, beforeAt, beforeId, limit })).map((list) => ({
        at: list.createdAt,
        id: list.id,
        data: list,
      })),
    // By the place in the list, for one member may be on many.
    listMembers: async (db, ownerId, { key: beforeAt, id: beforeId }, limit) =>
      (await db.rows(exportListMembers, { ownerId, beforeAt, beforeId, limit })).map(({ place, ...member }) => ({
        at: member.createdAt,
        id: place,
        data: member,
      })),
  },
  async erase(tx, userId, limit) {
    const pairs = Math.min(limit, MAX_PAIRS);
    if ((await eraseSomeFollows(tx, userId, pairs)) === pairs) return 'more';
    if ((await eraseSomeRequests(tx, userId, pairs)) === pairs) return 'more';
    const blocks = await tx.rows(eraseBlocks, { userId, limit });
    for (const { blockerId, blockedId } of blocks) tx.emit(blockRemoved(blockerId, blockedId));
    if (blocks.length === limit) return 'more';
    for (const step of [eraseMutes, eraseListMembers, eraseLists, eraseRelationChanges]) {
      if (((await tx.row(step, { userId, limit }))?.erased ?? 0) === limit) return 'more';
    }
    await tx.run(eraseCounts, { userId });
    return 'done';
  },
};

async function eraseSomeFollows(tx: WriteHandle, userId: string, limit: number): Promise<number> {
  const found = await tx.rows(followsToErase, { userId, limit });
  if (found.length === 0) return 0;
  const erased = await eraseLocked(tx, userId, found, eraseFollows);
  await changeCounts(
    tx,
    erased.map((pair) => ({ ...pair, of: 'follow', by: -1 })),
  );
  for (const { followerId, followeeId } of erased) tx.emit(followRemoved(followerId, followeeId));
  return found.length;
}

async function eraseSomeRequests(tx: WriteHandle, userId: string, limit: number): Promise<number> {
  const found = await tx.rows(requestsToErase, { userId, limit });
  if (found.length === 0) return 0;
  const erased = await eraseLocked(tx, userId, found, eraseRequests);
  await changeCounts(
    tx,
    erased.map((pair) => ({ ...pair, of: 'request', by: -1 })),
  );
  for (const pair of erased) tx.emit(requestWithdrawn(pair));
  return found.length;
}

/** Those that were still there under the locks. */
async function eraseLocked(
  tx: WriteHandle,
  userId: string,
  found: readonly Pair[],
  erase: typeof eraseFollows,
): Promise<readonly Pair[]> {
  const otherIds = found.map(({ followerId, followeeId }) => (followerId === userId ? followeeId : followerId));
  const [, erased] = await Promise.all([
    tx.row(lockPairsToErase, { userId, otherIds }),
    tx.rows(erase, {
      followerIds: found.map(({ followerId }) => followerId),
      followeeIds: found.map(({ followeeId }) => followeeId),
    }),
  ]);
  return erased;
}

function section(query: typeof exportFollowing): ReadSection {
  return async (db: ReadHandle, ownerId, { key: beforeAt, id: beforeId }, limit) =>
    (await db.rows(query, { ownerId, beforeAt, beforeId, limit })).map(({ userId, at }) => ({
      at,
      id: userId,
      data: { userId, createdAt: at },
    }));
}
