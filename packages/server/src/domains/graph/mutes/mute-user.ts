import { platformErrors } from '../../../platform/errors/index.js';
import { requireViewer, writeOperation } from '../../../platform/operation/index.js';
import { graphErrors } from '../errors.js';
import { insertMute } from '../queries/mutes.js';
import type { RelationMemory } from '../relation-memory.js';
import { readStanding, relationOf } from '../relations.js';
import { MuteInput, Relation } from '../schema.js';

/**
 * Keeps a user's posts out of the viewer's feeds and lists of posts, for a time or until the mute is ended; they cannot
 * tell. Doing it again sets another end. Errors: `cannot_mute_self`, `not_found` where `followUser` does.
 */
export const muteUser = writeOperation({
  name: 'muteUser',
  summary: 'Keep the posts of a user out of your feeds',
  access: 'user',
  input: MuteInput,
  output: Relation,
  async run(
    { memory }: { readonly memory: Pick<RelationMemory, 'changes'> },
    scope,
    { userId, durationSeconds = null },
  ) {
    const { userId: viewerId } = requireViewer(scope);
    if (userId === viewerId) throw graphErrors.cannot_mute_self();
    const standing = await readStanding(scope.db, viewerId, userId);
    if (!standing.exists || standing.hidden) throw platformErrors.not_found({ detail: 'there is no such user' });
    const mute = await scope.db.row(insertMute, { muterId: viewerId, mutedId: userId, seconds: durationSeconds });
    memory.changes(scope.db, [viewerId]);
    return { ...relationOf(standing), muting: true, mutedUntil: mute?.mutedUntil ?? null };
  },
});
