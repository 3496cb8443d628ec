/** Why a signal of `startDeadline` aborts when time is up. */
export class DeadlinePassed extends Error {
  override readonly name = 'DeadlinePassed';
}

export interface Deadline {
  /** Aborts when time is up, with `DeadlinePassed`, or when an outer signal does, with its reason. */
  readonly signal: AbortSignal;
  /** To be called in any case: frees the timer and the listeners. */
  end(): void;
}

/**
 * Own controller instead of `AbortSignal.any` and `.timeout`: those keep listeners and timers of signals that live as
 * long as the program.
 */
export function startDeadline(ms: number, ...outer: readonly (AbortSignal | undefined)[]): Deadline {
  const controller = new AbortController();
  const signals = outer.filter((signal) => signal !== undefined);
  const onAbort = (event: Event): void => controller.abort((event.target as AbortSignal).reason);
  for (const signal of signals) {
    if (signal.aborted) controller.abort(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
  }
  const timer = setTimeout(() => controller.abort(new DeadlinePassed(`${ms} ms have passed`)), ms);
  return {
    signal: controller.signal,
    end() {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener('abort', onAbort);
    },
  };
}

/** Waits; rejects with the signal's reason when that aborts first. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
