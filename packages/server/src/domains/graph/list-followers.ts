import { readOperation } from '../../platform/operation/index.js';
import { type ListDeps, readUserPage, requireVisibleUser } from './list-users.js';
import { followers } from './queries/lists.js';
import { UserListInput, UserPage } from './schema.js';

/** The users who follow a user, newest first. At most four queries in two round trips, whatever the page size (D19). */
export const listFollowers = readOperation({
  name: 'listFollowers',
  summary: 'The users who follow a user',
  access: 'anyone',
  input: UserListInput,
  output: UserPage,
  async run(deps: ListDeps, scope, { userId, limit, cursor }) {
    const viewerId = scope.viewer?.userId ?? null;
    const [page] = await Promise.all([
      readUserPage(deps, scope, {
        kind: 'followers',
        ownerId: userId,
        limit,
        cursor,
        fetch: (after, count) =>
          scope.db.rows(followers, { userId, viewerId, beforeAt: after.key, beforeId: after.id, limit: count }),
      }),
      requireVisibleUser(deps, scope, userId),
    ]);
    return page;
  },
});
