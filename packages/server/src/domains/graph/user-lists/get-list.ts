import { readOperation } from '../../../platform/operation/index.js';
import { visibleList } from '../queries/user-lists.js';
import { requireList } from './list-row.js';
import { OneListInput, UserList } from './schema.js';

/** Errors: `not_found`, also for lists that are not for the viewer. */
export const getList = readOperation({
  name: 'getList',
  summary: 'A list of users',
  access: 'anyone',
  input: OneListInput,
  output: UserList,
  async run(_deps: object, scope, { listId }) {
    return requireList(await scope.db.row(visibleList, { listId, viewerId: scope.viewer?.userId ?? null }));
  },
});
