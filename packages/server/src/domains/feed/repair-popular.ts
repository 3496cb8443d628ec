import type { Database } from '../../platform/db/index.js';
import { HEAT } from './heat.js';
import { lockRepaired, popularAfter, repairPopular } from './queries/popular.js';

const NIL = '00000000-0000-0000-0000-000000000000';
/** Posts looked at in one statement. */
const REPAIR_BATCH = 500;

/**
 * Brings `popular_posts` to what the posts of all tenants say, while the product goes on; after an import it fills it.
 * @param signal ends the run between two batches; what was repaired stays repaired
 */
export async function repairPopularPosts(
  database: Pick<Database, 'systemTransaction'>,
  signal: AbortSignal,
): Promise<{ checked: number; repaired: number }> {
  let [afterTenant, afterPost] = [NIL, NIL];
  let checked = 0;
  let repaired = 0;
  for (;;) {
    signal.throwIfAborted();
    const batch = await database.systemTransaction((system) =>
      system.rows(popularAfter, { afterTenant, afterPost, limit: REPAIR_BATCH, ...HEAT }),
    );
    const last = batch.at(-1);
    if (last === undefined) return { checked, repaired };
    const wrong = batch.filter(({ drifting }) => drifting);
    if (wrong.length > 0) {
      const ids = { tenantIds: wrong.map(({ tenantId }) => tenantId), postIds: wrong.map(({ postId }) => postId) };
      await database.systemTransaction(async (system) => {
        await Promise.all([system.rows(lockRepaired, ids), system.run(repairPopular, { ...ids, ...HEAT })]);
      });
    }
    checked += batch.length;
    repaired += wrong.length;
    afterTenant = last.tenantId;
    afterPost = last.postId;
  }
}
