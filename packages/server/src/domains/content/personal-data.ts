import type { PersonalData } from '../../platform/personal-data/index.js';
import { likeRemoved, postDeleted } from './events.js';
import {
  eraseLikesBy,
  eraseLikesOf,
  erasePostRows,
  erasePosts,
  exportDeletedPosts,
  exportLikes,
  exportPosts,
} from './queries/personal-data.js';

/** What a user has written and liked. That others name them in what they write is theirs. */
export const contentPersonalData: PersonalData = {
  tables: ['posts', 'post_hashtags', 'post_likes'],
  sections: {
    posts: posts(exportPosts),
    deletedPosts: posts(exportDeletedPosts),
    likes: async (db, ownerId, { key: beforeAt, id: beforeId }, limit) =>
      (await db.rows(exportLikes, { ownerId, beforeAt, beforeId, limit })).map(({ postId, at }) => ({
        at,
        id: postId,
        data: { postId, createdAt: at },
      })),
  },
  async erase(tx, userId, limit) {
    const likes = await tx.rows(eraseLikesBy, { userId, limit });
    for (const { postId } of likes) tx.emit(likeRemoved(postId, userId));
    // A transaction for each step: likes are locked before posts, whoever else is being erased.
    if (likes.length > 0) return 'more';
    const deleted = await tx.rows(erasePosts, { userId, limit });
    for (const { postId } of deleted) tx.emit(postDeleted(postId, userId));
    if (deleted.length > 0) return 'more';
    const likesOf = await tx.row(eraseLikesOf, { userId, limit });
    if ((likesOf?.erased ?? 0) > 0) return 'more';
    const rows = await tx.row(erasePostRows, { userId, limit });
    if ((rows?.erased ?? 0) > 0) return 'more';
    // Hashtags are counted by a consumer of the events above: what it has yet to take out keeps its post.
    return (rows?.found ?? 0) > 0 ? 'waits' : 'done';
  },
};

function posts(query: typeof exportPosts): PersonalData['sections'][string] {
  return async (db, ownerId, { key: beforeAt, id: beforeId }, limit) =>
    (await db.rows(query, { ownerId, beforeAt, beforeId, limit })).map((post) => ({
      at: post.deletedAt ?? post.createdAt,
      id: post.id,
      data: post,
    }));
}
