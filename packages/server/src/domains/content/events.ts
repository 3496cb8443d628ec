import type { DomainEvent } from '../../platform/db/index.js';
import { IMPORTED_POSTS_PER_EVENT } from './limits.js';

export const POST_CREATED = 'post.created';
export const POST_DELETED = 'post.deleted';
export const POST_EDITED = 'post.edited';
export const POST_RESTORED = 'post.restored';
export const POSTS_IMPORTED = 'posts.imported';

export function postCreated(postId: string, authorId: string): DomainEvent {
  return { type: POST_CREATED, key: postId, payload: { postId, authorId } };
}

export function postDeleted(postId: string, authorId: string): DomainEvent {
  return { type: POST_DELETED, key: postId, payload: { postId, authorId } };
}

/** @param mentionedUserIds of those whom the post has not mentioned before */
export function postEdited(postId: string, authorId: string, mentionedUserIds: readonly string[]): DomainEvent {
  return { type: POST_EDITED, key: postId, payload: { postId, authorId, mentionedUserIds } };
}

export function postRestored(postId: string, authorId: string): DomainEvent {
  return { type: POST_RESTORED, key: postId, payload: { postId, authorId } };
}

/** One event for many posts: an import would swamp the outbox otherwise. */
export function postsImported(postIds: readonly string[]): DomainEvent[] {
  const events: DomainEvent[] = [];
  for (let start = 0; start < postIds.length; start += IMPORTED_POSTS_PER_EVENT) {
    const part = postIds.slice(start, start + IMPORTED_POSTS_PER_EVENT);
    events.push({ type: POSTS_IMPORTED, key: part[0] ?? '', payload: { postIds: part } });
  }
  return events;
}

export function pollVoted(postId: string, userId: string): DomainEvent {
  return { type: 'poll.voted', key: postId, payload: { postId, userId } };
}

export function likeCreated(postId: string, userId: string): DomainEvent {
  return { type: 'like.created', key: postId, payload: { postId, userId } };
}

export function likeRemoved(postId: string, userId: string): DomainEvent {
  return { type: 'like.removed', key: postId, payload: { postId, userId } };
}
