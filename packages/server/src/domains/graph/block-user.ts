import { platformErrors } from '../../platform/errors/index.js';
import { requireViewer, writeOperation } from '../../platform/operation/index.js';
import { changeCounts } from './change-counts.js';
import { graphErrors } from './errors.js';
import { blockCreated, followRemoved, requestDeclined, requestWithdrawn } from './events.js';
import { deleteFollow, insertBlock, lockImportsOut, lockPair } from './queries/changes.js';
import { deleteRequest } from './queries/requests.js';
import { separateLists } from './queries/user-lists.js';
import type { RelationMemory } from './relation-memory.js';
import { readStanding, relationOf } from './relations.js';
import { OneUserInput, Relation } from './schema.js';

/**
 * Blocks a user: follows, requests and memberships in lists of both directions end in the same transaction, and neither sees the other any more.
 * Doing it again changes nothing. Errors: `cannot_block_self`, `not_found` for unknown and deleted users; a user
 * who blocks the viewer can be blocked in return.
 */
export const blockUser = writeOperation({
  name: 'blockUser',
  summary: 'Block a user',
  access: 'user',
  input: OneUserInput,
  output: Relation,
  async run({ memory }: { readonly memory: Pick<RelationMemory, 'changes'> }, scope, { userId }) {
    const { userId: viewerId } = requireViewer(scope);
    const tx = scope.db;
    if (userId === viewerId) throw graphErrors.cannot_block_self();
    const toThem = { followerId: viewerId, followeeId: userId };
    const toMe = { followerId: userId, followeeId: viewerId };
    // Requests first: if one is being approved, this waits, and what reads after it meets the follow.
    const [, , sent, received, standing] = await Promise.all([
      tx.row(lockImportsOut, {}),
      tx.row(lockPair, { userA: viewerId, userB: userId }),
      tx.run(deleteRequest, toThem),
      tx.run(deleteRequest, toMe),
      readStanding(tx, viewerId, userId),
    ]);
    if (!standing.exists) throw platformErrors.not_found({ detail: 'there is no such user' });
    // Nothing between the two changes until the end of the transaction, so what was read still holds.
    const ended = [...(standing.following ? [toThem] : []), ...(standing.followedBy ? [toMe] : [])];
    if (!standing.blocking) {
      await Promise.all([
        tx.run(insertBlock, { blockerId: viewerId, blockedId: userId }),
        tx.run(separateLists, { userA: viewerId, userB: userId }),
        ...ended.map((follow) => tx.run(deleteFollow, follow)),
        changeCounts(tx, [
          ...ended.map((pair) => ({ ...pair, of: 'follow', by: -1 }) as const),
          ...(sent > 0 ? [{ ...toThem, of: 'request', by: -1 } as const] : []),
          ...(received > 0 ? [{ ...toMe, of: 'request', by: -1 } as const] : []),
        ]),
      ]);
      if (sent > 0) tx.emit(requestWithdrawn(toThem));
      if (received > 0) tx.emit(requestDeclined(toMe));
      for (const { followerId, followeeId } of ended) tx.emit(followRemoved(followerId, followeeId));
      tx.emit(blockCreated(viewerId, userId));
      memory.changes(tx, [viewerId, userId]);
    }
    return { ...relationOf(standing), following: false, followedBy: false, blocking: true };
  },
});
