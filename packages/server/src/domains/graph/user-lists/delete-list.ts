import { platformErrors } from '../../../platform/errors/index.js';
import { requireViewer, writeOperation } from '../../../platform/operation/index.js';
import { deleteListRow } from '../queries/user-lists.js';
import { Nothing, OneListInput } from './schema.js';

/** Errors: `not_found` for what is no list of the viewer's own, also for one that is deleted already. */
export const deleteList = writeOperation({
  name: 'deleteList',
  summary: 'Delete a list of yours',
  access: 'user',
  input: OneListInput,
  output: Nothing,
  async run(_deps: object, scope, { listId }) {
    const { userId: ownerId } = requireViewer(scope);
    const deleted = await scope.db.run(deleteListRow, { listId, ownerId });
    if (deleted === 0) throw platformErrors.not_found({ detail: 'there is no such list' });
    return null;
  },
});
