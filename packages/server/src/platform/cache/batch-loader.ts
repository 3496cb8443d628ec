import { platformErrors } from '../errors/index.js';

const RETRY_AFTER_MS = 500;

export interface BatchLoaderOptions<K, V> {
  /** Loads many keys with one query; keys without an entry do not exist. */
  readonly load: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>;
  /** Keys of one query. */
  readonly maxBatch: number;
  /** Callers that may wait; one more is refused. */
  readonly maxWaiting: number;
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
 * A failed query fails those who shared it. Throws `overloaded` when too many wait.
 */
export function createBatchLoader<K, V>({ load, maxBatch, maxWaiting }: BatchLoaderOptions<K, V>): BatchLoader<K, V> {
  const waiting: Waiter<K, V>[] = [];
  let running = false;

  async function run(): Promise<void> {
    running = true;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, maxBatch);
      try {
        const values = await load([...new Set(batch.map(({ key }) => key))]);
        for (const { key, resolve } of batch) resolve(values.get(key));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    running = false;
  }

  return async (key) => {
    if (waiting.length >= maxWaiting) {
      throw platformErrors.overloaded({ detail: 'too many look-ups are waiting', retryAfterMs: RETRY_AFTER_MS });
    }
    return await new Promise((resolve, reject) => {
      waiting.push({ key, resolve, reject });
      if (!running) void run();
    });
  };
}
