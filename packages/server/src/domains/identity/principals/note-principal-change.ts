import type { WriteHandle } from '../../../platform/db/index.js';
import { newId } from '../../../platform/ids/index.js';
import { insertPrincipalChange } from './principal-queries.js';

/** Called after the commit with the subject of which nothing remembered holds any more. */
export type OnPrincipalChanged = (id: string) => void;

/**
 * Leaves the note, in the transaction of its cause, at which every process forgets within a second what it remembers of
 * the subject: sessions and tokens are looked up anew (I12).
 * @param subjectId a user, a key that signs tokens, or null for all users of the tenant
 */
export async function notePrincipalChange(
  tx: WriteHandle,
  onChanged: OnPrincipalChanged,
  subjectId: string | null,
): Promise<void> {
  await tx.run(insertPrincipalChange, { id: newId(), subjectId });
  tx.afterCommit(() => onChanged(subjectId ?? tx.tenantId));
}
