import type { WriteHandle } from '../../platform/db/index.js';
import { insertUsers as insertUsersQuery } from './queries.js';

export interface ImportedUser {
  readonly id: string;
  /** Normalised: `a-z`, `0-9` and `_`, 3 to 30. */
  readonly handle: string;
  /** 1 to 100 characters. */
  readonly displayName: string;
  /** At most 500 characters. */
  readonly bio: string;
  /** Normalised (trimmed, lower case); null for a user who cannot sign in with one. */
  readonly email: string | null;
  /** argon2id in PHC format; absent for a user who cannot sign in. */
  readonly passwordHash?: string | null;
  /** RFC 3339. */
  readonly createdAt: string;
}

/**
 * Inserts many users with one statement and answers how many there were new. Those whose id, handle or
 * e-mail address exists already are passed over, so that an import may run again. Emits no events.
 * A few thousand at a time keep the transaction short.
 */
export async function insertUsers(tx: WriteHandle, users: readonly ImportedUser[]): Promise<number> {
  if (users.length === 0) return 0;
  const row = await tx.row(insertUsersQuery, {
    ids: users.map((user) => user.id),
    handles: users.map((user) => user.handle),
    displayNames: users.map((user) => user.displayName),
    bios: users.map((user) => user.bio),
    emails: users.map((user) => user.email),
    passwordHashes: users.map((user) => user.passwordHash ?? null),
    createdAts: users.map((user) => user.createdAt),
  });
  return row?.inserted ?? 0;
}
