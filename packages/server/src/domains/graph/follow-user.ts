import { platformErrors } from '../../platform/errors/index.js';
import { requireViewer, writeOperation } from '../../platform/operation/index.js';
import { graphErrors } from './errors.js';
import { followCreated } from './events.js';
import { MAX_FOLLOWING } from './limits.js';
import { insertFollow, lockPair } from './queries/changes.js';
import { readStanding, relationOf } from './relations.js';
import { OneUserInput, Relation } from './schema.js';

/**
 * Follows a user; doing it again changes nothing. Errors: `cannot_follow_self`, `follow_limit_reached`,
 * `not_found` for users who are unknown, deleted or separated by a block.
 */
export const followUser = writeOperation({
  name: 'followUser',
  summary: 'Follow a user',
  access: 'user',
  input: OneUserInput,
  output: Relation,
  async run(_deps: object, scope, { userId }) {
    const viewer = requireViewer(scope);
    if (userId === viewer.userId) throw graphErrors.cannot_follow_self();
    // Sent together, run in turn: what the second sees, it sees under the lock.
    const [, standing] = await Promise.all([
      scope.db.row(lockPair, { userA: viewer.userId, userB: userId }),
      readStanding(scope.db, viewer.userId, userId),
    ]);
    if (!standing.exists || standing.hidden) throw platformErrors.not_found({ detail: 'there is no such user' });
    if (standing.following) return relationOf(standing);
    const counted = await scope.db.row(insertFollow, { followerId: viewer.userId, followeeId: userId });
    if (counted !== undefined) {
      // Counted under the lock of the count's row: concurrent follows of one user cannot pass the limit together.
      if (counted.following > MAX_FOLLOWING) throw graphErrors.follow_limit_reached();
      scope.db.emit(followCreated(viewer.userId, userId));
    }
    return { ...relationOf(standing), following: true };
  },
});
