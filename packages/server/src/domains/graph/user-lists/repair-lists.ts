import type { Database } from '../../../platform/db/index.js';
import { RECOUNT_BATCH } from '../limits.js';
import { listDrift, listsAfter, lockDriftingLists, recountLists } from '../queries/list-upkeep.js';
import type { Repair } from '../repair-counts.js';

type SystemTransactions = Pick<Database, 'systemTransaction'>;

const NIL = '00000000-0000-0000-0000-000000000000';

/**
 * Recomputes the member counts of all lists of all tenants, while the product goes on: lists whose count is wrong are
 * locked and counted again.
 * @param signal ends the run between two batches; what was repaired stays repaired
 */
export async function repairListCounts(database: SystemTransactions, signal: AbortSignal): Promise<Repair> {
  let afterTenant = NIL;
  let afterList = NIL;
  let checked = 0;
  let repaired = 0;
  for (;;) {
    signal.throwIfAborted();
    const batch = await database.systemTransaction((system) =>
      system.rows(listsAfter, { afterTenant, afterList, limit: RECOUNT_BATCH }),
    );
    const last = batch.at(-1);
    if (last === undefined) return { checked, repaired };
    const wrong = batch.filter((list) => list.drifting);
    if (wrong.length > 0) {
      const ids = { tenantIds: wrong.map((list) => list.tenantId), listIds: wrong.map((list) => list.listId) };
      repaired += await database.systemTransaction(async (system) => {
        const [, changed] = await Promise.all([system.rows(lockDriftingLists, ids), system.run(recountLists, ids)]);
        return changed;
      });
    }
    checked += batch.length;
    afterTenant = last.tenantId;
    afterList = last.listId;
  }
}

/** How many of about `sample` lists have a wrong member count: 0 unless there is a fault. Reads their members. */
export async function sampleListDrift(
  database: SystemTransactions,
  sample: number,
): Promise<{ sampled: number; drifting: number }> {
  const row = await database.systemTransaction((system) => system.row(listDrift, { sample }));
  return row ?? { sampled: 0, drifting: 0 };
}
