import { platformErrors } from '../errors/index.js';

const RETRY_AFTER_MS = 500;

export interface BatchLoaderOptions<K, V> {
  /** Loads many keys with one query; keys without an entry do not exist. */
  readonly load: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>;
  /** Keys of one query. */
  readonly maxBatch: number;
  /** Callers that may wait; one more is refused. */
  readonly maxWaiting: number;
  /** From the question to the answer, in ms; who has waited for longer is refused. */
  readonly maxWaitMs: number;
}

export type BatchLoader<K, V> = (key: K) => Promise<V | undefined>;

interface Waiter<K, V> {
  readonly key: K;
  resolve(value: V | undefined): void;
  reject(error: unknown): void;
}

/**
 * Loads single keys with at most one query under way: those who ask meanwhile share the next one. A flood
 * of look-ups, of made-up tokens for example, thus takes one connection and not the pool.
 *
 * A failed query fails those who wait for the next one as well: a database that hangs would take the time of a whole
 * query from them twice. Throws `overloaded` when too many wait, `deadline_exceeded` to those who waited for too long.
 */
export function createBatchLoader<K, V>(options: BatchLoaderOptions<K, V>): BatchLoader<K, V> {
  const { load, maxBatch, maxWaiting, maxWaitMs } = options;
  const waiting = new Set<Waiter<K, V>>();
  let running = false;

  function take(count: number): Waiter<K, V>[] {
    const taken = [...waiting].slice(0, count);
    for (const waiter of taken) waiting.delete(waiter);
    return taken;
  }

  async function run(): Promise<void> {
    running = true;
    while (waiting.size > 0) {
      const batch = take(maxBatch);
      try {
        const values = await load([...new Set(batch.map(({ key }) => key))]);
        for (const { key, resolve } of batch) resolve(values.get(key));
      } catch (error) {
        for (const { reject } of [...batch, ...take(waiting.size)]) reject(error);
      }
    }
    running = false;
  }

  return async (key) => {
    if (waiting.size >= maxWaiting) {
      throw platformErrors.overloaded({ detail: 'too many look-ups are waiting', retryAfterMs: RETRY_AFTER_MS });
    }
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise((resolve, reject) => {
        const waiter = { key, resolve, reject };
        timer = setTimeout(() => {
          // Nobody needs the answer any more: the next query is for those who do.
          waiting.delete(waiter);
          reject(platformErrors.deadline_exceeded({ detail: 'the look-up took too long' }));
        }, maxWaitMs);
        waiting.add(waiter);
        if (!running) void run();
      });
    } finally {
      clearTimeout(timer);
    }
  };
}
