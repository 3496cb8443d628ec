import { requireViewer, writeOperation } from '../../../platform/operation/index.js';
import { deleteListMember, lockList } from '../queries/user-lists.js';
import { requireList } from './list-row.js';
import { ListMemberInput, UserList } from './schema.js';

/** Takes a user from a list; one who is not on it changes nothing. Errors: `not_found` for what is no list of the viewer's own. */
export const removeListMember = writeOperation({
  name: 'removeListMember',
  summary: 'Take a user from a list of yours',
  access: 'user',
  input: ListMemberInput,
  output: UserList,
  async run(_deps: object, scope, { listId, userId }) {
    const { userId: ownerId } = requireViewer(scope);
    const list = requireList(await scope.db.row(lockList, { listId, ownerId }));
    const counted = await scope.db.row(deleteListMember, { listId, memberId: userId });
    return { ...list, memberCount: counted?.memberCount ?? list.memberCount };
  },
});
