import { hash, randomBytes } from 'node:crypto';
import type { WriteHandle } from '../../platform/db/index.js';
import { newId } from '../../platform/ids/index.js';
import type { KeyScope } from '../../platform/operation/index.js';
import { tenancyErrors } from './errors.js';
import { insertKey } from './key-queries.js';
import { type ApiKey, type ApiKeyKind, presentKey } from './schema.js';

const PREFIXES = { publishable: 'nova_pk_', secret: 'nova_sk_' } as const satisfies Record<ApiKeyKind, string>;
const KEY = /^nova_[ps]k_[A-Za-z0-9_-]{43}$/;
/** Prefix and four characters: enough to tell keys apart, nothing to guess with (39 are left). */
const HINT_LENGTH = 12;
/** Keys in use per tenant; as many again may overlap with those that take over from them. */
const MAX_KEYS = 100;

export interface NewKey {
  readonly kind: ApiKeyKind;
  readonly name?: string;
  /** Null: all, those of later versions included. Of secret keys only. */
  readonly scopes?: readonly KeyScope[] | null;
  /** From now to its end; null: it has none. */
  readonly lifetimeMs?: number | null;
}

export interface IssuedKey {
  readonly apiKey: ApiKey;
  /** Exists here and with the caller only. */
  readonly key: string;
}

/**
 * Makes a key of the tenant of `tx`: 32 random bytes, so that its bare SHA-256 can be stored. Errors: `too_many_api_keys`.
 * @param takesOver in place of a key that is in use for a while still
 */
export async function issueKey(
  tx: WriteHandle,
  { kind, name = '', scopes = null, lifetimeMs = null }: NewKey,
  takesOver = false,
): Promise<IssuedKey> {
  const key = PREFIXES[kind] + randomBytes(32).toString('base64url');
  const row = await tx.row(insertKey, {
    id: newId(),
    kind,
    name,
    scopes: kind === 'secret' && scopes !== null ? [...new Set(scopes)] : null,
    keyHash: hash('sha256', key, 'buffer'),
    hint: key.slice(0, HINT_LENGTH),
    lifetimeMs,
    limit: takesOver ? 2 * MAX_KEYS : MAX_KEYS,
  });
  if (row === undefined) throw tenancyErrors.too_many_api_keys();
  return { apiKey: presentKey(row), key };
}

/** SHA-256 of the key in base64, or null for a text that cannot be one. */
export function hashApiKey(key: string): string | null {
  return KEY.test(key) ? hash('sha256', key, 'base64') : null;
}
