import type { ReadHandle, WriteHandle } from '../../platform/db/index.js';
import type { PersonalData, ReadSection } from '../../platform/personal-data/index.js';
import { blockRemoved, followRemoved } from './events.js';
import {
  eraseBlocks,
  eraseCounts,
  eraseFollows,
  exportBlocks,
  exportFollowers,
  exportFollowing,
  followsToErase,
  lockPairsToErase,
} from './queries/personal-data.js';
import { uncountFollows } from './uncount-follows.js';

/** Each pair of users takes a lock of the server's table of locks, which has some thousands for everybody. */
const MAX_PAIRS = 100;

/** Whom a user follows and blocks, and who follows them; who blocks them is the secret of those. */
export const graphPersonalData: PersonalData = {
  tables: ['follows', 'blocks', 'graph_counts'],
  sections: {
    following: section(exportFollowing),
    followers: section(exportFollowers),
    blocks: section(exportBlocks),
  },
  async erase(tx, userId, limit) {
    const pairs = Math.min(limit, MAX_PAIRS);
    if ((await eraseSomeFollows(tx, userId, pairs)) === pairs) return 'more';
    const blocks = await tx.rows(eraseBlocks, { userId, limit });
    for (const { blockerId, blockedId } of blocks) tx.emit(blockRemoved(blockerId, blockedId));
    if (blocks.length === limit) return 'more';
    await tx.run(eraseCounts, { userId });
    return 'done';
  },
};

async function eraseSomeFollows(tx: WriteHandle, userId: string, limit: number): Promise<number> {
  const found = await tx.rows(followsToErase, { userId, limit });
  if (found.length === 0) return 0;
  const otherIds = found.map(({ followerId, followeeId }) => (followerId === userId ? followeeId : followerId));
  const [, erased] = await Promise.all([
    tx.row(lockPairsToErase, { userId, otherIds }),
    tx.rows(eraseFollows, {
      followerIds: found.map(({ followerId }) => followerId),
      followeeIds: found.map(({ followeeId }) => followeeId),
    }),
  ]);
  if (erased.length > 0) await uncountFollows(tx, erased);
  for (const { followerId, followeeId } of erased) tx.emit(followRemoved(followerId, followeeId));
  return found.length;
}

function section(query: typeof exportFollowing): ReadSection {
  return async (db: ReadHandle, ownerId, { key: beforeAt, id: beforeId }, limit) =>
    (await db.rows(query, { ownerId, beforeAt, beforeId, limit })).map(({ userId, at }) => ({
      at,
      id: userId,
      data: { userId, createdAt: at },
    }));
}
