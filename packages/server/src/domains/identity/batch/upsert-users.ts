import type { Static } from 'typebox';
import { violates, type WriteHandle } from '../../../platform/db/index.js';
import { NovaError, platformErrors } from '../../../platform/errors/index.js';
import { newId } from '../../../platform/ids/index.js';
import { type Check, writeOperation } from '../../../platform/operation/index.js';
import { userCreated, userUpdated } from '../events.js';
import { normalizeHandle } from '../login-names.js';
import { insertExternalUsers, lockExternalIds, updateExternalUsers, usersToUpsert } from './batch-queries.js';
import { type Desired, type Planned, planUpserts } from './plan-upserts.js';
import { type UpsertedUser, UpsertedUsers, type UpsertProblem, UpsertUsersInput, type ValidUser } from './schema.js';

export interface UpsertUsersDeps {
  readonly checkUser: Check<typeof ValidUser>;
}

/**
 * Brings up to 500 users to what the rows say, by the ids that the tenant's own app has for them; the same rows again
 * change nothing. A row that cannot be taken is refused by itself, with the field and the reason. Five statements,
 * however many rows.
 */
export const upsertUsers = writeOperation({
  name: 'upsertUsers',
  summary: 'Create and change up to 500 users by the ids that your app has for them',
  access: 'secret',
  keyScope: 'users:write',
  input: UpsertUsersInput,
  output: UpsertedUsers,
  async run({ checkUser }: UpsertUsersDeps, { db }, { users }): Promise<Static<typeof UpsertedUsers>> {
    const rows = users.map((user) => validOrProblem(checkUser, user));
    const valid = rows.flatMap((row) => ('code' in row ? [] : row));
    // Sent together, run in turn: what the second sees, it sees under the lock.
    const [, known] = await Promise.all([
      db.row(lockExternalIds, {}),
      db.rows(usersToUpsert, {
        externalIds: valid.map(({ externalId }) => externalId),
        handles: valid.map(({ handle }) => handle),
      }),
    ]);
    const planned = planUpserts(rows, known, newId);
    const [created] = await Promise.all([
      insert(db, usersThatAre('created', planned)),
      update(db, usersThatAre('updated', planned)),
    ]);
    return {
      items: planned.map((row, index) => present(users[index]?.externalId ?? '', row, created)),
    };
  },
});

function validOrProblem(check: Check<typeof ValidUser>, given: unknown): ValidUser | UpsertProblem {
  try {
    const { handle, displayName, bio, ...user } = check(given);
    return {
      ...user,
      handle: normalizeHandle(handle),
      ...(displayName === undefined ? {} : { displayName: displayName.trim() }),
      ...(bio === undefined ? {} : { bio: bio.trim() }),
    };
  } catch (error) {
    const problem = error instanceof NovaError ? error.problems[0] : undefined;
    if (problem === undefined) throw error;
    return { code: 'invalid', ...problem };
  }
}

const usersThatAre = (outcome: 'created' | 'updated', planned: readonly Planned[]): Desired[] =>
  planned.flatMap((row) => (row.outcome === outcome ? row.user : []));

async function insert(db: WriteHandle, users: readonly Desired[]): Promise<ReadonlySet<string>> {
  if (users.length === 0) return new Set();
  const inserted = await db.rows(insertExternalUsers, {
    ids: users.map(({ id }) => id),
    externalIds: users.map(({ externalId }) => externalId),
    handles: users.map(({ handle }) => handle),
    displayNames: users.map(({ displayName }) => displayName),
    bios: users.map(({ bio }) => bio),
  });
  for (const { id } of inserted) db.emit(userCreated(id));
  return new Set(inserted.map(({ id }) => id));
}

async function update(db: WriteHandle, users: readonly Desired[]): Promise<void> {
  if (users.length === 0) return;
  const values = {
    ids: users.map(({ id }) => id),
    handles: users.map(({ handle }) => handle),
    displayNames: users.map(({ displayName }) => displayName),
    bios: users.map(({ bio }) => bio),
  };
  await db.run(updateExternalUsers, values).catch((error: unknown) => {
    if (!violates(error, 'users_handle_key')) throw error;
    // Nothing was changed; looked at again, it is the refusal of one row.
    throw platformErrors.unavailable({
      detail: 'a handle was taken at this very moment',
      retryAfterMs: 0,
      cause: error,
    });
  });
  for (const { id } of users) db.emit(userUpdated(id));
}

function present(externalId: string, row: Planned, created: ReadonlySet<string>): UpsertedUser {
  if (row.outcome === 'refused') return { externalId, userId: null, outcome: 'refused', problem: row.problem };
  if (row.outcome === 'created' && !created.has(row.user.id)) {
    const problem = { code: 'handle_taken', path: 'handle', reason: 'is taken' } as const;
    return { externalId, userId: null, outcome: 'refused', problem };
  }
  return { externalId, userId: row.user.id, outcome: row.outcome, problem: null };
}
