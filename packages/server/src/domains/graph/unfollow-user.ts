import { platformErrors } from '../../platform/errors/index.js';
import { requireViewer, writeOperation } from '../../platform/operation/index.js';
import { changeCounts } from './change-counts.js';
import { followRemoved, requestWithdrawn } from './events.js';
import { deleteFollow, lockPair } from './queries/changes.js';
import { deleteRequest } from './queries/requests.js';
import { readStanding, relationOf } from './relations.js';
import { OneUserInput, Relation } from './schema.js';

/** Ends a follow, or withdraws the request for one; doing it again changes nothing. Throws `not_found` where `followUser` does. */
export const unfollowUser = writeOperation({
  name: 'unfollowUser',
  summary: 'Stop following a user, or withdraw the request to',
  access: 'user',
  input: OneUserInput,
  output: Relation,
  async run(_deps: object, scope, { userId }) {
    const { userId: followerId } = requireViewer(scope);
    const pair = { followerId, followeeId: userId };
    // The request first: if it is being approved, this waits, and the next statement meets the follow.
    const [, withdrawn, removed, standing] = await Promise.all([
      scope.db.row(lockPair, { userA: followerId, userB: userId }),
      scope.db.run(deleteRequest, pair),
      scope.db.run(deleteFollow, pair),
      readStanding(scope.db, followerId, userId),
    ]);
    if (withdrawn + removed === 0 && (!standing.exists || standing.hidden)) {
      throw platformErrors.not_found({ detail: 'there is no such user' });
    }
    await changeCounts(scope.db, [
      ...(withdrawn > 0 ? [{ ...pair, of: 'request', by: -1 } as const] : []),
      ...(removed > 0 ? [{ ...pair, of: 'follow', by: -1 } as const] : []),
    ]);
    if (withdrawn > 0) scope.db.emit(requestWithdrawn(pair));
    if (removed > 0) scope.db.emit(followRemoved(followerId, userId));
    return relationOf(standing);
  },
});
