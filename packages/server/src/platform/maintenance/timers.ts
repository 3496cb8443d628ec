/** When something is done later: replaced in tests, which do not wait. */
export interface Timers {
  /** @returns cancels it */
  after(delayMs: number, run: () => void): () => void;
  /** 0 to 1, without 1. */
  random(): number;
}

export const systemTimers: Timers = {
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  random: Math.random,
};
