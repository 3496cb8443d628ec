import type { ValuesOf } from '../../../platform/db/index.js';
import type { usersToUpsert } from './batch-queries.js';
import type { UpsertProblem, ValidUser } from './schema.js';

export type KnownUser = ValuesOf<(typeof usersToUpsert)['row']>;

/** What a user is to be. */
export interface Desired {
  readonly id: string;
  readonly externalId: string;
  readonly handle: string;
  readonly displayName: string;
  readonly bio: string;
}

export type Planned =
  | { readonly outcome: 'created' | 'updated' | 'unchanged'; readonly user: Desired }
  | { readonly outcome: 'refused'; readonly problem: UpsertProblem };

const refused = (code: UpsertProblem['code'], path: string, reason: string): Planned => ({
  outcome: 'refused',
  problem: { code, path, reason },
});

/**
 * What is to be done for each row, in their order: of two rows that want one handle the first has it, and a handle that a
 * row gives up is free in the next batch only.
 * @param rows valid and normalised, or the problem of one that is not
 * @param known everybody who has one of the external ids or handles
 */
export function planUpserts(
  rows: readonly (ValidUser | UpsertProblem)[],
  known: readonly KnownUser[],
  newId: () => string,
): Planned[] {
  const byExternalId = new Map(known.flatMap((user) => (user.externalId === null ? [] : [[user.externalId, user]])));
  const takenBy = new Map(known.map(({ handle, id }) => [handle, id]));
  const seen = new Set<string>();
  return rows.map((row): Planned => {
    if ('code' in row) return { outcome: 'refused', problem: row };
    const { externalId, handle } = row;
    if (seen.has(externalId)) return refused('repeated', 'externalId', 'is in an earlier row of this batch');
    seen.add(externalId);
    const user = byExternalId.get(externalId);
    if (user?.deleted) return refused('deleted', 'externalId', 'is that of a user who was deleted');
    const holder = takenBy.get(handle);
    if (holder !== undefined && holder !== user?.id) return refused('handle_taken', 'handle', 'is taken');
    const desired = {
      id: user?.id ?? newId(),
      externalId,
      handle,
      displayName: row.displayName ?? user?.displayName ?? handle,
      bio: row.bio ?? user?.bio ?? '',
    };
    takenBy.set(handle, desired.id);
    if (user === undefined) return { outcome: 'created', user: desired };
    const same = user.handle === handle && user.displayName === desired.displayName && user.bio === desired.bio;
    return { outcome: same ? 'unchanged' : 'updated', user: desired };
  });
}
