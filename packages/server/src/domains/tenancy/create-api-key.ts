import { platformErrors } from '../../platform/errors/index.js';
import { coversScopes, type KeyScope, writeOperation } from '../../platform/operation/index.js';
import { issueKey } from './issue-key.js';
import { CreateApiKeyInput, CreatedApiKey } from './schema.js';

/** Errors: `missing_scope` for scopes that the calling key does not have itself, `too_many_api_keys`. */
export const createApiKey = writeOperation({
  name: 'createApiKey',
  summary: 'Make an API key; it is shown once',
  access: 'secret',
  keyScope: 'keys:write',
  input: CreateApiKeyInput,
  output: CreatedApiKey,
  secretOutput: ['key'],
  async run(_deps: object, { db, keyScopes }, { kind, name, scopes, expiresInSeconds }) {
    if (kind === 'publishable' && scopes !== undefined) {
      throw platformErrors.invalid_request({
        problems: [{ path: 'scopes', reason: 'is for secret keys; a publishable one opens what anybody may do' }],
      });
    }
    requireScopes(keyScopes, scopes ?? keyScopes);
    return await issueKey(db, {
      kind,
      ...(name === undefined ? {} : { name: name.trim() }),
      scopes: scopes ?? keyScopes,
      lifetimeMs: expiresInSeconds === undefined ? null : expiresInSeconds * 1_000,
    });
  },
});

/** Throws `missing_scope` unless a key may hand on these scopes. */
export function requireScopes(own: readonly KeyScope[] | null, asked: readonly KeyScope[] | null): void {
  if (coversScopes(own, asked)) return;
  const missing = asked?.filter((scope) => own?.includes(scope) === false) ?? ['all'];
  throw platformErrors.missing_scope({ detail: `the calling key lacks ${missing.join(', ')} itself` });
}
