import type { Plan } from '../operation/index.js';
import { WindowCounter } from './window-counter.js';

/** Where a caller stands after a request. */
export interface RateLimit {
  readonly allowed: boolean;
  /** Requests that may come in a minute, at once or not. */
  readonly limit: number;
  /** Requests that may still come at once. */
  readonly remaining: number;
  /** Seconds until the whole limit is there again. */
  readonly resetSeconds: number;
  /** 0 when allowed. */
  readonly retryAfterMs: number;
}

export interface RateLimiter {
  /**
   * Counts one request of a caller; `null` when limits are off.
   * @param ownLimit in place of the plan's
   */
  take(key: string, plan: Plan, ownLimit?: number): RateLimit | null;
}

export interface RateLimiterOptions {
  readonly ratesPerMinute: Readonly<Record<Plan, number>>;
  /** Callers remembered; past it the one that has been quiet for longest is forgotten (I10). */
  readonly maxEntries: number;
  /** A monotonic clock in ms. */
  readonly now: () => number;
}

const SECOND_MS = 1_000;

/**
 * Rate limits of the plans (A3) by a sliding window: a request counts for a minute, rounded up to the second so that a
 * caller is 61 numbers at the most. In no minute do more pass than the plan says, and all of them may come at once. The
 * generic cell rate algorithm keeps one number, but a full burst and what comes back meanwhile are twice the plan in the
 * first minute; a burst of half the plan would hold the bound, and give whoever calls steadily half the plan.
 */
export function createRateLimiter({ ratesPerMinute, maxEntries, now }: RateLimiterOptions): RateLimiter {
  // In order of the last request: the first is the one to forget.
  const callers = new Map<string, WindowCounter>();

  return {
    take(key, plan, ownLimit) {
      const limit = ownLimit ?? ratesPerMinute[plan];
      const at = now();
      const counter = callers.get(key) ?? new WindowCounter();
      const used = counter.used(at);
      const allowed = used < limit;
      if (allowed) counter.add(at);
      callers.delete(key);
      callers.set(key, counter);
      forget(callers, at, maxEntries);
      return {
        allowed,
        limit,
        remaining: allowed ? limit - used - 1 : 0,
        resetSeconds: Math.ceil(((counter.lastUntilMs ?? at) - at) / SECOND_MS),
        retryAfterMs: allowed ? 0 : Math.ceil((counter.firstUntilMs ?? at) - at),
      };
    },
  };
}

/**
 * For when limits are turned off.
 * @param own counts for whoever has a limit in place of the plan's all the same
 */
export function createUnlimitedRateLimiter(own?: RateLimiter): RateLimiter {
  return { take: (key, plan, ownLimit) => (ownLimit === undefined ? null : (own?.take(key, plan, ownLimit) ?? null)) };
}

/**
 * Those without a request that counts, so that memory follows the requests of the last minute; beyond `maxEntries` also
 * others, who start anew: what a bound on memory costs.
 */
function forget(callers: Map<string, WindowCounter>, at: number, maxEntries: number): void {
  for (const [key, counter] of callers) {
    if (callers.size <= maxEntries && counter.used(at) > 0) return;
    callers.delete(key);
  }
}
