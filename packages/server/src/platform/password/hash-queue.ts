import { platformErrors } from '../errors/index.js';

/** About ten hashes: by then a queue that is not under attack has moved. */
const RETRY_AFTER_MS = 1_000;

export interface HashQueueOptions {
  /** Tasks that run at a time. */
  readonly concurrency: number;
  /** Tasks that may wait; one more is refused. */
  readonly maxWaiting: number;
}

/** Runs tasks a few at a time, first come first served, and refuses what would have to wait too long (R11). */
export class HashQueue {
  readonly #options: HashQueueOptions;
  readonly #waiting = new Set<() => void>();
  #running = 0;

  constructor(options: HashQueueOptions) {
    this.#options = options;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Throws `overloaded` at once when full; `deadline_exceeded` when `signal` aborts before the turn comes. */
  async run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.#running >= this.#options.concurrency) await this.#turn(signal);
    else this.#running += 1;
    try {
      return await task();
    } finally {
      // The place goes to the next in line without becoming free in between, so that nobody overtakes.
      const [next] = this.#waiting;
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    if (this.#waiting.size >= this.#options.maxWaiting) {
      throw platformErrors.overloaded({
        detail: 'too many passwords are being checked',
        retryAfterMs: RETRY_AFTER_MS,
      });
    }
    if (signal?.aborted) throw platformErrors.deadline_exceeded();
    return new Promise((resolve, reject) => {
      const enter = () => {
        this.#waiting.delete(enter);
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        this.#waiting.delete(enter);
        reject(platformErrors.deadline_exceeded());
      };
      this.#waiting.add(enter);
      signal?.addEventListener('abort', leave, { once: true });
    });
  }
}
