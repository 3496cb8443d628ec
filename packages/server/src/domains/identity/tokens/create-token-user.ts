import { randomBytes } from 'node:crypto';
import type { Database, WriteHandle } from '../../../platform/db/index.js';
import { NovaError } from '../../../platform/errors/index.js';
import { newId } from '../../../platform/ids/index.js';
import type { Check } from '../../../platform/operation/index.js';
import { insertExternalUsers, lockExternalIds } from '../batch/batch-queries.js';
import type { ValidUser } from '../batch/schema.js';
import { userCreated } from '../events.js';
import { normalizeHandle } from '../login-names.js';

export interface TokenUserNames {
  readonly externalId: string;
  /** Claims of the token, whatever the backend has put there. */
  readonly handle: unknown;
  readonly name: unknown;
}

/** Makes the user whom a token names; nothing happens when somebody else has just done so. */
export type CreateTokenUser = (tenantId: string, names: TokenUserNames) => Promise<void>;

export function bindCreateTokenUser(
  transaction: Database['transaction'],
  checkUser: Check<typeof ValidUser>,
): CreateTokenUser {
  return async (tenantId, { externalId, handle, name }) => {
    const given =
      typeof handle === 'string' && isValid(checkUser, { externalId, handle }) ? normalizeHandle(handle) : null;
    const displayName =
      typeof name === 'string' && isValid(checkUser, { externalId, handle: 'any', displayName: name })
        ? name.trim()
        : null;
    await transaction(tenantId, async (tx) => {
      await tx.row(lockExternalIds, {});
      if (given !== null && (await insert(tx, { externalId, handle: given, displayName: displayName ?? given })))
        return;
      const made = newHandle();
      await insert(tx, { externalId, handle: made, displayName: displayName ?? given ?? made });
    });
  };
}

/** A handle that nobody chooses, for users whose token has none that is free. */
const newHandle = (): string => `user_${randomBytes(8).toString('hex')}`;

function isValid(check: Check<typeof ValidUser>, user: object): boolean {
  try {
    check(user);
    return true;
  } catch (error) {
    if (error instanceof NovaError) return false;
    throw error;
  }
}

async function insert(
  tx: WriteHandle,
  user: { readonly externalId: string; readonly handle: string; readonly displayName: string },
): Promise<boolean> {
  const id = newId();
  const inserted = await tx.rows(insertExternalUsers, {
    ids: [id],
    externalIds: [user.externalId],
    handles: [user.handle],
    displayNames: [user.displayName],
    bios: [''],
  });
  if (inserted.length > 0) tx.emit(userCreated(id));
  return inserted.length > 0;
}
