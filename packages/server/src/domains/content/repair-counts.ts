import type { Database } from '../../platform/db/index.js';
import { REPAIR_BATCH } from './limits.js';
import {
  correctMarks,
  driftingUsage,
  hashtagsAfter,
  likeCountsAfter,
  likeDrift,
  lockPosts,
  lockUsage,
  recountLikes,
  recountUsage,
} from './queries/upkeep.js';

type SystemTransactions = Pick<Database, 'systemTransaction'>;

const NIL = '00000000-0000-0000-0000-000000000000';

export interface Repair {
  readonly checked: number;
  readonly repaired: number;
}

/**
 * Recomputes the like counts of all posts of all tenants, while the product goes on: posts whose count is wrong are
 * locked and counted again.
 * @param signal ends the run between two batches; what was repaired stays repaired
 */
export async function repairLikeCounts(database: SystemTransactions, signal: AbortSignal): Promise<Repair> {
  let afterTenant = NIL;
  let afterPost = NIL;
  let checked = 0;
  let repaired = 0;
  for (;;) {
    signal.throwIfAborted();
    const batch = await database.systemTransaction((system) =>
      system.rows(likeCountsAfter, { afterTenant, afterPost, limit: REPAIR_BATCH }),
    );
    const last = batch.at(-1);
    if (last === undefined) return { checked, repaired };
    const wrong = batch.filter((post) => post.drifting);
    if (wrong.length > 0) {
      const ids = { tenantIds: wrong.map((post) => post.tenantId), postIds: wrong.map((post) => post.postId) };
      repaired += await database.systemTransaction(async (system) => {
        const [, changed] = await Promise.all([system.rows(lockPosts, ids), system.run(recountLikes, ids)]);
        return changed;
      });
    }
    checked += batch.length;
    afterTenant = last.tenantId;
    afterPost = last.postId;
  }
}

/**
 * Recomputes the usage of all hashtags of all tenants from their posts, while events go on being counted. One
 * transaction holds one hashtag at most, so it cannot deadlock with the consumer, which may hold several.
 */
export async function repairHashtagUsage(database: SystemTransactions, signal: AbortSignal): Promise<Repair> {
  let afterTenant = NIL;
  let afterHashtag = '';
  let checked = 0;
  let repaired = 0;
  for (;;) {
    signal.throwIfAborted();
    const batch = await database.systemTransaction((system) =>
      system.rows(hashtagsAfter, { afterTenant, afterHashtag, limit: REPAIR_BATCH }),
    );
    const last = batch.at(-1);
    if (last === undefined) return { checked, repaired };
    const keys = { tenantIds: batch.map((row) => row.tenantId), hashtags: batch.map((row) => row.hashtag) };
    await database.systemTransaction((system) => system.run(correctMarks, keys));
    const wrong = await database.systemTransaction((system) => system.rows(driftingUsage, keys));
    for (const key of wrong) {
      await database.systemTransaction(async (system) => {
        await Promise.all([system.run(lockUsage, key), system.run(recountUsage, key)]);
      });
    }
    checked += batch.length;
    repaired += wrong.length;
    afterTenant = last.tenantId;
    afterHashtag = last.hashtag;
  }
}

/** How many of about `sample` posts have a wrong like count: 0 unless there is a fault. Reads their likes. */
export async function sampleLikeDrift(
  database: SystemTransactions,
  sample: number,
): Promise<{ sampled: number; drifting: number }> {
  const row = await database.systemTransaction((system) => system.row(likeDrift, { sample }));
  return row ?? { sampled: 0, drifting: 0 };
}
