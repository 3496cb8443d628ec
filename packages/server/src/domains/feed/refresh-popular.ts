import type { Consumer } from '../../platform/outbox/index.js';
import { HEAT } from './heat.js';
import { refreshPopular } from './queries/popular.js';

/**
 * Keeps `popular_posts`. Each event has the row of its post brought to what the post is by then, so handling one twice
 * changes nothing, and after the last event the row is exact.
 */
export const followPopularity: Consumer = {
  name: 'feed.popularPosts',
  types: ['like.created', 'like.removed', 'post.deleted'],
  async handle(tx, { payload }) {
    await tx.run(refreshPopular, { postId: payload['postId'] as string, ...HEAT });
  },
};
