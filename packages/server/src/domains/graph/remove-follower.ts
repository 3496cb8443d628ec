import { platformErrors } from '../../platform/errors/index.js';
import { requireViewer, writeOperation } from '../../platform/operation/index.js';
import { changeCounts } from './change-counts.js';
import { followRemoved } from './events.js';
import { deleteFollow, lockPair } from './queries/changes.js';
import { readStanding, relationOf } from './relations.js';
import { OneUserInput, Relation } from './schema.js';

/**
 * Ends another user's follow of the viewer, without a word to them; nothing keeps them from following again but a
 * private account or a block. Doing it again changes nothing. Throws `not_found` where `followUser` does.
 */
export const removeFollower = writeOperation({
  name: 'removeFollower',
  summary: 'Remove one of your followers',
  access: 'user',
  input: OneUserInput,
  output: Relation,
  async run(_deps: object, scope, { userId: followerId }) {
    const { userId: viewerId } = requireViewer(scope);
    const pair = { followerId, followeeId: viewerId };
    const [, removed, standing] = await Promise.all([
      scope.db.row(lockPair, { userA: viewerId, userB: followerId }),
      scope.db.run(deleteFollow, pair),
      readStanding(scope.db, viewerId, followerId),
    ]);
    if (removed > 0) {
      await changeCounts(scope.db, [{ ...pair, of: 'follow', by: -1 }]);
      scope.db.emit(followRemoved(followerId, viewerId));
    } else if (!standing.exists || standing.hidden) {
      throw platformErrors.not_found({ detail: 'there is no such user' });
    }
    return relationOf(standing);
  },
});
