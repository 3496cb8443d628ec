import type { WriteHandle } from '../../platform/db/index.js';
import type { Consumer } from '../../platform/outbox/index.js';
import { POST_CREATED, POST_DELETED, POSTS_IMPORTED } from './events.js';
import { lowerUsage, markCounted, raiseUsage, unmarkCounted } from './queries/hashtags.js';

/**
 * Keeps `hashtag_usage`. Each hashtag of a post remembers whether it is counted, so handling an event twice, or
 * after a repair has done its work, changes nothing.
 */
export const countHashtags: Consumer = {
  name: 'content.hashtagUsage',
  types: [POST_CREATED, POST_DELETED, POSTS_IMPORTED],
  async handle(tx, { type, payload }) {
    if (type === POST_DELETED) await uncount(tx, payload['postId'] as string);
    else await count(tx, type === POST_CREATED ? [payload['postId'] as string] : (payload['postIds'] as string[]));
  },
};

async function count(tx: WriteHandle, postIds: readonly string[]): Promise<void> {
  const marked = await tx.rows(markCounted, { postIds });
  if (marked.length === 0) return;
  await tx.run(raiseUsage, { hashtags: marked.map((row) => row.hashtag), posts: marked.map((row) => row.posts) });
}

async function uncount(tx: WriteHandle, postId: string): Promise<void> {
  const unmarked = await tx.rows(unmarkCounted, { postId });
  if (unmarked.length > 0) await tx.run(lowerUsage, { hashtags: unmarked.map((row) => row.hashtag) });
}
