import { platformErrors } from '../../../platform/errors/index.js';
import { requireViewer, writeOperation } from '../../../platform/operation/index.js';
import { changeCounts } from '../change-counts.js';
import { requestDeclined } from '../events.js';
import { lockPair } from '../queries/changes.js';
import { deleteRequest } from '../queries/requests.js';
import { readStanding, relationOf } from '../relations.js';
import { OneUserInput, Relation } from '../schema.js';

/**
 * Declines a request to follow the viewer, without a word to who has asked; they may ask again. Doing it again changes
 * nothing. Throws `not_found` where `followUser` does.
 */
export const declineFollowRequest = writeOperation({
  name: 'declineFollowRequest',
  summary: 'Decline a request to follow you',
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
    if (taken > 0) {
      await changeCounts(scope.db, [{ ...pair, of: 'request', by: -1 }]);
      scope.db.emit(requestDeclined(pair));
    } else if (!standing.exists || standing.hidden) {
      throw platformErrors.not_found({ detail: 'there is no such user' });
    }
    return relationOf(standing);
  },
});
