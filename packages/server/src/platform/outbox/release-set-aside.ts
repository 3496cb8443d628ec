import type { SystemHandle } from '../db/index.js';
import { releaseGivenUp } from './queries.js';

/** All that was given up, or what is of this consumer and has this id. */
export interface GivenUp {
  readonly consumer?: string | undefined;
  readonly eventId?: number | undefined;
}

/**
 * Gives events that were given up a fresh set of retries; running consumers pick them up within their poll interval,
 * each key in order.
 *
 * @returns how many; those that wait behind them follow by themselves
 */
export async function releaseSetAside(system: SystemHandle, { consumer, eventId }: GivenUp = {}): Promise<number> {
  return await system.run(releaseGivenUp, { consumer: consumer ?? null, event: eventId ?? null });
}
