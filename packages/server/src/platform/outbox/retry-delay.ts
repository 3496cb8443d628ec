/** After each failure, in ms: five retries within 82 s, so that a short outage of something else passes. */
export const RETRY_DELAYS_MS: readonly number[] = [250, 1_000, 5_000, 15_000, 60_000];

/** How long to wait after the given number of failures; `null` when the retries are used up. */
export function retryDelayMs(failures: number, delaysMs: readonly number[]): number | null {
  const delayMs = delaysMs[failures - 1];
  // Jitter keeps events that failed together from coming back together.
  return delayMs === undefined ? null : delayMs * (0.75 + Math.random() / 2);
}
