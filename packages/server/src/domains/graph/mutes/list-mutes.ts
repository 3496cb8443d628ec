import { readOperation, requireViewer } from '../../../platform/operation/index.js';
import { type ListDeps, readUserPage } from '../list-users.js';
import { mutedUsers } from '../queries/mutes.js';
import { OwnListInput, UserPage } from '../schema.js';

/** The users whom the viewer mutes, newest first. Three queries in two round trips (D19). */
export const listMutes = readOperation({
  name: 'listMutes',
  summary: 'The users whom you mute',
  access: 'user',
  input: OwnListInput,
  output: UserPage,
  async run(deps: ListDeps, scope, { limit, cursor }) {
    const { userId: viewerId } = requireViewer(scope);
    return await readUserPage(deps, scope, {
      kind: 'mutes',
      ownerId: viewerId,
      limit,
      cursor,
      fetch: (after, count) =>
        scope.db.rows(mutedUsers, { viewerId, beforeAt: after.key, beforeId: after.id, limit: count }),
    });
  },
});
