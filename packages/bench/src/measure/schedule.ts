/**
 * The instants at which an open loop means to send: fixed beforehand, whatever the server does. A request that goes
 * out late because the server is slow is still counted from its instant, or the worst moments would go unmeasured
 * ("coordinated omission").
 */
export interface Schedule {
  readonly startMs: number;
  /** Requests per second. */
  readonly rate: number;
  /** How many requests there are in all. */
  readonly total: number;
}

/** A schedule of evenly spaced requests over `durationMs`; at least one. */
export function scheduleOf(startMs: number, rate: number, durationMs: number): Schedule {
  if (!(rate > 0)) throw new RangeError(`a rate must be above 0, not ${rate}`);
  return { startMs, rate, total: Math.max(Math.floor((rate * durationMs) / 1_000), 1) };
}

/** When request `index` (from 0) is to be sent. */
export function intendedMs({ startMs, rate }: Schedule, index: number): number {
  return startMs + (index * 1_000) / rate;
}

/** How many requests are to have been sent by `nowMs`. */
export function dueBy({ startMs, rate, total }: Schedule, nowMs: number): number {
  if (nowMs < startMs) return 0;
  return Math.min(Math.floor(((nowMs - startMs) * rate) / 1_000) + 1, total);
}
