import type { WriteHandle } from '../../../platform/db/index.js';
import { newId } from '../../../platform/ids/index.js';
import { insertPrincipalChange } from './principal-queries.js';

/** Called after the commit with the user, or the tenant, of whom nothing remembered holds any more. */
export type OnPrincipalChanged = (id: string) => void;

/**
 * Leaves the note, in the transaction of its cause, at which every process forgets within a second what it remembers of
 * the user, or with null of all users of the tenant: sessions and tokens are looked up anew (I12).
 */
export async function notePrincipalChange(
  tx: WriteHandle,
  onChanged: OnPrincipalChanged,
  userId: string | null,
): Promise<void> {
  await tx.run(insertPrincipalChange, { id: newId(), userId });
  tx.afterCommit(() => onChanged(userId ?? tx.tenantId));
}
