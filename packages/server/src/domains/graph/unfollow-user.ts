import { platformErrors } from '../../platform/errors/index.js';
import { requireViewer, writeOperation } from '../../platform/operation/index.js';
import { followRemoved } from './events.js';
import { deleteFollow, lockPair } from './queries/changes.js';
import { readStanding, relationOf } from './relations.js';
import { OneUserInput, Relation } from './schema.js';
import { uncountFollows } from './uncount-follows.js';

/** Ends a follow; doing it again changes nothing. Throws `not_found` where `followUser` does. */
export const unfollowUser = writeOperation({
  name: 'unfollowUser',
  summary: 'Stop following a user',
  access: 'user',
  input: OneUserInput,
  output: Relation,
  async run(_deps: object, scope, { userId }) {
    const { userId: followerId } = requireViewer(scope);
    const follow = { followerId, followeeId: userId };
    const [, removed, standing] = await Promise.all([
      scope.db.row(lockPair, { userA: followerId, userB: userId }),
      scope.db.run(deleteFollow, follow),
      readStanding(scope.db, followerId, userId),
    ]);
    if (removed > 0) {
      await uncountFollows(scope.db, [follow]);
      scope.db.emit(followRemoved(followerId, userId));
    } else if (!standing.exists || standing.hidden) {
      throw platformErrors.not_found({ detail: 'there is no such user' });
    }
    return relationOf(standing);
  },
});
