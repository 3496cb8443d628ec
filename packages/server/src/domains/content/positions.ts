import type { Position } from '../../platform/cursor/index.js';

export const positionOfPost = (post: { readonly id: string; readonly createdAt: string }): Position => ({
  key: post.createdAt,
  id: post.id,
});

export const positionOfLiker = (entry: { readonly userId: string; readonly at: string }): Position => ({
  key: entry.at,
  id: entry.userId,
});

/** Names of lists in their cursors; edges and operations share them, so a cursor of one continues in the other. */
export const authorList = (tenantId: string, authorId: string) => `posts/${tenantId}/${authorId}`;
export const hashtagList = (tenantId: string, hashtag: string) => `hashtag/${tenantId}/${hashtag}`;
export const likersList = (tenantId: string, postId: string) => `likers/${tenantId}/${postId}`;
export const versionsList = (tenantId: string, postId: string) => `versions/${tenantId}/${postId}`;
export const deletedPostsList = (tenantId: string, authorId: string) => `deleted/${tenantId}/${authorId}`;
export const draftsList = (tenantId: string, authorId: string, scheduled: boolean | null) =>
  `drafts/${tenantId}/${authorId}/${scheduled}`;
