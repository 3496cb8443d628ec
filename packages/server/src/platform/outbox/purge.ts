import type { SystemHandle } from '../db/index.js';
import { forgetConsumer as forget, purgePassed, releaseGivenUp } from './queries.js';

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

/**
 * Gives events that were given up a fresh set of retries, of one consumer or of all; running consumers pick them up
 * within their poll interval, each key in order.
 *
 * @returns how many; those that wait behind them follow by themselves
 */
export async function releaseSetAside(system: SystemHandle, consumer: string | null = null): Promise<number> {
  return await system.run(releaseGivenUp, { consumer });
}

/** Drops the place of a consumer that no longer exists, which would keep events from being purged. */
export async function forgetConsumer(system: SystemHandle, consumer: string): Promise<void> {
  await system.run(forget, { consumer });
}
