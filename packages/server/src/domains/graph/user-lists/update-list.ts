import { requireViewer, writeOperation } from '../../../platform/operation/index.js';
import { graphErrors } from '../errors.js';
import { lockList, updateListRow } from '../queries/user-lists.js';
import { requireList } from './list-row.js';
import { UpdateListInput, UserList } from './schema.js';

/** Errors: `not_found` for what is no list of the viewer's own, `close_friends_are_private`. */
export const updateList = writeOperation({
  name: 'updateList',
  summary: 'Rename a list of yours, or show it to others; what is not given stays',
  access: 'user',
  input: UpdateListInput,
  output: UserList,
  async run(_deps: object, scope, { listId, name, isPrivate = null }) {
    const { userId: ownerId } = requireViewer(scope);
    const list = requireList(await scope.db.row(lockList, { listId, ownerId }));
    if (list.kind === 'close_friends' && isPrivate === false) throw graphErrors.close_friends_are_private();
    return requireList(await scope.db.row(updateListRow, { listId, ownerId, name: name?.trim() ?? null, isPrivate }));
  },
});
