import { platformErrors } from '../../../platform/errors/index.js';
import { newId } from '../../../platform/ids/index.js';
import type { WriteScope } from '../../../platform/operation/index.js';
import { identityErrors } from '../errors.js';
import { userDeleted } from '../events.js';
import { notePrincipalChange, type OnPrincipalChanged } from '../principals/note-principal-change.js';
import { changeRole, lockRoles, standingOfUser } from '../roles/role-queries.js';
import { eraseAccount } from './erasure-queries.js';

export interface EndAccountDeps {
  readonly onPrincipalChanged: OnPrincipalChanged;
  /** Called after the commit: there is something to erase. */
  readonly onAccountEnded: () => void;
}

/**
 * Ends an account at once: it is invisible with the commit, and its sessions and tokens, which are looked up anew, are dead
 * within a second (I12). What else is held of it is erased afterwards, by erasure-worker.ts. Throws `not_found`, `last_owner`.
 */
export async function endAccount(
  { onPrincipalChanged, onAccountEnded }: EndAccountDeps,
  { db, viewer, keyId }: WriteScope,
  userId: string,
): Promise<void> {
  const [, standing] = await Promise.all([db.row(lockRoles, {}), db.row(standingOfUser, { userId })]);
  if (standing === undefined) throw platformErrors.not_found({ detail: 'there is no such user' });
  if (standing.role === 'owner' && !standing.otherOwner) throw identityErrors.last_owner();
  if (standing.role !== 'member') {
    await db.run(changeRole, {
      id: newId(),
      userId,
      role: 'member',
      changedByUserId: viewer?.userId ?? null,
      changedByKeyId: viewer === null ? keyId : null,
    });
  }
  await Promise.all([db.run(eraseAccount, { userId }), notePrincipalChange(db, onPrincipalChanged, userId)]);
  db.emit(userDeleted(userId));
  db.afterCommit(onAccountEnded);
}
