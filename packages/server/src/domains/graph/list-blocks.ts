import { readOperation, requireViewer } from '../../platform/operation/index.js';
import { type ListDeps, readUserPage } from './list-users.js';
import { blocked } from './queries/lists.js';
import { OwnListInput, UserPage } from './schema.js';

/** The users whom the viewer blocks, newest first. Three queries in two round trips (D19). */
export const listBlocks = readOperation({
  name: 'listBlocks',
  summary: 'The users whom you block',
  access: 'user',
  input: OwnListInput,
  output: UserPage,
  async run(deps: ListDeps, scope, { limit, cursor }) {
    const { userId: viewerId } = requireViewer(scope);
    return await readUserPage(deps, scope, {
      kind: 'blocks',
      ownerId: viewerId,
      limit,
      cursor,
      fetch: (after, count) =>
        scope.db.rows(blocked, { viewerId, beforeAt: after.key, beforeId: after.id, limit: count }),
    });
  },
});
