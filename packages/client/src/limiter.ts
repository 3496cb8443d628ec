import { NovaError } from './errors.js';

/** Lets so many work at once; others wait in line. */
export interface Limiter {
  /**
   * Waits for a place. Throws `client_overloaded` when the line is full, the reason of the signal when that is faster.
   *
   * @returns gives the place back
   */
  enter(signal: AbortSignal): Promise<() => void>;
}

export function createLimiter(maxConcurrent: number, maxWaiting: number): Limiter {
  let free = maxConcurrent;
  const waiting = new Set<() => void>();

  const leave = (): void => {
    const [next] = waiting;
    if (next === undefined) free += 1;
    else {
      waiting.delete(next);
      next();
    }
  };
  const once = (): (() => void) => {
    let isIn = true;
    return () => {
      if (isIn) leave();
      isIn = false;
    };
  };

  return {
    enter(signal) {
      if (signal.aborted) return Promise.reject(signal.reason);
      if (free > 0) {
        free -= 1;
        return Promise.resolve(once());
      }
      if (waiting.size >= maxWaiting) {
        const message = `client_overloaded: ${maxWaiting} calls wait already`;
        return Promise.reject(new NovaError('client_overloaded', message, { retryable: true }));
      }
      return new Promise((resolve, reject) => {
        const onAbort = (): void => {
          waiting.delete(start);
          reject(signal.reason);
        };
        const start = (): void => {
          signal.removeEventListener('abort', onAbort);
          resolve(once());
        };
        waiting.add(start);
        signal.addEventListener('abort', onAbort, { once: true });
      });
    },
  };
}
