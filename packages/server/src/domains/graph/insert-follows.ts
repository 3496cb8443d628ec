import type { WriteHandle } from '../../platform/db/index.js';
import { insertManyFollows, lockBlocksOut } from './queries/changes.js';

/** A follow from elsewhere, with its own date. */
export interface ImportedFollow {
  readonly followerId: string;
  readonly followeeId: string;
  /** RFC 3339 */
  readonly createdAt: string;
}

/**
 * Inserts many follows between existing users and counts them; returns how many were new. Self-follows, known
 * follows and pairs separated by a block are left out; there is no limit to how many a user follows, and no
 * event. Batches of 1,000 or so: the rows of all counts stay locked until the transaction ends.
 */
export async function insertFollows(tx: WriteHandle, follows: readonly ImportedFollow[]): Promise<number> {
  if (follows.length === 0) return 0;
  const [, counted] = await Promise.all([
    tx.row(lockBlocksOut, {}),
    tx.row(insertManyFollows, {
      followerIds: follows.map((follow) => follow.followerId),
      followeeIds: follows.map((follow) => follow.followeeId),
      createdAts: follows.map((follow) => follow.createdAt),
    }),
  ]);
  return counted?.inserted ?? 0;
}
