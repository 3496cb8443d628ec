import type { WriteHandle } from '../../platform/db/index.js';
import { insertManyLikes, raiseLikeCounts } from './queries/likes.js';

/** A like from elsewhere, with its own date. */
export interface ImportedLike {
  readonly postId: string;
  readonly userId: string;
  /** RFC 3339 */
  readonly createdAt: string;
}

/** A like that was not inserted: `known` when it is there, also as an earlier one of the batch. */
export interface LikeLeftOut {
  readonly index: number;
  /** `no_such_post` also for a deleted one. */
  readonly reason: 'known' | 'no_such_post' | 'no_such_user';
}

/**
 * Inserts many likes and counts them; answers which were left out. No event. A few thousand at a time: their posts'
 * counts stay locked until the end.
 */
export async function insertLikes(tx: WriteHandle, likes: readonly ImportedLike[]): Promise<LikeLeftOut[]> {
  if (likes.length === 0) return [];
  const leftOut = await tx.rows(insertManyLikes, {
    postIds: likes.map((like) => like.postId),
    userIds: likes.map((like) => like.userId),
    createdAts: likes.map((like) => like.createdAt),
  });
  const indexes = new Set(leftOut.map(({ index }) => index));
  const added = new Map<string, number>();
  for (const [index, { postId }] of likes.entries()) {
    if (!indexes.has(index)) added.set(postId, (added.get(postId) ?? 0) + 1);
  }
  if (added.size > 0) await tx.run(raiseLikeCounts, { postIds: [...added.keys()], added: [...added.values()] });
  return leftOut as LikeLeftOut[];
}
