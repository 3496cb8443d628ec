import type { Bus } from '../bus/index.js';
import type { Logger, Metrics } from '../telemetry/index.js';
import { createCache } from './cache.js';
import { type ChangesSince, ChangeWatch } from './change-watch.js';

/** Whose record it is. */
export interface RecordOwner {
  readonly tenantId: string;
  readonly userId: string;
}

/**
 * One record a user, kept in memory on a lease (ADR 5): believed only while this process knows of all changes of
 * 900 ms ago and earlier. For what almost every call of a user asks, and others may change.
 */
export interface LeasedRecords<V> {
  /**
   * The record of a user, loaded once for all who ask meanwhile; undefined when memory is not to be believed now: ask
   * the database whatever was to be asked of the record.
   * @param load all of it, from committed rows: never inside a transaction that has changed some
   * @param ownVersion differs after each change that the owner has made, through whatever process (I4); absent where
   *   `changed` is called for all of them before they are answered
   */
  read(
    owner: RecordOwner,
    load: () => Promise<V>,
    ownVersion?: () => Promise<string>,
  ): Promise<{ readonly value: V } | undefined>;
  /** To be called after the commit of a change: this process forgets the records, others look at once. */
  changed(owners: readonly RecordOwner[]): void;
  /** Begins to look for changes in the background; until then `read` answers undefined. */
  start(): void;
  close(): Promise<void>;
}

export interface LeasedRecordsOptions<V> {
  /** In metrics and as topic on the bus; unique over the product. */
  readonly name: string;
  /** 0 turns it off: nothing is kept, and nobody looks for changes. */
  readonly maxBytes: number;
  /** Estimated memory of a record. */
  readonly bytesOf: (value: V) => number;
  /** Whose records have changed and were not known to have at `since`; see `ChangeWatch`. */
  readonly changesSince: (since: string | null) => Promise<ChangesSince<RecordOwner>>;
  readonly bus: Pick<Bus, 'publish' | 'subscribe'>;
  readonly metrics: Pick<Metrics, 'cache' | 'watchCache'>;
  readonly log: Pick<Logger, 'warn' | 'info'>;
}

/** Nobody's record is older than this, whatever was missed. */
const MAX_AGE_MS = 3_600_000;
/** Reached by tiny records only; others meet the bound of bytes before. */
const MAX_RECORDS = 1_000_000;

interface Kept<V> {
  readonly version: string;
  readonly value: V;
}

export function createLeasedRecords<V>(options: LeasedRecordsOptions<V>): LeasedRecords<V> {
  const { name, maxBytes, bytesOf, bus, log } = options;
  if (maxBytes === 0) {
    // Other processes may keep theirs.
    return { read: async () => undefined, changed: () => bus.publish(name), start() {}, async close() {} };
  }
  const cache = createCache<Kept<V>>({
    name,
    maxEntries: MAX_RECORDS,
    maxBytes,
    bytesOf: ({ value }) => bytesOf(value),
    ttlMs: MAX_AGE_MS,
    metrics: options.metrics,
  });
  const keyOf = ({ tenantId, userId }: RecordOwner) => `${tenantId}/${userId}`;
  const forget = (owners: readonly RecordOwner[]) => {
    for (const owner of owners) cache.invalidate(keyOf(owner));
  };
  let failing = false;
  const watch = new ChangeWatch<RecordOwner>({
    read: options.changesSince,
    onChanges: forget,
    onGap: () => cache.clear(),
    onError: (err) => {
      if (!failing) log.warn({ err, cache: name }, 'changes cannot be read: nothing is answered from memory');
      failing = true;
    },
    onRead: () => {
      if (failing) log.info({ cache: name }, 'changes are read again');
      failing = false;
    },
  });
  const unsubscribe = bus.subscribe(name, () => watch.wake(), { onGap: () => watch.wake() });

  return {
    async read(owner, load, ownVersion) {
      if (!watch.trusted) return undefined;
      const key = keyOf(owner);
      // Before the record: what is loaded after it has all that it stands for.
      const version = ownVersion === undefined ? '' : await ownVersion();
      const loadKept = async () => ({ version, value: await load() });
      let older = false;
      const kept = cache.peek(key, (entry) => {
        older = entry.version !== version;
        return !older;
      });
      if (kept !== undefined) return kept;
      if (older) cache.invalidate(key);
      const loaded = await cache.get(key, loadKept);
      // A load that was under way may have begun before the owner's last change.
      return loaded.version === version ? loaded : await loadKept();
    },
    changed(owners) {
      forget(owners);
      bus.publish(name);
    },
    start: () => watch.wake(),
    async close() {
      unsubscribe();
      await watch.close();
      cache.close();
    },
  };
}
