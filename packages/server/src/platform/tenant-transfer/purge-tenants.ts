import type { SystemHandle } from '../db/index.js';
import { inForeignKeyOrder } from './catalogue.js';
import { closedTenant, deleteTenant, tenantTables } from './queries.js';
import { deleteRows } from './transfer-sql.js';

/** From the closing to the first deletion: requests and consumers that had begun before have ended. */
const GRACE_SECONDS = 60;
/** Their consumers would miss the rows that they speak of. */
const FIRST = ['outbox', 'outbox_set_aside'];
/** Notes that triggers make when the rows of other tables go; they refer to users. */
const NOTES = ['relation_changes'];

/**
 * Deletes some rows of a closed tenant, and the tenant itself when none is left: a batch at a time, so that it may be
 * interrupted and goes on. For the job of one process at a time.
 * @returns how many rows it deleted
 */
export async function purgeClosedTenants(
  system: SystemHandle,
  limit: number,
  graceSeconds = GRACE_SECONDS,
): Promise<number> {
  const tenant = await system.row(closedTenant, { graceSeconds });
  if (tenant === undefined) return 0;
  const tables = inForeignKeyOrder(await system.rows(tenantTables, {})).reverse();
  const ordered = [
    ...tables.filter(({ name }) => FIRST.includes(name)),
    ...tables.filter(({ name }) => ![...FIRST, ...NOTES, 'users', 'tenants'].includes(name)),
    ...tables.filter(({ name }) => NOTES.includes(name)),
    ...tables.filter(({ name }) => name === 'users'),
  ];
  let deleted = 0;
  for (const table of ordered) {
    // A table that points to itself gives the rows at its ends first, level by level.
    for (let of = -1; of !== 0 && deleted < limit; deleted += of) {
      of = await system.run(deleteRows(table), { tenantId: tenant.id, limit: limit - deleted });
    }
    if (deleted >= limit) return deleted;
  }
  await system.run(deleteTenant, { id: tenant.id });
  // Another one may wait.
  return limit;
}
