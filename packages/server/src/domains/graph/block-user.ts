import { platformErrors } from '../../platform/errors/index.js';
import { requireViewer, writeOperation } from '../../platform/operation/index.js';
import { graphErrors } from './errors.js';
import { blockCreated, followRemoved } from './events.js';
import { deleteFollow, insertBlock, lockImportsOut, lockPair } from './queries/changes.js';
import { readStanding } from './relations.js';
import { OneUserInput, Relation } from './schema.js';
import { uncountFollows } from './uncount-follows.js';

/**
 * Blocks a user: follows of both directions end in the same transaction, and neither sees the other any more.
 * Doing it again changes nothing. Errors: `cannot_block_self`, `not_found` for unknown and deleted users; a user
 * who blocks the viewer can be blocked in return.
 */
export const blockUser = writeOperation({
  name: 'blockUser',
  summary: 'Block a user',
  access: 'user',
  input: OneUserInput,
  output: Relation,
  async run(_deps: object, scope, { userId }) {
    const { userId: viewerId } = requireViewer(scope);
    const tx = scope.db;
    if (userId === viewerId) throw graphErrors.cannot_block_self();
    const [, , standing] = await Promise.all([
      tx.row(lockImportsOut, {}),
      tx.row(lockPair, { userA: viewerId, userB: userId }),
      readStanding(tx, viewerId, userId),
    ]);
    if (!standing.exists) throw platformErrors.not_found({ detail: 'there is no such user' });
    // Nothing between the two changes until the end of the transaction, so what was read still holds.
    const ended = [
      ...(standing.following ? [{ followerId: viewerId, followeeId: userId }] : []),
      ...(standing.followedBy ? [{ followerId: userId, followeeId: viewerId }] : []),
    ];
    if (!standing.blocking) {
      await Promise.all([
        tx.run(insertBlock, { blockerId: viewerId, blockedId: userId }),
        ...ended.map((follow) => tx.run(deleteFollow, follow)),
        ...(ended.length > 0 ? [uncountFollows(tx, ended)] : []),
      ]);
      for (const { followerId, followeeId } of ended) tx.emit(followRemoved(followerId, followeeId));
      tx.emit(blockCreated(viewerId, userId));
    }
    return { following: false, followedBy: false, blocking: true };
  },
});
