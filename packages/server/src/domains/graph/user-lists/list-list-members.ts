import { readOperation } from '../../../platform/operation/index.js';
import { type ListDeps, readUserPage } from '../list-users.js';
import { listMembers, visibleList } from '../queries/user-lists.js';
import { UserPage } from '../schema.js';
import { requireList } from './list-row.js';
import { ListMembersInput } from './schema.js';

/** The members of a list, last added first. Four queries in two round trips (D19). Errors: `not_found` as `getList`. */
export const listListMembers = readOperation({
  name: 'listListMembers',
  summary: 'The users on a list',
  access: 'anyone',
  input: ListMembersInput,
  output: UserPage,
  async run(deps: ListDeps, scope, { listId, limit, cursor }) {
    const viewerId = scope.viewer?.userId ?? null;
    const [page, row] = await Promise.all([
      readUserPage(deps, scope, {
        kind: 'list',
        ownerId: listId,
        limit,
        cursor,
        fetch: (after, count) =>
          scope.db.rows(listMembers, { listId, viewerId, beforeAt: after.key, beforeId: after.id, limit: count }),
      }),
      scope.db.row(visibleList, { listId, viewerId }),
    ]);
    requireList(row);
    return page;
  },
});
