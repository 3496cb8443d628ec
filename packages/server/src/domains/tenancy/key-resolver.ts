import { type Cache, createBatchLoader, createCache } from '../../platform/cache/index.js';
import type { SystemHandle } from '../../platform/db/index.js';
import type { KeyScope, Plan, Tenant } from '../../platform/operation/index.js';
import type { Metrics } from '../../platform/telemetry/index.js';
import { hashApiKey } from './issue-key.js';
import { keysByHash } from './key-queries.js';
import { type ApiKeyKind, presentKey } from './schema.js';

/** A key that was revoked or has ended is refused within a second everywhere (I12): no answer is older than this. */
const TTL_MS = 900;
const MAX_ENTRIES = 10_000;
const MAX_BATCH = 500;
const MAX_WAITING = 10_000;
/** The usual deadline of a request (I9). */
const MAX_WAIT_MS = 1_800;

export interface ResolvedKey {
  readonly tenant: Tenant;
  readonly keyId: string;
  readonly kind: ApiKeyKind;
  /** Of a secret key; null: all. */
  readonly scopes: readonly KeyScope[] | null;
}

export interface KeyResolver {
  /** Whose key it is; null for one that is unknown or revoked. Throws `unavailable` and the like. */
  resolve(key: string): Promise<ResolvedKey | null>;
  /** To be called after the commit of a revocation. */
  onRevoked(keyHash: Buffer): void;
  close(): void;
}

export interface KeyResolverOptions {
  readonly lookup: Pick<SystemHandle, 'rows'>;
  readonly metrics: Pick<Metrics, 'cache' | 'watchCache'>;
}

export function createKeyResolver({ lookup, metrics }: KeyResolverOptions): KeyResolver {
  const cache: Cache<ResolvedKey | null> = createCache({
    name: 'api_keys',
    maxEntries: MAX_ENTRIES,
    ttlMs: TTL_MS,
    // Guessed keys must not drive real ones out.
    keep: (key) => key !== null,
    metrics,
  });
  const load = createBatchLoader<string, ResolvedKey>({
    maxBatch: MAX_BATCH,
    maxWaiting: MAX_WAITING,
    maxWaitMs: MAX_WAIT_MS,
    load: (keys) => readKeys(lookup, keys),
  });
  return {
    async resolve(key) {
      const name = hashApiKey(key);
      if (name === null) return null;
      return cache.peek(name) ?? (await cache.get(name, async () => (await load(name)) ?? null));
    },
    onRevoked: (keyHash) => cache.invalidate(nameOf(keyHash)),
    close: () => cache.close(),
  };
}

/** Hashes as keys of the cache: what `hashApiKey` makes. */
const nameOf = (keyHash: Buffer) => keyHash.toString('base64');

async function readKeys(
  lookup: Pick<SystemHandle, 'rows'>,
  names: readonly string[],
): Promise<Map<string, ResolvedKey>> {
  const rows = await lookup.rows(keysByHash, { keyHashes: names.map((name) => Buffer.from(name, 'base64')) });
  return new Map(
    rows.map((row) => {
      const { keyHash, tenantId, plan, keyId } = row;
      const { kind, scopes } = presentKey(row);
      // The column admits the plans only.
      return [nameOf(keyHash), { tenant: { id: tenantId, plan: plan as Plan }, keyId, kind, scopes }];
    }),
  );
}
