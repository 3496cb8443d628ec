import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import { type Cache, createBatchLoader, createCache } from '../../../platform/cache/index.js';
import type { Sealer } from '../../../platform/crypto/index.js';
import type { SystemHandle } from '../../../platform/db/index.js';
import type { Plan, Tenant } from '../../../platform/operation/index.js';
import type { Metrics } from '../../../platform/telemetry/index.js';
import { type PrincipalChanges, slotOf } from '../principals/principal-changes.js';
import type { TokenAlgorithm } from './schema.js';
import { tokenKeysById } from './token-queries.js';

const MAX_BATCH = 500;
const MAX_WAITING = 10_000;
/** The usual deadline of a request (I9). */
const MAX_WAIT_MS = 1_800;
const MAX_KEYS = 10_000;

/** A key that tokens are checked with, and what its tenant asks of them. */
export interface TokenKey {
  readonly id: string;
  readonly tenant: Tenant;
  readonly algorithm: TokenAlgorithm;
  /** Null for a secret that was sealed with another secret key of the server. */
  readonly material: KeyObject | null;
  readonly audience: string | null;
  readonly createUsers: boolean;
  readonly validFromMs: number | null;
}

interface KeptKey extends TokenKey {
  readonly moment: number;
  readonly tenantSlot: number;
  readonly keySlot: number;
}

export interface TokenKeys {
  /** Null for one that is unknown or revoked. To be asked under the lease only; see session-resolver.ts. */
  find(id: string): Promise<TokenKey | null>;
  close(): void;
}

/** What a sealed secret is sealed for. */
export const sealingContext = (tenantId: string, keyId: string): string => `token key ${tenantId}/${keyId}`;

export function createTokenKeys(deps: {
  readonly lookup: Pick<SystemHandle, 'rows'>;
  readonly sealer: Pick<Sealer, 'open'>;
  readonly changes: PrincipalChanges;
  readonly metrics: Pick<Metrics, 'cache' | 'watchCache'>;
  readonly ttlMs: number;
}): TokenKeys {
  const { lookup, sealer, changes, metrics, ttlMs } = deps;
  const cache: Cache<KeptKey | null> = createCache({
    name: 'token_keys',
    maxEntries: MAX_KEYS,
    ttlMs,
    // Made-up ids must not drive real keys out.
    keep: (key) => key !== null,
    metrics,
  });
  const holds = (key: KeptKey | null) => key === null || changes.unchanged(key.moment, key.tenantSlot, key.keySlot);
  const load = createBatchLoader<string, TokenKey>({
    maxBatch: MAX_BATCH,
    maxWaiting: MAX_WAITING,
    maxWaitMs: MAX_WAIT_MS,
    load: (ids) => readKeys(lookup, sealer, ids),
  });
  const read = async (id: string): Promise<KeptKey | null> => {
    const { moment } = changes;
    const key = await load(id);
    return key === undefined ? null : { ...key, moment, tenantSlot: slotOf(key.tenant.id), keySlot: slotOf(id) };
  };
  return {
    async find(id) {
      const kept = cache.peek(id, holds) ?? (await cache.get(id, () => read(id)));
      if (holds(kept)) return kept;
      cache.invalidate(id);
      return await read(id);
    },
    close: () => cache.close(),
  };
}

async function readKeys(
  lookup: Pick<SystemHandle, 'rows'>,
  sealer: Pick<Sealer, 'open'>,
  ids: readonly string[],
): Promise<Map<string, TokenKey>> {
  const rows = await lookup.rows(tokenKeysById, { ids });
  return new Map(
    rows.map(({ id, tenantId, plan, algorithm, sealedSecret, publicKey, audience, createUsers, validFrom }) => [
      id,
      {
        id,
        // The column admits the plans only.
        tenant: { id: tenantId, plan: plan as Plan },
        algorithm,
        material:
          sealedSecret === null
            ? publicKeyOf(publicKey)
            : secretKeyOf(sealer, sealedSecret, sealingContext(tenantId, id)),
        audience,
        createUsers: createUsers ?? false,
        validFromMs: validFrom === null ? null : Date.parse(validFrom),
      },
    ]),
  );
}

/** One that does not open must not fail the keys of others, which are read with it. */
function secretKeyOf(sealer: Pick<Sealer, 'open'>, sealed: Buffer, context: string): KeyObject | null {
  let secret: string;
  try {
    secret = sealer.open(sealed, context);
  } catch {
    return null;
  }
  return createSecretKey(secret, 'utf8');
}

function publicKeyOf(bytes: Buffer | null): KeyObject {
  if (bytes === null) throw new Error('a key has neither half');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') }, format: 'jwk' });
}
