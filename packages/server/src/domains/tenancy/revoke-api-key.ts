import { platformErrors } from '../../platform/errors/index.js';
import { writeOperation } from '../../platform/operation/index.js';
import { revokeKey } from './key-queries.js';
import { Nothing, RevokeApiKeyInput } from './schema.js';

export interface RevokeApiKeyDeps {
  readonly onRevoked: (keyHash: Buffer) => void;
}

/** Errors: `not_found`. A key that is revoked already is no error. */
export const revokeApiKey = writeOperation({
  name: 'revokeApiKey',
  summary: 'Revoke an API key; it is refused everywhere within a second',
  access: 'secret',
  keyScope: 'keys:write',
  input: RevokeApiKeyInput,
  output: Nothing,
  async run({ onRevoked }: RevokeApiKeyDeps, { db }, { keyId }) {
    const revoked = await db.row(revokeKey, { keyId });
    if (revoked === undefined) throw platformErrors.not_found();
    db.afterCommit(() => onRevoked(revoked.keyHash));
    return null;
  },
});
