import { platformErrors } from '../../platform/errors/index.js';
import { requireViewer, writeOperation } from '../../platform/operation/index.js';
import { blockRemoved } from './events.js';
import { deleteBlock, lockPair } from './queries/changes.js';
import type { RelationMemory } from './relation-memory.js';
import { readStanding, relationOf } from './relations.js';
import { OneUserInput, Relation } from './schema.js';

/**
 * Ends a block; the follows that it ended stay ended. Doing it again changes nothing. Throws `not_found` for
 * unknown and deleted users, and for those who block the viewer unless there was a block to end.
 */
export const unblockUser = writeOperation({
  name: 'unblockUser',
  summary: 'Unblock a user',
  access: 'user',
  input: OneUserInput,
  output: Relation,
  async run({ memory }: { readonly memory: Pick<RelationMemory, 'changes'> }, scope, { userId }) {
    const { userId: viewerId } = requireViewer(scope);
    const [, removed, standing] = await Promise.all([
      scope.db.row(lockPair, { userA: viewerId, userB: userId }),
      scope.db.run(deleteBlock, { blockerId: viewerId, blockedId: userId }),
      readStanding(scope.db, viewerId, userId),
    ]);
    if (removed > 0) {
      scope.db.emit(blockRemoved(viewerId, userId));
      memory.changes(scope.db, [viewerId, userId]);
    } else if (!standing.exists || standing.hidden) {
      throw platformErrors.not_found({ detail: 'there is no such user' });
    }
    return relationOf(standing);
  },
});
