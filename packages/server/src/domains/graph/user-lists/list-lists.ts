import { readPage } from '../../../platform/cursor/index.js';
import { readOperation } from '../../../platform/operation/index.js';
import { type ListDeps, seesPeopleOf, standingTo } from '../list-users.js';
import { listsOfOwner } from '../queries/user-lists.js';
import { UserListInput } from '../schema.js';
import { presentList } from './list-row.js';
import { UserListPage } from './schema.js';

/** A user's lists, newest first: of the viewer's own all, of others those that are not private. Two queries, one round trip. */
export const listLists = readOperation({
  name: 'listLists',
  summary: 'The lists of a user: your own, or what others show of theirs',
  access: 'anyone',
  input: UserListInput,
  output: UserListPage,
  async run(deps: Pick<ListDeps, 'cursors' | 'relations'>, scope, { userId: ownerId, limit, cursor }) {
    const viewerId = scope.viewer?.userId ?? null;
    const [page, owner] = await Promise.all([
      readPage(deps.cursors, {
        list: `lists/${scope.tenant.id}/${ownerId}`,
        limit,
        cursor,
        fetch: ({ key, id }, count) =>
          scope.db.rows(listsOfOwner, { ownerId, viewerId, beforeAt: key, beforeId: id, limit: count }),
        positionOf: ({ createdAt, id }) => ({ key: createdAt, id }),
      }),
      standingTo(deps, scope, ownerId),
    ]);
    if (!seesPeopleOf(viewerId, ownerId, owner)) return { items: [], nextCursor: null };
    return { items: page.items.map(presentList), nextCursor: page.nextCursor };
  },
});
