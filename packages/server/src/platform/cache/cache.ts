import type { Metrics } from '../telemetry/index.js';

/** What a cache can hold: not `undefined`, which says "not here". */
export type Cacheable = NonNullable<unknown> | null;

export interface CacheOptions<V extends Cacheable> {
  /** In metrics; unique over the product. */
  readonly name: string;
  /** An entry that was not used for long gives way. 0 keeps nothing and still joins concurrent loads. */
  readonly maxEntries: number;
  /** Bound on the sum of `bytesOf`; without end by default. */
  readonly maxBytes?: number;
  /** Estimated memory of an entry, key included; 256 for each by default. */
  readonly bytesOf?: (value: V) => number;
  /** Age, counted from the start of its load, from which a value is loaded again, in ms. */
  readonly ttlMs: number;
  /**
   * Share of `ttlMs` by which an entry's may be shorter, at random: entries that were loaded together are not loaded
   * together again. 0 by default.
   */
  readonly jitter?: number;
  /**
   * Whether an entry whose jittered time is over is served, while it is loaded again, until its whole `ttlMs` is: who
   * asks often then never waits, and no value gets older than it could before (R8, I4). Default: it is gone.
   */
  readonly revalidate?: boolean;
  /** Values that are answered but not kept; the default keeps all. */
  readonly keep?: (value: V) => boolean;
  readonly metrics: Pick<Metrics, 'cache' | 'watchCache'>;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
}

export interface Cache<V extends Cacheable, K extends string = string> {
  /** The value of `key`, loaded once for all who ask meanwhile. Rejects with what the load threw. */
  get(key: K, load: () => Promise<V>): Promise<V>;
  /**
   * The value if it is here, without a promise: for paths that are counted in microseconds. Counts hits only.
   * @param accept for values that may be the wrong ones; refused, a value is as good as not here
   */
  peek(key: K, accept?: (value: V) => boolean): V | undefined;
  /** Keeps a value that came another way, one of many loaded together say. Counts as a miss. */
  set(key: K, value: V): void;
  /** Whoever asks from now on gets a value whose load began after this call. */
  invalidate(key: K): void;
  /** `invalidate` for all keys. */
  clear(): void;
  /** Forgets everything and keeps nothing any more; `get` goes on loading. */
  close(): void;
  readonly size: number;
}

/** A record of a few ids and dates with its place in a map. */
const SMALL_RECORD_BYTES = 256;

interface Entry<V extends Cacheable> {
  readonly value: V;
  readonly bytes: number;
  /** From here on it is loaded again. */
  readonly staleAt: number;
  /** From here on it is not served any more. */
  readonly goneAt: number;
  /** Since it was last passed over. */
  used: boolean;
}

/**
 * A get-or-load cache of one process, bounded by entries and age, with one load per key (R8).
 *
 * A failed load is not kept: all who waited for it get the same error, and the next caller loads anew.
 * Invalidation detaches the load under way: those who wait already are answered by it, its value is not
 * kept, and later callers start their own.
 *
 * Not built on async-cache-dedupe, whose `clear` lets a load that is under way store its old value
 * afterwards, whose ages are whole seconds of a clock that itself may be one second behind, and whose
 * removed entries go on taking places in its LRU.
 */
export function createCache<V extends Cacheable, K extends string = string>(options: CacheOptions<V>): Cache<V, K> {
  const { ttlMs, keep = () => true, bytesOf = () => SMALL_RECORD_BYTES, now = () => performance.now() } = options;
  const { maxBytes = Number.POSITIVE_INFINITY, jitter = 0, revalidate = false } = options;
  const metrics = options.metrics.cache(options.name);
  // Maps iterate in order of insertion. A hit only marks its entry, and room is made by the clock algorithm: the first
  // entry goes, or to the end if it was used. Moving it at each hit instead made a map of 20,000 entries so much
  // garbage that a fifth of a server's time went into collecting it.
  const entries = new Map<K, Entry<V>>();
  const loads = new Map<K, Promise<V>>();
  let bytes = 0;
  let closed = false;
  const unwatch = options.metrics.watchCache(options.name, () => ({ entries: entries.size, bytes }));

  function remove(key: K, entry: Entry<V> | undefined): void {
    if (entry === undefined) return;
    entries.delete(key);
    bytes -= entry.bytes;
  }

  function forgetAll(): void {
    entries.clear();
    loads.clear();
    bytes = 0;
  }

  function find(key: K, at: number): Entry<V> | undefined {
    const entry = entries.get(key);
    if (entry === undefined || at < entry.goneAt) return entry;
    remove(key, entry);
    return undefined;
  }

  function store(key: K, value: V, startedAt: number): void {
    remove(key, entries.get(key));
    const staleAt = startedAt + ttlMs * (1 - jitter * Math.random());
    const goneAt = revalidate ? startedAt + ttlMs : staleAt;
    const entry = { value, bytes: bytesOf(value), staleAt, goneAt, used: false };
    // What is larger than the whole cache would only drive everything else out.
    if (closed || !keep(value) || entry.bytes > maxBytes || options.maxEntries === 0) return;
    makeRoom(entry.bytes);
    entries.set(key, entry);
    bytes += entry.bytes;
  }

  function makeRoom(wanted: number): void {
    // What is put to the end is met again.
    for (const [first, candidate] of entries) {
      if (entries.size < options.maxEntries && bytes + wanted <= maxBytes) return;
      if (candidate.used) {
        candidate.used = false;
        entries.delete(first);
        entries.set(first, candidate);
      } else remove(first, candidate);
    }
  }

  function startLoad(key: K, load: () => Promise<V>): Promise<V> {
    const startedAt = now();
    const attached = () => loads.get(key) === promise;
    const promise: Promise<V> = (async () => await load())().then(
      (value) => {
        metrics.load(now() - startedAt, 'ok');
        if (attached()) {
          loads.delete(key);
          store(key, value, startedAt);
        }
        return value;
      },
      (error: unknown) => {
        metrics.load(now() - startedAt, 'error');
        if (attached()) loads.delete(key);
        throw error;
      },
    );
    loads.set(key, promise);
    return promise;
  }

  return {
    async get(key, load) {
      const at = now();
      const entry = find(key, at);
      const underWay = loads.get(key);
      if (entry !== undefined) {
        entry.used = true;
        if (at < entry.staleAt) {
          metrics.hit();
        } else {
          metrics.stale();
          // Who is served has an answer: a load that fails is for the metrics, and for the next one to try again.
          if (underWay === undefined) startLoad(key, load).catch(() => {});
        }
        return entry.value;
      }
      if (underWay !== undefined) {
        metrics.coalesced();
        return await underWay;
      }
      metrics.miss();
      return await startLoad(key, load);
    },
    peek(key, accept) {
      const entry = find(key, now());
      if (entry === undefined || accept?.(entry.value) === false) return undefined;
      entry.used = true;
      metrics.hit();
      return entry.value;
    },
    set(key, value) {
      metrics.miss();
      store(key, value, now());
    },
    invalidate(key) {
      remove(key, entries.get(key));
      loads.delete(key);
    },
    clear: forgetAll,
    close() {
      closed = true;
      unwatch();
      forgetAll();
    },
    get size() {
      return entries.size;
    },
  };
}
