import type { WriteHandle } from '../../platform/db/index.js';
import { insertManyFollows, lockBlocksOut } from './queries/changes.js';

/** A follow from elsewhere, with its own date. */
export interface ImportedFollow {
  readonly followerId: string;
  readonly followeeId: string;
  /** RFC 3339 */
  readonly createdAt: string;
}

/** A follow that was not inserted: `known` when it is there, also as an earlier one of the batch. */
export interface FollowLeftOut {
  readonly index: number;
  readonly reason: 'known' | 'self' | 'blocked' | 'no_such_user';
}

/**
 * Inserts many follows and counts them; answers which were left out. There is no limit to how many a user follows, and
 * no event. A few thousand at a time: the rows of all counts stay locked until the transaction ends.
 */
export async function insertFollows(tx: WriteHandle, follows: readonly ImportedFollow[]): Promise<FollowLeftOut[]> {
  if (follows.length === 0) return [];
  const [, leftOut] = await Promise.all([
    tx.row(lockBlocksOut, {}),
    tx.rows(insertManyFollows, {
      followerIds: follows.map((follow) => follow.followerId),
      followeeIds: follows.map((follow) => follow.followeeId),
      createdAts: follows.map((follow) => follow.createdAt),
    }),
  ]);
  return leftOut as FollowLeftOut[];
}
