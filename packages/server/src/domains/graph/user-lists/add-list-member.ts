import { platformErrors } from '../../../platform/errors/index.js';
import { requireViewer, writeOperation } from '../../../platform/operation/index.js';
import { graphErrors } from '../errors.js';
import { MAX_LIST_MEMBERS } from '../limits.js';
import { lockPair } from '../queries/changes.js';
import { insertListMember, lockList } from '../queries/user-lists.js';
import { readStanding } from '../relations.js';
import { requireList } from './list-row.js';
import { ListMemberInput, UserList } from './schema.js';

/**
 * Puts a user on a list of the viewer's, whether they follow them or not; the user is not told. Doing it again changes
 * nothing. Errors: `not_found` for what is no list of the viewer's own and where `followUser` does, `list_full`.
 */
export const addListMember = writeOperation({
  name: 'addListMember',
  summary: 'Put a user on a list of yours',
  access: 'user',
  input: ListMemberInput,
  output: UserList,
  async run(_deps: object, scope, { listId, userId }) {
    const { userId: ownerId } = requireViewer(scope);
    // Under the lock of the pair no block is set that would have taken the member from the list.
    const [, row, standing] = await Promise.all([
      scope.db.row(lockPair, { userA: ownerId, userB: userId }),
      scope.db.row(lockList, { listId, ownerId }),
      readStanding(scope.db, ownerId, userId),
    ]);
    const list = requireList(row);
    if (!standing.exists || standing.hidden) throw platformErrors.not_found({ detail: 'there is no such user' });
    const counted = await scope.db.row(insertListMember, { listId, ownerId, memberId: userId });
    if (counted !== undefined && counted.memberCount > MAX_LIST_MEMBERS) throw graphErrors.list_full();
    return { ...list, memberCount: counted?.memberCount ?? list.memberCount };
  },
});
