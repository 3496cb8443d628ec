import type { SystemHandle } from '../db/index.js';
import { purgePassed } from './queries.js';

/** Kept after every consumer has passed: for those who ask what happened yesterday, and for new consumers. */
const OUTBOX_RETENTION_MS = 24 * 60 * 60 * 1_000;

/**
 * Deletes a bounded number of events that every known consumer has passed and that are older than the retention.
 *
 * @returns how many; as many as `limit` means that there may be more
 */
export async function purgeOutbox(
  system: SystemHandle,
  limit = 5_000,
  retentionMs = OUTBOX_RETENTION_MS,
): Promise<number> {
  return await system.run(purgePassed, { limit, retentionMs });
}
