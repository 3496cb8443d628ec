import type { SystemHandle } from '../../platform/db/index.js';
import { revocationsSince } from './session-queries.js';

/** How often each process looks; a wake-up from the bus makes it sooner. */
const POLL_MS = 300;
/** Age of the last look from which the cache is not believed any more: with I12's second in mind. */
const LEASE_MS = 900;
/** After a pause this long, notes may have been purged unread (after 2 hours): everything is forgotten instead. */
const GAP_MS = 30 * 60_000;

export interface RevocationWatchOptions {
  readonly lookup: Pick<SystemHandle, 'row'>;
  readonly onRevoked: (tokenHashes: readonly Buffer[]) => void;
  /** Users, signing keys and tenants of which nothing that was read before holds any more. */
  readonly onChanged: (ids: readonly string[]) => void;
  /** Revocations may have been missed: forget everything that was read before. */
  readonly onGap: () => void;
  readonly onRead: () => void;
  readonly onError: (error: unknown) => void;
}

/**
 * Reads from the database which sessions were revoked, a few times a second, and knows whether what it has
 * read is fresh enough to believe a cache (I12). When it is not, the answer is no: it fails closed.
 */
export class RevocationWatch {
  readonly #options: RevocationWatchOptions;
  #snapshot: string | null = null;
  #readAt = 0;
  #trustedUntil = Number.NEGATIVE_INFINITY;
  #underWay: Promise<void> | null = null;
  #again = false;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: RevocationWatchOptions) {
    this.#options = options;
  }

  /** Begins to look by itself; before that, `refresh` does on demand. */
  start(): void {
    this.wake();
  }

  /** Ends the timer and waits for the read under way. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#underWay?.catch(() => {});
  }

  /** Whether every revocation of 900 ms ago and earlier has been seen. */
  get trusted(): boolean {
    return performance.now() < this.#trustedUntil;
  }

  /** Looks as soon as can be, with a read that begins after this call. */
  wake(): void {
    if (this.#closed) return;
    if (this.#underWay !== null) {
      this.#again = true;
      return;
    }
    this.refresh().catch(() => {});
  }

  /** Looks, together with whoever else waits for it. Rejects with what the database threw. */
  async refresh(): Promise<void> {
    this.#underWay ??= this.#look();
    await this.#underWay;
  }

  async #look(): Promise<void> {
    clearTimeout(this.#timer);
    const startedAt = performance.now();
    try {
      await this.#read(startedAt);
    } catch (error) {
      this.#options.onError(error);
      throw error;
    } finally {
      this.#underWay = null;
      this.#schedule(this.#again ? 0 : startedAt + POLL_MS - performance.now());
      this.#again = false;
    }
  }

  async #read(startedAt: number): Promise<void> {
    const row = await this.#options.lookup.row(revocationsSince, { since: this.#snapshot });
    if (row === undefined) throw new Error('a SELECT without FROM returned no row');
    const readAt = Date.parse(row.readAt);
    // Before the first snapshot nothing says what happened between a session's load and it.
    if (this.#snapshot === null || readAt - this.#readAt > GAP_MS) this.#options.onGap();
    if (row.tokenHashes.length > 0) this.#options.onRevoked(row.tokenHashes);
    if (row.changedIds.length > 0) this.#options.onChanged(row.changedIds);
    this.#snapshot = row.snapshot;
    this.#readAt = readAt;
    this.#trustedUntil = startedAt + LEASE_MS;
    this.#options.onRead();
  }

  #schedule(delayMs: number): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => this.wake(), Math.max(delayMs, 0));
  }
}
