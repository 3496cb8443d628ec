import type { DatabaseOptions, SystemHandle } from '../db/index.js';
import { platformErrors } from '../errors/index.js';
import { backlog } from './queries.js';
import { storeEvents } from './store-events.js';

/** The events that wait for the slowest consumer, and the bound on them (I10). */
export class Backlog {
  readonly limit: number;
  readonly #onRefused: () => void;
  #waiting = 0;

  constructor(limit: number, onRefused: () => void = () => {}) {
    this.limit = limit;
    this.#onRefused = onRefused;
  }

  /** About how many there were when it was last read. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Until the next time this is what holds: counting at each write would cost more than the write. */
  async read(system: SystemHandle): Promise<number> {
    this.#waiting = (await system.row(backlog, {}))?.waiting ?? 0;
    return this.#waiting;
  }

  /**
   * Stores what a caller's transaction emitted. What consumers emit does not come through here: refused, it would keep
   * them from catching up.
   *
   * @throws overloaded at the limit: the transaction is rolled back
   */
  readonly store: DatabaseOptions['storeEvents'] = async (tx, events, correlationId) => {
    if (events.length > 0 && this.#waiting >= this.limit) {
      this.#onRefused();
      throw platformErrors.overloaded({ detail: 'too many earlier changes wait to be handled' });
    }
    await storeEvents(tx, events, correlationId);
  };
}
