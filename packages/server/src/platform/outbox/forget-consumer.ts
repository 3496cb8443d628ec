import type { SystemHandle } from '../db/index.js';
import { forgetConsumer as forget } from './queries.js';

/**
 * Drops a consumer that no longer exists, with its events set aside: its place would keep events from being purged and,
 * in the end, from being taken (I10).
 *
 * @returns whether there was one
 */
export async function forgetConsumer(system: SystemHandle, consumer: string): Promise<boolean> {
  return (await system.run(forget, { consumer })) > 0;
}
