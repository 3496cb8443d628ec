import type { WriteHandle } from '../../platform/db/index.js';
import { insertManyLikes, raiseLikeCounts } from './queries/likes.js';

/** A like from elsewhere, with its own date, by an existing user. */
export interface ImportedLike {
  readonly postId: string;
  readonly userId: string;
  /** RFC 3339 */
  readonly createdAt: string;
}

/**
 * Inserts many likes and counts them; returns how many were new. Known likes, and those of posts that are unknown
 * or deleted, are left out. No event. Batches of 1,000 or so: their posts' counts stay locked until the end.
 */
export async function insertLikes(tx: WriteHandle, likes: readonly ImportedLike[]): Promise<number> {
  if (likes.length === 0) return 0;
  const inserted = await tx.rows(insertManyLikes, {
    postIds: likes.map((like) => like.postId),
    userIds: likes.map((like) => like.userId),
    createdAts: likes.map((like) => like.createdAt),
  });
  if (inserted.length === 0) return 0;
  const added = inserted.map((row) => row.inserted);
  await tx.run(raiseLikeCounts, { postIds: inserted.map((row) => row.postId), added });
  return added.reduce((sum, count) => sum + count, 0);
}
