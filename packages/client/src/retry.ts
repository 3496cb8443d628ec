/** When to try again, and for how long. */

export interface RetryPolicy {
  /** Requests for one call, the first included. */
  readonly maxAttempts: number;
  /** Upper bound of the wait before the second attempt, in ms; it doubles with each. */
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = { maxAttempts: 4, baseDelayMs: 200, maxDelayMs: 5_000 };

/**
 * Full jitter: anything from nothing to the bound, so that callers who failed together do not come back together.
 * (M. Brooker, "Exponential backoff and jitter", 2015.) What the server asks for is waited in any case.
 *
 * @param attempt number of the attempt that has failed, from 1
 * @param random from 0 to below 1
 */
export function delayBefore(
  attempt: number,
  retryAfterMs: number | null,
  policy: RetryPolicy,
  random: () => number = Math.random,
): number {
  const bound = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1));
  return (retryAfterMs ?? 0) + random() * bound;
}

/** `Retry-After` in ms: seconds or a date (RFC 9110, 10.2.3); undefined when it is neither. */
export function parseRetryAfter(header: string | null, now: number = Date.now()): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const at = /^[A-Z][a-z]{2},/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
