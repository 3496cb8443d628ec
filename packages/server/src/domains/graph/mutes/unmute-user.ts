import { platformErrors } from '../../../platform/errors/index.js';
import { requireViewer, writeOperation } from '../../../platform/operation/index.js';
import { deleteMute } from '../queries/mutes.js';
import type { RelationMemory } from '../relation-memory.js';
import { readStanding, relationOf } from '../relations.js';
import { OneUserInput, Relation } from '../schema.js';

/** Ends a mute; doing it again changes nothing. Throws `not_found` where `followUser` does. */
export const unmuteUser = writeOperation({
  name: 'unmuteUser',
  summary: 'Let the posts of a user into your feeds again',
  access: 'user',
  input: OneUserInput,
  output: Relation,
  async run({ memory }: { readonly memory: Pick<RelationMemory, 'changes'> }, scope, { userId }) {
    const { userId: viewerId } = requireViewer(scope);
    const [, standing] = await Promise.all([
      scope.db.run(deleteMute, { muterId: viewerId, mutedId: userId }),
      readStanding(scope.db, viewerId, userId),
    ]);
    if (!standing.exists || standing.hidden) throw platformErrors.not_found({ detail: 'there is no such user' });
    memory.changes(scope.db, [viewerId]);
    return relationOf(standing);
  },
});
