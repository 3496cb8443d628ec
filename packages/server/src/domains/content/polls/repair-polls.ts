import type { Database } from '../../../platform/db/index.js';
import { REPAIR_BATCH } from '../limits.js';
import { lockPolls, pollDrift, pollsAfter, recountPolls } from '../queries/polls.js';

type SystemTransactions = Pick<Database, 'systemTransaction'>;

const NIL = '00000000-0000-0000-0000-000000000000';

/**
 * Recomputes the counts of all polls of all tenants, while votes are cast: polls whose counts are wrong are locked and
 * counted again.
 * @param signal ends the run between two batches; what was repaired stays repaired
 */
export async function repairPolls(
  database: SystemTransactions,
  signal: AbortSignal,
): Promise<{ checked: number; repaired: number }> {
  let position = { afterTenant: NIL, afterPost: NIL };
  let checked = 0;
  let repaired = 0;
  for (;;) {
    signal.throwIfAborted();
    const batch = await database.systemTransaction((system) =>
      system.rows(pollsAfter, { ...position, limit: REPAIR_BATCH }),
    );
    const last = batch.at(-1);
    if (last === undefined) return { checked, repaired };
    const wrong = batch.filter((poll) => poll.drifting);
    if (wrong.length > 0) {
      const ids = { tenantIds: wrong.map((poll) => poll.tenantId), postIds: wrong.map((poll) => poll.postId) };
      repaired += await database.systemTransaction(async (system) => {
        const [, changed] = await Promise.all([system.rows(lockPolls, ids), system.run(recountPolls, ids)]);
        return changed;
      });
    }
    checked += batch.length;
    position = { afterTenant: last.tenantId, afterPost: last.postId };
  }
}

/** How many of about `sample` polls have wrong counts: 0 unless there is a fault. Reads their votes. */
export async function samplePollDrift(
  database: SystemTransactions,
  sample: number,
): Promise<{ sampled: number; drifting: number }> {
  const row = await database.systemTransaction((system) => system.row(pollDrift, { sample }));
  return row ?? { sampled: 0, drifting: 0 };
}
