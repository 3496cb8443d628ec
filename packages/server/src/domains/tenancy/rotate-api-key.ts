import type { WriteHandle } from '../../platform/db/index.js';
import { platformErrors } from '../../platform/errors/index.js';
import { type KeyScope, writeOperation } from '../../platform/operation/index.js';
import { requireScopes } from './create-api-key.js';
import { tenancyErrors } from './errors.js';
import { type IssuedKey, issueKey } from './issue-key.js';
import { lockKey, replaceKey } from './key-queries.js';
import type { RevokeApiKeyDeps } from './revoke-api-key.js';
import { type ApiKey, presentKey, RotateApiKeyInput, RotatedApiKey } from './schema.js';

const DEFAULT_OVERLAP_SECONDS = 86_400;

/**
 * A new key with kind, name, scopes and lifetime of the old one, which ends by itself after the overlap. Errors:
 * `not_found`, `api_key_ended`, `api_key_rotated`, `missing_scope` for a key that may do more than the calling one.
 */
export const rotateApiKey = writeOperation({
  name: 'rotateApiKey',
  summary: 'Replace an API key; both are good for a while, then the old one ends by itself',
  access: 'secret',
  keyScope: 'keys:write',
  input: RotateApiKeyInput,
  output: RotatedApiKey,
  secretOutput: ['key'],
  run: async ({ onRevoked }: RevokeApiKeyDeps, { db, keyScopes }, { keyId, overlapSeconds }) =>
    await rotateKey(db, { keyId, keyScopes, onRevoked, ...(overlapSeconds === undefined ? {} : { overlapSeconds }) }),
});

export interface Rotation extends RevokeApiKeyDeps {
  readonly keyId: string;
  readonly overlapSeconds?: number;
  /** Of whoever asks. */
  readonly keyScopes: readonly KeyScope[] | null;
}

/** In the transaction of `tx`. Errors as the operation says. */
export async function rotateKey(
  tx: WriteHandle,
  { keyId, overlapSeconds = DEFAULT_OVERLAP_SECONDS, keyScopes, onRevoked }: Rotation,
): Promise<IssuedKey & { readonly previous: ApiKey }> {
  const found = await tx.row(lockKey, { keyId });
  if (found === undefined) throw platformErrors.not_found();
  const { inUse, lifetimeMs, ...row } = found;
  const old = presentKey(row);
  if (!inUse) throw tenancyErrors.api_key_ended();
  if (old.replacedBy !== null) throw tenancyErrors.api_key_rotated();
  if (old.kind === 'secret') requireScopes(keyScopes, old.scopes);
  const { kind, name, scopes } = old;
  const issued = await issueKey(tx, { kind, name, scopes, lifetimeMs }, true);
  const replaced = await tx.row(replaceKey, { keyId, replacedBy: issued.apiKey.id, overlapSeconds });
  if (replaced === undefined) throw platformErrors.not_found();
  const { keyHash, ...previous } = replaced;
  if (overlapSeconds === 0) tx.afterCommit(() => onRevoked(keyHash));
  return { ...issued, previous: presentKey(previous) };
}
