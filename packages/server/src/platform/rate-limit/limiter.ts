import type { Plan } from '../operation/index.js';

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
const SECOND_MS = 1_000;

/** Requests of one caller that stop counting at the same moment. */
interface Counted {
  readonly untilMs: number;
  requests: number;
}

/**
 * Rate limits of the plans (A3) by a sliding window: a request counts for a minute, rounded up to the second so that a
 * caller is 61 numbers at the most. In no minute do more pass than the plan says, and all of them may come at once. The
 * generic cell rate algorithm keeps one number, but a full burst and what comes back meanwhile are twice the plan in the
 * first minute; a burst of half the plan would hold the bound, and give whoever calls steadily half the plan.
 */
export function createRateLimiter({ ratesPerMinute, maxEntries, now }: RateLimiterOptions): RateLimiter {
  // In order of the last request: the first is the one to forget.
  const callers = new Map<string, Counted[]>();

  return {
    take(key, plan) {
      const limit = ratesPerMinute[plan];
      const at = now();
      const counted = (callers.get(key) ?? []).filter(({ untilMs }) => untilMs > at);
      const used = counted.reduce((sum, { requests }) => sum + requests, 0);
      const allowed = used < limit;
      if (allowed) count(counted, Math.ceil(at / SECOND_MS) * SECOND_MS + MINUTE_MS);
      callers.delete(key);
      callers.set(key, counted);
      forget(callers, at, maxEntries);
      return {
        allowed,
        limit,
        remaining: allowed ? limit - used - 1 : 0,
        resetSeconds: Math.ceil(((counted.at(-1)?.untilMs ?? at) - at) / SECOND_MS),
        retryAfterMs: allowed ? 0 : Math.ceil((counted[0]?.untilMs ?? at) - at),
      };
    },
  };
}

function count(counted: Counted[], untilMs: number): void {
  const last = counted.at(-1);
  if (last?.untilMs === untilMs) last.requests += 1;
  else counted.push({ untilMs, requests: 1 });
}

/** For when limits are turned off. */
export function createUnlimitedRateLimiter(): RateLimiter {
  return { take: () => null };
}

/**
 * Those without a request that counts, so that memory follows the requests of the last minute; beyond `maxEntries` also
 * others, who start anew: what a bound on memory costs.
 */
function forget(callers: Map<string, readonly Counted[]>, at: number, maxEntries: number): void {
  for (const [key, counted] of callers) {
    if (callers.size <= maxEntries && counted.some(({ untilMs }) => untilMs > at)) return;
    callers.delete(key);
  }
}
