import type { Consumer } from '../../../platform/outbox/index.js';
import { POST_CREATED, POST_EDITED } from '../events.js';
import { wantPreview } from '../queries/links.js';

/** Has links of posts fetched: nothing is fetched here, as a transaction must not wait for the internet. */
export const wantPreviews: Consumer = {
  name: 'content.linkPreviews',
  types: [POST_CREATED, POST_EDITED],
  from: 'now',
  async handle(tx, { payload }) {
    await tx.run(wantPreview, { postId: payload['postId'] as string });
  },
};
