import { hash, randomBytes } from 'node:crypto';
import type { WriteHandle } from '../../platform/db/index.js';
import { newId } from '../../platform/ids/index.js';
import { tenancyErrors } from './errors.js';
import { insertKey } from './queries.js';
import type { ApiKey, ApiKeyKind } from './schema.js';

const PREFIXES = { publishable: 'nova_pk_', secret: 'nova_sk_' } as const satisfies Record<ApiKeyKind, string>;
const KEY = /^nova_[ps]k_[A-Za-z0-9_-]{43}$/;
/** Prefix and four characters: enough to tell keys apart, nothing to guess with (39 are left). */
const HINT_LENGTH = 12;
/** Keys in use per tenant. */
const MAX_KEYS = 100;

export interface IssuedKey {
  readonly apiKey: ApiKey;
  /** Exists here and with the caller only. */
  readonly key: string;
}

/** Makes a key of the tenant of `tx`: 32 random bytes, so that its bare SHA-256 can be stored. Errors: `too_many_api_keys`. */
export async function issueKey(tx: WriteHandle, kind: ApiKeyKind): Promise<IssuedKey> {
  const key = PREFIXES[kind] + randomBytes(32).toString('base64url');
  const keyHash = hash('sha256', key, 'buffer');
  const row = await tx.row(insertKey, { id: newId(), kind, keyHash, hint: key.slice(0, HINT_LENGTH), limit: MAX_KEYS });
  if (row === undefined) throw tenancyErrors.too_many_api_keys();
  return { apiKey: { ...row, kind }, key };
}

/** SHA-256 of the key in base64, or null for a text that cannot be one. */
export function hashApiKey(key: string): string | null {
  return KEY.test(key) ? hash('sha256', key, 'base64') : null;
}
