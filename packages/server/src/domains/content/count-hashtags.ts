import type { WriteHandle } from '../../platform/db/index.js';
import type { Consumer } from '../../platform/outbox/index.js';
import { POST_CREATED, POST_DELETED, POST_EDITED, POST_RESTORED, POSTS_IMPORTED } from './events.js';
import { lowerUsage, markCounted, raiseUsage, unmarkCounted } from './queries/hashtags.js';

/**
 * Keeps `hashtag_usage`. Each hashtag of a post remembers whether it is counted, so handling an event twice, or
 * after a repair has done its work, changes nothing. An event says that a post has changed; what is counted is what it is
 * by now, of which the last event of the post tells.
 */
export const countHashtags: Consumer = {
  name: 'content.hashtagUsage',
  types: [POST_CREATED, POST_DELETED, POST_EDITED, POST_RESTORED, POSTS_IMPORTED],
  async handle(tx, { type, payload }) {
    if (type === POSTS_IMPORTED) return await count(tx, payload['postIds'] as string[]);
    const postId = payload['postId'] as string;
    if (type === POST_DELETED || type === POST_EDITED) await uncount(tx, postId);
    if (type !== POST_DELETED) await count(tx, [postId]);
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
