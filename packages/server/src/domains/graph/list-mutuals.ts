import { readOperation, requireViewer } from '../../platform/operation/index.js';
import { type ListDeps, readUserPage, standingTo, type UserEntry } from './list-users.js';
import { mutuals } from './queries/mutuals.js';
import { CountedUserPage, UserListInput } from './schema.js';

/**
 * The followers of a user whom the viewer follows, newest follow first, and how many there are. Of a private account
 * too: whom the viewer follows lets them see whom they follow. Four queries in two round trips (D19).
 */
export const listMutuals = readOperation({
  name: 'listMutuals',
  summary: 'The followers of a user whom you follow',
  access: 'user',
  input: UserListInput,
  output: CountedUserPage,
  async run(deps: ListDeps, scope, { userId, limit, cursor }) {
    const { userId: viewerId } = requireViewer(scope);
    let count = 0;
    const [page] = await Promise.all([
      readUserPage(deps, scope, {
        kind: 'mutuals',
        // Other viewers have other ones.
        ownerId: `${userId}/${viewerId}`,
        limit,
        cursor,
        fetch: async ({ key, id }, wanted) => {
          const values = { viewerId, userIds: [userId], beforeAt: key, beforeId: id, limit: wanted };
          const found = await scope.db.row(mutuals, values);
          count = found?.count ?? 0;
          return found === undefined ? [] : entriesOf(found);
        },
      }),
      standingTo(deps, scope, userId),
    ]);
    return { ...page, count };
  },
});

export function entriesOf(found: {
  readonly userIds: readonly string[];
  readonly ats: readonly string[];
}): UserEntry[] {
  return found.userIds.map((userId, index) => ({ userId, at: found.ats[index] ?? '' }));
}
