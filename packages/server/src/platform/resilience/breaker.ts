import { platformErrors } from '../errors/index.js';

export type BreakerState = 'closed' | 'open' | 'half_open';

export interface BreakerOptions {
  /** The dependency it guards; names it in metrics, logs and errors. */
  readonly name: string;
  /** Failures in a row that open it (R4: 5). */
  readonly failures: number;
  /** How long it stays open before one probe is let through, in ms (R4: 30,000). */
  readonly openMs: number;
  readonly onTransition?: (from: BreakerState, to: BreakerState) => void;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
}

/**
 * Circuit breaker of one dependency (R4): after `failures` failures in a row callers are refused at once,
 * until a single probe succeeds. Consecutive failures, so that a dependency which answers most calls
 * never opens it. It costs a comparison per call; docs/adr says why that matters here.
 */
export class Breaker {
  readonly name: string;
  readonly #failuresToOpen: number;
  readonly #openMs: number;
  readonly #onTransition: (from: BreakerState, to: BreakerState) => void;
  readonly #now: () => number;
  #state: BreakerState = 'closed';
  #failuresInARow = 0;
  #openedAt = 0;
  #probeStartedAt = 0;

  constructor(options: BreakerOptions) {
    this.name = options.name;
    this.#failuresToOpen = options.failures;
    this.#openMs = options.openMs;
    this.#onTransition = options.onTransition ?? (() => {});
    this.#now = options.now ?? (() => performance.now());
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** Call before each use, and one of the three below after it. Throws `unavailable` while open, or while another caller probes. */
  enter(): void {
    if (this.#state === 'closed') return;
    const now = this.#now();
    if (this.#state === 'open') {
      const waitMs = this.#openedAt + this.#openMs - now;
      if (waitMs > 0) throw this.#refusal(waitMs);
      this.#become('half_open');
      this.#probeStartedAt = now;
      return;
    }
    // A probe whose caller vanished must not keep the breaker half open for ever.
    const probeWaitMs = this.#probeStartedAt + this.#openMs - now;
    if (probeWaitMs > 0) throw this.#refusal(Math.min(probeWaitMs, 1_000));
    this.#probeStartedAt = now;
  }

  succeeded(): void {
    this.#failuresInARow = 0;
    if (this.#state === 'half_open') this.#become('closed');
  }

  /** Call when the dependency itself failed: lost connection, deadline. Not for errors in the request. */
  failed(): void {
    this.#failuresInARow += 1;
    if (this.#state === 'half_open' || (this.#state === 'closed' && this.#failuresInARow >= this.#failuresToOpen)) {
      this.#openedAt = this.#now();
      this.#become('open');
    }
  }

  /**
   * Call when the use came to nothing that speaks for or against the dependency: refused by a pool, out of time before
   * it began. If it was to be the probe, the next caller is.
   */
  cancelled(): void {
    if (this.#state === 'half_open') this.#probeStartedAt = Number.NEGATIVE_INFINITY;
  }

  #become(to: BreakerState): void {
    const from = this.#state;
    this.#state = to;
    this.#onTransition(from, to);
  }

  #refusal(retryAfterMs: number) {
    return platformErrors.unavailable({
      detail: `${this.name} is not available`,
      retryAfterMs: Math.ceil(retryAfterMs),
    });
  }
}
