import { platformErrors } from '../../../platform/errors/index.js';
import { requireViewer, writeOperation } from '../../../platform/operation/index.js';
import { changeCounts } from '../change-counts.js';
import { followCreated, requestApproved } from '../events.js';
import { insertFollow, lockPair } from '../queries/changes.js';
import { deleteRequest } from '../queries/requests.js';
import { readStanding, relationOf } from '../relations.js';
import { OneUserInput, Relation } from '../schema.js';

/**
 * Lets a user who has asked follow the viewer. Doing it again changes nothing. Throws `not_found` when the user has not
 * asked and does not follow the viewer.
 */
export const approveFollowRequest = writeOperation({
  name: 'approveFollowRequest',
  summary: 'Let a user who has asked follow you',
  access: 'user',
  input: OneUserInput,
  output: Relation,
  async run(_deps: object, scope, { userId: followerId }) {
    const { userId: viewerId } = requireViewer(scope);
    const pair = { followerId, followeeId: viewerId };
    const [, taken, standing] = await Promise.all([
      scope.db.row(lockPair, { userA: viewerId, userB: followerId }),
      scope.db.run(deleteRequest, pair),
      readStanding(scope.db, viewerId, followerId),
    ]);
    if (taken === 0) {
      if (standing.followedBy && standing.exists) return relationOf(standing);
      throw platformErrors.not_found({ detail: 'this user has not asked to follow you' });
    }
    // The request was within the limit of whom they follow: as a follow it still is.
    const [, followed] = await Promise.all([
      changeCounts(scope.db, [{ ...pair, of: 'request', by: -1 }]),
      scope.db.row(insertFollow, pair),
    ]);
    scope.db.emit(requestApproved(pair));
    if (followed !== undefined) scope.db.emit(followCreated(followerId, viewerId));
    return { ...relationOf(standing), followedBy: true };
  },
});
