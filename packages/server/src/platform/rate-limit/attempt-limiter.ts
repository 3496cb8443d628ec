/** Counts what somebody may try a few times only. */
export interface AttemptLimiter {
  /**
   * Counts an attempt before it is made, so that many at once are not more than as many in turn.
   * @returns 0, or how many ms from now another may be made: then this one was not counted and is not to be made
   */
  begin(key: string): number;
  /** The attempt was in order: it does not count. */
  takeBack(key: string): void;
}

export interface AttemptLimiterOptions {
  readonly limit: number;
  /** From the first attempt that counts, in ms; after it all are forgotten. */
  readonly windowMs: number;
  /** Keys remembered; past it the one that began first is forgotten (I10). */
  readonly maxEntries: number;
  /** A monotonic clock in ms. */
  readonly now: () => number;
}

interface Attempts {
  readonly untilMs: number;
  count: number;
}

export function createAttemptLimiter({ limit, windowMs, maxEntries, now }: AttemptLimiterOptions): AttemptLimiter {
  // In order of their first attempt, and so of their end.
  const attempts = new Map<string, Attempts>();

  function forget(at: number): void {
    for (const [key, { untilMs }] of attempts) {
      if (attempts.size <= maxEntries && untilMs > at) return;
      attempts.delete(key);
    }
  }

  return {
    begin(key) {
      const at = now();
      forget(at);
      const made = attempts.get(key);
      if (made === undefined) attempts.set(key, { untilMs: at + windowMs, count: 1 });
      else if (made.count >= limit) return made.untilMs - at;
      else made.count += 1;
      return 0;
    },
    takeBack(key) {
      const made = attempts.get(key);
      if (made === undefined) return;
      made.count -= 1;
      if (made.count === 0) attempts.delete(key);
    },
  };
}
