import type { PersonalData } from '../../platform/personal-data/index.js';
import { likeRemoved, postDeleted } from './events.js';
import { eraseDrafts, exportDrafts } from './queries/drafts.js';
import { eraseMedia, exportMedia } from './queries/media.js';
import { exportPostVersions } from './queries/own-posts.js';
import {
  eraseLikesBy,
  eraseLikesOf,
  erasePostRows,
  erasePosts,
  exportDeletedPosts,
  exportLikes,
  exportPosts,
} from './queries/personal-data.js';
import { eraseVotesBy, eraseVotesOf, exportVotes } from './queries/polls.js';

const LAST_VERSION = 2_147_483_647;

/** What a user has written, liked, voted for and put into posts. That others name them in what they write is theirs. */
export const contentPersonalData: PersonalData = {
  tables: [
    'posts',
    'post_hashtags',
    'post_likes',
    'post_versions',
    'post_drafts',
    'polls',
    'poll_votes',
    'media',
    'media_variants',
    'post_media',
  ],
  sections: {
    posts: posts(exportPosts),
    deletedPosts: posts(exportDeletedPosts),
    likes: async (db, ownerId, { key: beforeAt, id: beforeId }, limit) =>
      (await db.rows(exportLikes, { ownerId, beforeAt, beforeId, limit })).map(({ postId, at }) => ({
        at,
        id: postId,
        data: { postId, createdAt: at },
      })),
    /** Of a post that was edited, what an edit has replaced; the sort key is the time of the post and the version. */
    postVersions: async (db, ownerId, { key, id: beforeId }, limit) => {
      const [beforeAt = '', version = LAST_VERSION] = key.split('/');
      const before = { beforeAt, beforeId, beforeVersion: Number(version) };
      return (await db.rows(exportPostVersions, { ownerId, ...before, limit })).map(({ postedAt, ...version }) => ({
        at: `${postedAt}/${version.version}`,
        id: version.postId,
        data: version,
      }));
    },
    drafts: async (db, ownerId, { key: beforeAt, id: beforeId }, limit) =>
      (await db.rows(exportDrafts, { ownerId, beforeAt, beforeId, limit })).map((draft) => ({
        at: draft.createdAt,
        id: draft.id,
        data: draft,
      })),
    votes: async (db, ownerId, { key: beforeAt, id: beforeId }, limit) =>
      (await db.rows(exportVotes, { ownerId, beforeAt, beforeId, limit })).map(({ postId, options, at }) => ({
        at,
        id: postId,
        data: { postId, options, createdAt: at },
      })),
    media: async (db, ownerId, { key: beforeAt, id: beforeId }, limit) =>
      (await db.rows(exportMedia, { ownerId, beforeAt, beforeId, limit })).map(({ id, at, media }) => ({
        at,
        id,
        data: { ...(media as object), createdAt: at },
      })),
  },
  async erase(tx, userId, limit) {
    const likes = await tx.rows(eraseLikesBy, { userId, limit });
    for (const { postId } of likes) tx.emit(likeRemoved(postId, userId));
    // A transaction for each step: likes are locked before posts, whoever else is being erased.
    if (likes.length > 0) return 'more';
    const votes = await tx.row(eraseVotesBy, { userId, limit });
    if ((votes?.erased ?? 0) > 0) return 'more';
    // Before posts: a draft becomes one.
    if ((await tx.run(eraseDrafts, { userId, limit })) > 0) return 'more';
    const deleted = await tx.rows(erasePosts, { userId, limit });
    for (const { postId } of deleted) tx.emit(postDeleted(postId, userId));
    if (deleted.length > 0) return 'more';
    const likesOf = await tx.row(eraseLikesOf, { userId, limit });
    if ((likesOf?.erased ?? 0) > 0) return 'more';
    const votesOf = await tx.row(eraseVotesOf, { userId, limit });
    if ((votesOf?.erased ?? 0) > 0) return 'more';
    const rows = await tx.row(erasePostRows, { userId, limit });
    if ((rows?.erased ?? 0) > 0) return 'more';
    // Hashtags are counted by a consumer of the events above: what it has yet to take out keeps its post.
    if ((rows?.found ?? 0) > 0) return 'waits';
    const media = await tx.row(eraseMedia, { userId, limit });
    if ((media?.erased ?? 0) > 0) return 'more';
    // A draft that was just being published holds what is left: its post goes first.
    return (media?.found ?? 0) > 0 ? 'waits' : 'done';
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
