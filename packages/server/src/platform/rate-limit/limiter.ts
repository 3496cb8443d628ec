import type { Plan } from '../operation/index.js';

/** Where a caller stands after a request. */
export interface RateLimit {
  readonly allowed: boolean;
  /** Requests that may come at once after a pause; also the allowance per minute. */
  readonly limit: number;
  /** Requests that may still come at once. */
  readonly remaining: number;
  /** Seconds until the whole limit is there again. */
  readonly resetSeconds: number;
  /** 0 when allowed. */
  readonly retryAfterMs: number;
}

export interface RateLimiter {
  /** Counts one request of a caller; `null` when limits are off. */
  take(key: string, plan: Plan): RateLimit | null;
}

export interface RateLimiterOptions {
  readonly ratesPerMinute: Readonly<Record<Plan, number>>;
  /** Callers remembered; past it the one that has been quiet for longest is forgotten (I10). */
  readonly maxEntries: number;
  /** A monotonic clock in ms. */
  readonly now: () => number;
}

const MINUTE_MS = 60_000;
const TOLERANCE_MS = 0.01;

/**
 * Rate limits of the plans (A3) by the generic cell rate algorithm in its virtual scheduling form (ITU-T I.371,
 * annex A.1; https://brandur.org/rate-limiting): the whole state of a caller is one number, the theoretical
 * arrival time (TAT) of its next request. A caller may use the allowance of a minute at once, and then gets it
 * back evenly: in any span of t minutes at most rate * (1 + t) requests pass.
 */
export function createRateLimiter({ ratesPerMinute, maxEntries, now }: RateLimiterOptions): RateLimiter {
  // In order of the last request: the first is the one to forget. Whoever is forgotten while its TAT lies ahead
  // starts anew, which a bound on memory costs; with entries to spare those are long past.
  const arrivals = new Map<string, number>();

  return {
    take(key, plan) {
      const limit = ratesPerMinute[plan];
      const interval = MINUTE_MS / limit;
      const at = now();
      const arrival = Math.max(arrivals.get(key) ?? at, at);
      const next = arrival + interval;
      // How far past the burst; the tolerance is for the errors of adding up fractions of milliseconds.
      const excess = next - at - MINUTE_MS - TOLERANCE_MS;
      const allowed = excess <= 0;
      arrivals.delete(key);
      arrivals.set(key, allowed ? next : arrival);
      if (arrivals.size > maxEntries) forgetOldest(arrivals);
      const used = allowed ? next - at : arrival - at;
      return {
        allowed,
        limit,
        remaining: allowed ? Math.floor(-excess / interval) : 0,
        resetSeconds: Math.ceil(used / 1000),
        retryAfterMs: allowed ? 0 : Math.ceil(excess),
      };
    },
  };
}

/** For when limits are turned off. */
export function createUnlimitedRateLimiter(): RateLimiter {
  return { take: () => null };
}

function forgetOldest(arrivals: Map<string, number>): void {
  for (const key of arrivals.keys()) {
    arrivals.delete(key);
    return;
  }
}
