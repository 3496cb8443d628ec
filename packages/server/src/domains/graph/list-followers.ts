import { readOperation } from '../../platform/operation/index.js';
import { type ListDeps, readPeopleOf } from './list-users.js';
import { followers } from './queries/lists.js';
import { UserListInput, UserPage } from './schema.js';

/** The users who follow a user, newest first; see `readPeopleOf`. */
export const listFollowers = readOperation({
  name: 'listFollowers',
  summary: 'The users who follow a user',
  access: 'anyone',
  input: UserListInput,
  output: UserPage,
  async run(deps: ListDeps, scope, { userId, limit, cursor }) {
    const viewerId = scope.viewer?.userId ?? null;
    return await readPeopleOf(deps, scope, {
      kind: 'followers',
      ownerId: userId,
      limit,
      cursor,
      fetch: (after, count) =>
        scope.db.rows(followers, { userId, viewerId, beforeAt: after.key, beforeId: after.id, limit: count }),
    });
  },
});
