import type { Database } from '../db/index.js';
import { type ApplyDeps, applyEvents, type PlacedEvent } from './apply-events.js';
import type { ConcurrencyLimit } from './concurrency-limit.js';
import { type Consumer, isAfter, type Position } from './consumer.js';
import { countSetAside, dueRetries, eventsAfter, heldBack, offsetOf, skipTo } from './queries.js';
import { registerConsumer } from './register-consumer.js';
import { retrySetAside } from './retry-set-aside.js';
import { type WaitEnd, Waiter } from './waiter.js';

export interface ConsumerLoopDeps extends ApplyDeps {
  readonly database: Pick<Database, 'transaction' | 'system' | 'systemTransaction'>;
  readonly limit: ConcurrencyLimit;
  /** How often to look without having been told, in ms. */
  readonly pollMs: number;
  /** Events put aside beyond which the consumer stands still until some are handled (I10). */
  readonly setAsideLimit: number;
}

/** Rows looked at per read, of whatever type; passing them is cheaper than handling them. */
const SCAN_EVENTS = 1_000;
/** Events in memory. */
const BATCH_EVENTS = 200;
/** Events that share a transaction: short enough not to hold the locks of its effects for long. */
const TRANSACTION_EVENTS = 50;
const RETRIES_AT_ONCE = 50;
const HELD_BACK_FIRST_MS = 5;
const BACKOFF_FIRST_MS = 100;
const BACKOFF_MAX_MS = 5_000;

/** What one turn found: `more` may be had at once, `held_back` soon, `idle` when told, `busy` when another process ends. */
type Turn = 'more' | 'held_back' | 'idle' | 'busy';

/** Follows the outbox for one consumer, one batch after the other. */
export class ConsumerLoop {
  readonly #deps: ConsumerLoopDeps;
  readonly #consumer: Consumer;
  readonly #waiter = new Waiter();
  #running: Promise<void> | undefined;
  /** Read up to here; ahead of the stored place by events of other types only. */
  #position: Position | undefined;
  #storedAt = 0;
  #skipped = false;
  #retriesDueAt = 0;
  #paused = false;
  #toldUnknown = false;

  constructor(deps: ConsumerLoopDeps, consumer: Consumer) {
    this.#deps = deps;
    this.#consumer = consumer;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  wake(): void {
    this.#waiter.wake();
  }

  /** Looks for due retries at the next turn, which comes at once. */
  wakeForRetries(): void {
    this.#retriesDueAt = 0;
    this.#waiter.wake();
  }

  /** Waits for the transaction that is under way. */
  async stop(): Promise<void> {
    this.#waiter.close();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { pollMs, limit, log } = this.#deps;
    let heldBackMs = HELD_BACK_FIRST_MS;
    let backoffMs = BACKOFF_FIRST_MS;
    let next: WaitEnd = 'woken';
    while (next !== 'closed') {
      let turn: Turn | 'failed';
      try {
        turn = await limit.run(() => this.#turn());
        backoffMs = BACKOFF_FIRST_MS;
      } catch (error) {
        turn = 'failed';
        this.#position = undefined;
        log.error({ consumer: this.#consumer.name, err: error }, 'outbox consumer interrupted');
      }
      if (turn === 'more') heldBackMs = HELD_BACK_FIRST_MS;
      switch (turn) {
        case 'more':
          next = this.#waiter.closed ? 'closed' : 'woken';
          break;
        case 'held_back':
          // A floor, as news that come in all the time would have it ask all the time.
          next = await this.#waiter.pause(HELD_BACK_FIRST_MS);
          if (next !== 'closed') next = await this.#waiter.wait(jittered(heldBackMs));
          heldBackMs = Math.min(heldBackMs * 2, pollMs);
          break;
        case 'idle':
          heldBackMs = HELD_BACK_FIRST_MS;
          next = await this.#waiter.wait(jittered(pollMs));
          break;
        case 'busy':
          // Whoever holds the consumer is told of news as well; this process only waits for its end.
          this.#position = undefined;
          next = await this.#waiter.pause(jittered(pollMs));
          break;
        case 'failed':
          next = await this.#waiter.pause(jittered(backoffMs));
          backoffMs = Math.min(backoffMs * 2, BACKOFF_MAX_MS);
          break;
        default:
          turn satisfies never;
      }
    }
  }

  async #turn(): Promise<Turn> {
    this.#position ??= await this.#storedPosition();
    if (this.#position === undefined) return 'busy';
    if (performance.now() >= this.#retriesDueAt) {
      const retries = await this.#retry();
      if (retries !== 'idle') return retries;
    }
    if (this.#paused) return 'idle';
    return await this.#advance(this.#position);
  }

  /** `undefined` when the consumer wants more than this process knows of: it is left to those of that version. */
  async #storedPosition(): Promise<Position | undefined> {
    const { database, log } = this.#deps;
    const { name: consumer, types } = this.#consumer;
    let stored = await database.system.row(offsetOf, { consumer, types });
    if (stored === undefined) {
      await registerConsumer(database.system, this.#consumer);
      stored = await database.system.row(offsetOf, { consumer, types });
    }
    if (stored === undefined) throw new Error(`consumer ${consumer} was forgotten while it started`);
    const { unknown, ...position } = stored;
    if (unknown.length === 0) return position;
    if (!this.#toldUnknown)
      log.warn({ consumer, unknown }, 'outbox consumer is left to a version that knows these types');
    this.#toldUnknown = true;
    return undefined;
  }

  async #retry(): Promise<Turn> {
    const { database, setAsideLimit, pollMs } = this.#deps;
    const consumer = this.#consumer.name;
    const [due, aside] = await database.systemTransaction((system) =>
      Promise.all([
        system.rows(dueRetries, { consumer, limit: RETRIES_AT_ONCE }),
        system.row(countSetAside, { consumer, limit: setAsideLimit }),
      ]),
    );
    this.#paused = (aside?.count ?? 0) >= setAsideLimit;
    for (const event of due) {
      if (this.#waiter.closed) return 'idle';
      if ((await retrySetAside(this.#deps, this.#consumer, event)) === 'busy') return 'busy';
    }
    // Each success makes the next event of its key due.
    this.#retriesDueAt = due.length > 0 ? 0 : performance.now() + Math.min(pollMs, 250);
    if (due.length === 0) return 'idle';
    return this.#paused ? 'more' : await this.#advanceBetweenRetries();
  }

  /** Retries, however many, do not keep new events waiting. */
  async #advanceBetweenRetries(): Promise<Turn> {
    this.#position ??= await this.#storedPosition();
    const turn = this.#position === undefined ? 'busy' : await this.#advance(this.#position);
    return turn === 'busy' ? 'busy' : 'more';
  }

  async #advance(from: Position): Promise<Turn> {
    const { database } = this.#deps;
    const { types } = this.#consumer;
    const [rows, tail] = await database.systemTransaction((system) =>
      Promise.all([
        system.rows(eventsAfter, { ...from, types, scan: SCAN_EVENTS, limit: BATCH_EVENTS }),
        system.row(heldBack, {}),
      ]),
    );
    const last = rows.at(-1);
    if (last === undefined) {
      await this.#storeSkipped();
      return tail?.heldBack === true ? 'held_back' : 'idle';
    }
    const events = rows.flatMap((row) =>
      row.wanted ? [{ ...row, payload: row.payload as PlacedEvent['payload'] }] : [],
    );
    for (const part of inTransactions(events)) {
      if (this.#waiter.closed) return 'idle';
      if ((await applyEvents(this.#deps, this.#consumer, part)) === 'busy') return 'busy';
      const end = part.at(-1);
      if (end !== undefined) this.#position = { xid: end.xid, id: end.id };
      this.#storedAt = performance.now();
      this.#skipped = false;
    }
    const read: Position = { xid: last.xid, id: last.id };
    if (this.#position === undefined || isAfter(read, this.#position)) {
      this.#position = read;
      this.#skipped = true;
      await this.#storeSkipped();
    }
    return 'more';
  }

  /** Not at each turn: a consumer of a rare type would otherwise write as often as everybody else. */
  async #storeSkipped(): Promise<void> {
    const position = this.#position;
    if (!this.#skipped || position === undefined || performance.now() - this.#storedAt < this.#deps.pollMs) return;
    this.#storedAt = performance.now();
    this.#skipped = false;
    const { name, types } = this.#consumer;
    await this.#deps.database.system.run(skipTo, { consumer: name, types, ...position });
  }
}

function inTransactions(events: readonly PlacedEvent[]): PlacedEvent[][] {
  const parts: PlacedEvent[][] = [];
  for (const event of events) {
    const part = parts.at(-1);
    if (part !== undefined && part.length < TRANSACTION_EVENTS && part[0]?.tenantId === event.tenantId)
      part.push(event);
    else parts.push([event]);
  }
  return parts;
}

/** Between 0.8 and 1.2 of it, so that processes and consumers do not ask in step. */
function jittered(delayMs: number): number {
  return delayMs * (0.8 + Math.random() * 0.4);
}
