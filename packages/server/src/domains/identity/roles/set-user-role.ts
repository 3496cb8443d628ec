import { platformErrors } from '../../../platform/errors/index.js';
import { newId } from '../../../platform/ids/index.js';
import { writeOperation } from '../../../platform/operation/index.js';
import { identityErrors } from '../errors.js';
import { userRoleChanged } from '../events.js';
import { notePrincipalChange, type OnPrincipalChanged } from '../principals/note-principal-change.js';
import { changeRole, lockRoles, standingOfUser } from './role-queries.js';
import { SetUserRoleInput, UserRole } from './schema.js';

/**
 * Gives a user a role; the one that they have already changes nothing. It holds within a second on every process, open
 * sessions included. Errors: `last_owner` for the only owner, `not_found` for unknown and deleted users.
 */
export const setUserRole = writeOperation({
  name: 'setUserRole',
  summary: 'Give a user a role',
  access: 'owner',
  keyScope: 'users:write',
  input: SetUserRoleInput,
  output: UserRole,
  async run({ onPrincipalChanged }: { readonly onPrincipalChanged: OnPrincipalChanged }, scope, { userId, role }) {
    const { db, viewer, keyId } = scope;
    // Sent together, run in turn: what the second sees, it sees under the lock.
    const [, standing] = await Promise.all([db.row(lockRoles, {}), db.row(standingOfUser, { userId })]);
    if (standing === undefined) throw platformErrors.not_found({ detail: 'there is no such user' });
    if (standing.role === role) return { userId, role };
    if (standing.role === 'owner' && !standing.otherOwner) throw identityErrors.last_owner();
    await Promise.all([
      db.run(changeRole, {
        id: newId(),
        userId,
        role,
        changedByUserId: viewer?.userId ?? null,
        changedByKeyId: viewer === null ? keyId : null,
      }),
      notePrincipalChange(db, onPrincipalChanged, userId),
    ]);
    db.emit(userRoleChanged(userId, role));
    return { userId, role };
  },
});
