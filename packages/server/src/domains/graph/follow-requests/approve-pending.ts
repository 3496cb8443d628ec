import type { WriteHandle } from '../../../platform/db/index.js';
import type { Consumer } from '../../../platform/outbox/index.js';
import { changeCounts } from '../change-counts.js';
import { followCreated, REQUESTS_LEFT, requestApproved, requestsLeft } from '../events.js';
import { APPROVE_BATCH } from '../limits.js';
import { insertFollowers, lockPrivacy } from '../queries/changes.js';
import { takeRequests } from '../queries/requests.js';

/**
 * Approves who has asked to follow an account that is public now: they could follow it without asking. A batch in this
 * transaction; if there are more, an event says so, and the consumer below goes on.
 */
export async function approvePending(tx: WriteHandle, followeeId: string): Promise<void> {
  const taken = await tx.rows(takeRequests, { followeeId, limit: APPROVE_BATCH });
  if (taken.length === 0) return;
  const followerIds = taken.map(({ followerId }) => followerId);
  const followed = await tx.rows(insertFollowers, { followerIds, followeeId });
  await changeCounts(tx, [
    ...taken.map(({ followerId }) => ({ followerId, followeeId, of: 'request', by: -1 }) as const),
    ...followed.map(({ followerId }) => ({ followerId, followeeId, of: 'follow', by: 1 }) as const),
  ]);
  for (const { followerId } of taken) tx.emit(requestApproved({ followerId, followeeId }));
  for (const { followerId } of followed) tx.emit(followCreated(followerId, followeeId));
  if (taken.length === APPROVE_BATCH) tx.emit(requestsLeft(followeeId));
}

/** Goes on where the change of privacy has stopped, batch by batch, unless the account is private again. */
export const approveRequestsLeft: Consumer = {
  name: 'graph.approveRequestsLeft',
  types: [REQUESTS_LEFT],
  async handle(tx, { payload }) {
    const userId = payload['userId'] as string;
    const account = await tx.row(lockPrivacy, { userId });
    if (account?.isPrivate === false) await approvePending(tx, userId);
  },
};
