import type { Database } from '../../platform/db/index.js';
import { RECOUNT_BATCH } from './limits.js';
import { addMissingCounts, countDrift, lockCounts, recount, usersAfter } from './queries/upkeep.js';

type SystemTransactions = Pick<Database, 'systemTransaction'>;

const NIL = '00000000-0000-0000-0000-000000000000';

export interface Repair {
  readonly checked: number;
  readonly repaired: number;
}

/**
 * Recomputes the counts of all users of all tenants from their follows, while the product goes on: a batch
 * is one transaction that holds its users' counts, so nothing is counted twice or lost.
 * @param signal ends the run between two batches; what was repaired stays repaired
 */
export async function repairGraphCounts(database: SystemTransactions, signal: AbortSignal): Promise<Repair> {
  let afterTenant = NIL;
  let afterUser = NIL;
  let checked = 0;
  let repaired = 0;
  for (;;) {
    signal.throwIfAborted();
    const batch = await database.systemTransaction(async (system) => {
      const users = await system.rows(usersAfter, { afterTenant, afterUser, limit: RECOUNT_BATCH });
      const ids = { tenantIds: users.map((user) => user.tenantId), userIds: users.map((user) => user.userId) };
      if (users.length === 0) return { users, changed: 0 };
      const [, , changed] = await Promise.all([
        system.run(addMissingCounts, ids),
        system.rows(lockCounts, ids),
        system.run(recount, ids),
      ]);
      return { users, changed };
    });
    checked += batch.users.length;
    repaired += batch.changed;
    const last = batch.users.at(-1);
    if (last === undefined) return { checked, repaired };
    afterTenant = last.tenantId;
    afterUser = last.userId;
  }
}

/**
 * How many of about `sample` users have wrong counts: 0 unless there is a fault. Reads as many follows as the
 * sampled users have.
 */
export async function sampleGraphDrift(
  database: SystemTransactions,
  sample: number,
): Promise<{ sampled: number; drifting: number }> {
  const row = await database.systemTransaction((system) => system.row(countDrift, { sample }));
  return row ?? { sampled: 0, drifting: 0 };
}
