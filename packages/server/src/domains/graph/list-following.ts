import { readOperation } from '../../platform/operation/index.js';
import { type ListDeps, readPeopleOf } from './list-users.js';
import { following } from './queries/lists.js';
import { UserListInput, UserPage } from './schema.js';

/** The users whom a user follows, newest first; see `readPeopleOf`. */
export const listFollowing = readOperation({
  name: 'listFollowing',
  summary: 'The users whom a user follows',
  access: 'anyone',
  input: UserListInput,
  output: UserPage,
  async run(deps: ListDeps, scope, { userId, limit, cursor }) {
    const viewerId = scope.viewer?.userId ?? null;
    return await readPeopleOf(deps, scope, {
      kind: 'following',
      ownerId: userId,
      limit,
      cursor,
      fetch: (after, count) =>
        scope.db.rows(following, { userId, viewerId, beforeAt: after.key, beforeId: after.id, limit: count }),
    });
  },
});
