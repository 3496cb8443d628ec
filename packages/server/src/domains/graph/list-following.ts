import { readOperation } from '../../platform/operation/index.js';
import { type ListDeps, readUserPage, requireVisibleUser } from './list-users.js';
import { following } from './queries/lists.js';
import { UserListInput, UserPage } from './schema.js';

/** The users whom a user follows, newest first. At most four queries in two round trips, whatever the page size (D19). */
export const listFollowing = readOperation({
  name: 'listFollowing',
  summary: 'The users whom a user follows',
  access: 'anyone',
  input: UserListInput,
  output: UserPage,
  async run(deps: ListDeps, scope, { userId, limit, cursor }) {
    const viewerId = scope.viewer?.userId ?? null;
    const [page] = await Promise.all([
      readUserPage(deps, scope, {
        kind: 'following',
        ownerId: userId,
        limit,
        cursor,
        fetch: (after, count) =>
          scope.db.rows(following, { userId, viewerId, beforeAt: after.key, beforeId: after.id, limit: count }),
      }),
      requireVisibleUser(deps, scope, userId),
    ]);
    return page;
  },
});
