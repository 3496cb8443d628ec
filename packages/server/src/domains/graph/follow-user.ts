import { platformErrors } from '../../platform/errors/index.js';
import { requireViewer, type WriteScope, writeOperation } from '../../platform/operation/index.js';
import { changeCounts, type Pair } from './change-counts.js';
import { graphErrors } from './errors.js';
import { followCreated, requestApproved, requestCreated } from './events.js';
import { MAX_FOLLOWING } from './limits.js';
import { insertFollow, lockPair, lockPrivacy } from './queries/changes.js';
import { deleteRequest, insertRequest } from './queries/requests.js';
import { readStanding, relationOf } from './relations.js';
import { OneUserInput, Relation } from './schema.js';

/**
 * Follows a user, or asks to when their account is private; doing it again changes nothing. Errors:
 * `cannot_follow_self`, `follow_limit_reached`, `not_found` for users who are unknown, deleted or separated by a block.
 */
export const followUser = writeOperation({
  name: 'followUser',
  summary: 'Follow a user, or ask to when the account is private',
  access: 'user',
  input: OneUserInput,
  output: Relation,
  async run(_deps: object, scope, { userId }) {
    const viewer = requireViewer(scope);
    if (userId === viewer.userId) throw graphErrors.cannot_follow_self();
    const pair = { followerId: viewer.userId, followeeId: userId };
    // Sent together, run in turn: what the later ones see, they see under the locks.
    const [, account, standing] = await Promise.all([
      scope.db.row(lockPair, { userA: viewer.userId, userB: userId }),
      scope.db.row(lockPrivacy, { userId }),
      readStanding(scope.db, viewer.userId, userId),
    ]);
    if (account === undefined || !standing.exists || standing.hidden) {
      throw platformErrors.not_found({ detail: 'there is no such user' });
    }
    if (standing.following) return relationOf(standing);
    if (account.isPrivate) {
      if (!standing.requested) await ask(scope, pair);
      return { ...relationOf(standing), requested: true };
    }
    // Left from when the account was private: see `approvePending`.
    const asked = standing.requested && (await scope.db.run(deleteRequest, pair)) > 0;
    if (asked) await changeCounts(scope.db, [{ ...pair, of: 'request', by: -1 }]);
    refuseBeyondLimit(await scope.db.row(insertFollow, pair));
    if (asked) scope.db.emit(requestApproved(pair));
    scope.db.emit(followCreated(pair.followerId, pair.followeeId));
    return { ...relationOf(standing), following: true, requested: false };
  },
});

async function ask(scope: WriteScope, pair: Pair): Promise<void> {
  const counted = await scope.db.row(insertRequest, pair);
  if (counted === undefined) return;
  refuseBeyondLimit(counted);
  scope.db.emit(requestCreated(pair));
}

/**
 * Counted under the lock of the count's row: what one user does at the same moment cannot pass the limit together.
 * Requests count as if they were approved, which then need not be refused.
 */
function refuseBeyondLimit(counted: { readonly followingOrAsking: number } | undefined): void {
  if (counted !== undefined && counted.followingOrAsking > MAX_FOLLOWING) throw graphErrors.follow_limit_reached();
}
