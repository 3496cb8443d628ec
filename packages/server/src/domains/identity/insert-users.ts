import type { WriteHandle } from '../../platform/db/index.js';
import { insertUsers as insertUsersQuery, usersByIdOrHandle } from './queries.js';

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

/** A user who was not inserted: `known` when the id is there, else whichever belongs to another user. */
export interface UserLeftOut {
  readonly index: number;
  readonly reason: 'known' | 'handle_taken' | 'email_taken';
}

/**
 * Inserts many users with one statement and answers which were left out, so that an import may run again. Emits no
 * events. A few thousand at a time keep the transaction short.
 */
export async function insertUsers(tx: WriteHandle, users: readonly ImportedUser[]): Promise<UserLeftOut[]> {
  if (users.length === 0) return [];
  const rows = await tx.rows(insertUsersQuery, {
    ids: users.map((user) => user.id),
    handles: users.map((user) => user.handle),
    displayNames: users.map((user) => user.displayName),
    bios: users.map((user) => user.bio),
    emails: users.map((user) => user.email),
    passwordHashes: users.map((user) => user.passwordHash ?? null),
    createdAts: users.map((user) => user.createdAt),
  });
  const inserted = new Set(rows.map(({ id }) => id));
  const leftOut = [...users.entries()].filter(([, { id }]) => !inserted.delete(id));
  if (leftOut.length === 0) return [];
  // In a statement of its own: its snapshot must be younger than what the insert met.
  const found = await tx.rows(usersByIdOrHandle, {
    ids: leftOut.map(([, { id }]) => id),
    handles: leftOut.map(([, { handle }]) => handle),
  });
  const ids = new Set(found.map(({ id }) => id));
  const handles = new Set(found.map(({ handle }) => handle));
  return leftOut.map(([index, { id, handle }]) => {
    if (ids.has(id)) return { index, reason: 'known' };
    return { index, reason: handles.has(handle) ? 'handle_taken' : 'email_taken' };
  });
}
