export interface PeriodicFlushOptions {
  /** Between two flushes, up to 10 % off. */
  readonly everyMs: number;
  /** Writes what has come together; what it throws is told, and the next flush tries again. */
  readonly flush: () => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** Writes in batches what is gathered in memory (B5): now and then, when asked, and at the end. */
export interface PeriodicFlush {
  start(): void;
  /** Together with one that is under way or about to begin. Never rejects. */
  now(): Promise<void>;
  /** One last flush, of all that was gathered before this call (I14). */
  close(): Promise<void>;
}

export function createPeriodicFlush({ everyMs, flush, onError }: PeriodicFlushOptions): PeriodicFlush {
  let timer: NodeJS.Timeout | undefined;
  let underWay: Promise<void> = Promise.resolve();
  let next: Promise<void> | null = null;
  let running = false;

  const now = (): Promise<void> => {
    next ??= underWay.then(async () => {
      next = null;
      await flush().catch(onError);
    });
    underWay = next;
    return next;
  };
  const schedule = () => {
    timer = setTimeout(() => void now().then(() => running && schedule()), everyMs * (0.9 + Math.random() * 0.2));
  };
  return {
    start() {
      if (running) return;
      running = true;
      schedule();
    },
    now,
    async close() {
      running = false;
      clearTimeout(timer);
      await now();
      // A flush that was under way may have set the timer anew.
      clearTimeout(timer);
    },
  };
}
