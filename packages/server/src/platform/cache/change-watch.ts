/** How often each process looks; a wake-up from the bus makes it sooner. */
const POLL_MS = 300;
/** Age of the last look from which memory is not believed any more: with the second of I4 and I12 in mind. */
const LEASE_MS = 900;
/** After a pause this long, notes may have been purged unread (after 2 hours): everything is forgotten instead. */
const GAP_MS = 30 * 60_000;

/** What an earlier snapshot did not show of the changes. */
export interface ChangesSince<T> {
  /** Where the next look starts from. */
  readonly snapshot: string;
  /** RFC 3339, by the clock of the database. */
  readonly readAt: string;
  readonly changes: readonly T[];
}

export interface ChangeWatchOptions<T> {
  /** Null: only takes the snapshot. */
  readonly read: (since: string | null) => Promise<ChangesSince<T>>;
  readonly onChanges: (changes: readonly T[]) => void;
  /** Changes may have been missed: forget everything that was read before. */
  readonly onGap: () => void;
  readonly onRead: () => void;
  readonly onError: (error: unknown) => void;
}

/**
 * Reads from the database what has changed, a few times a second, and knows whether what it has read is fresh enough to
 * believe what is kept in memory (ADR 5). When it is not, the answer is no: it fails closed.
 */
export class ChangeWatch<T> {
  readonly #options: ChangeWatchOptions<T>;
  #snapshot: string | null = null;
  #readAt = 0;
  #trustedUntil = Number.NEGATIVE_INFINITY;
  #underWay: Promise<void> | null = null;
  #again = false;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: ChangeWatchOptions<T>) {
    this.#options = options;
  }

  /** Ends the timer and waits for the read under way. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#underWay?.catch(() => {});
  }

  /** Whether every change of 900 ms ago and earlier has been seen. */
  get trusted(): boolean {
    return performance.now() < this.#trustedUntil;
  }

  /** Looks as soon as can be, with a read that begins after this call; from the first call on it goes on by itself. */
  wake(): void {
    if (this.#closed) return;
    if (this.#underWay !== null) {
      this.#again = true;
      return;
    }
    this.#underWay = this.#look();
  }

  async #look(): Promise<void> {
    clearTimeout(this.#timer);
    const startedAt = performance.now();
    try {
      await this.#read(startedAt);
    } catch (error) {
      this.#options.onError(error);
    } finally {
      this.#underWay = null;
      this.#schedule(this.#again ? 0 : startedAt + POLL_MS - performance.now());
      this.#again = false;
    }
  }

  async #read(startedAt: number): Promise<void> {
    const { snapshot, readAt: at, changes } = await this.#options.read(this.#snapshot);
    const readAt = Date.parse(at);
    // Before the first snapshot nothing says what happened between a load and it.
    if (this.#snapshot === null || readAt - this.#readAt > GAP_MS) this.#options.onGap();
    if (changes.length > 0) this.#options.onChanges(changes);
    this.#snapshot = snapshot;
    this.#readAt = readAt;
    this.#trustedUntil = startedAt + LEASE_MS;
    this.#options.onRead();
  }

  #schedule(delayMs: number): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => this.wake(), Math.max(delayMs, 0));
  }
}
