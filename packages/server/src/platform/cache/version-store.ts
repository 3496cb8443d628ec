import type { Metrics } from '../telemetry/index.js';
import { createCache } from './cache.js';

/** Which version of which row. */
export interface Version {
  readonly id: string;
  readonly updatedAt: string;
}

/** A row as of one version, which never changes. */
export interface Versioned extends Version {
  readonly tenantId: string;
}

/** Rows kept by version: whoever asks has read the version from the database just now (C3). */
export interface VersionStore<V extends Versioned> {
  /**
   * These rows, in order; one load for those that are not kept, none when all are.
   * @param load rows by id; each may be of a later version than was asked for
   * @returns undefined in the place of one that is not there any more
   */
  read(
    tenantId: string,
    versions: readonly Version[],
    load: (ids: readonly string[]) => Promise<readonly V[]>,
  ): Promise<readonly (V | undefined)[]>;
  close(): void;
}

export interface VersionStoreOptions<V> {
  /** In metrics; unique over the product. */
  readonly name: string;
  readonly maxBytes: number;
  /** Estimated memory of a row. */
  readonly bytesOf: (row: V) => number;
  readonly metrics: Pick<Metrics, 'cache' | 'watchCache'>;
}

/** Reached by tiny rows only; others meet the bound of bytes before. */
const MAX_ROWS = 1_000_000;

export function createVersionStore<V extends Versioned>(options: VersionStoreOptions<V>): VersionStore<V> {
  const cache = createCache<V>({ ...options, maxEntries: MAX_ROWS, ttlMs: Number.POSITIVE_INFINITY });
  return {
    async read(tenantId, versions, load) {
      // Imports give the same ids to rows of different tenants.
      const kept = ({ id, updatedAt }: Version) =>
        cache.peek(id, (row) => row.tenantId === tenantId && row.updatedAt === updatedAt);
      const rows = versions.map(kept);
      const missing = versions.filter((_, index) => rows[index] === undefined).map(({ id }) => id);
      if (missing.length === 0) return rows;
      const loaded = new Map<string, V>();
      for (const row of await load(missing)) {
        cache.set(row.id, row);
        loaded.set(row.id, row);
      }
      return rows.map((row, index) => row ?? loaded.get(versions[index]?.id ?? ''));
    },
    close: () => cache.close(),
  };
}
