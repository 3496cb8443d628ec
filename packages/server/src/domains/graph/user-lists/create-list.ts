import { violates } from '../../../platform/db/index.js';
import { newId } from '../../../platform/ids/index.js';
import { requireViewer, writeOperation } from '../../../platform/operation/index.js';
import { graphErrors } from '../errors.js';
import { MAX_LISTS } from '../limits.js';
import { insertList, lockLists } from '../queries/user-lists.js';
import { presentList } from './list-row.js';
import { CreateListInput, UserList } from './schema.js';

/**
 * Makes a list of users, private unless said otherwise. Errors: `list_limit_reached`; `close_friends_exist` for a
 * second list of them, `close_friends_are_private`.
 */
export const createList = writeOperation({
  name: 'createList',
  summary: 'Make a list of users',
  access: 'user',
  input: CreateListInput,
  output: UserList,
  async run(_deps: object, scope, { name, kind = 'named', isPrivate = true }) {
    const { userId: ownerId } = requireViewer(scope);
    if (kind === 'close_friends' && !isPrivate) throw graphErrors.close_friends_are_private();
    const list = { id: newId(), ownerId, name: name.trim(), kind, isPrivate, limit: MAX_LISTS };
    const [, row] = await Promise.all([scope.db.row(lockLists, { ownerId }), scope.db.row(insertList, list)]).catch(
      (error: unknown) => {
        throw violates(error, 'user_lists_close_friends_key')
          ? graphErrors.close_friends_exist({ cause: error })
          : error;
      },
    );
    if (row === undefined) throw graphErrors.list_limit_reached();
    return presentList(row);
  },
});
