import type { Cursors } from '../../platform/cursor/index.js';
import { type BoundOperation, bindOperation } from '../../platform/operation/index.js';
import { createApiKey } from './create-api-key.js';
import { listApiKeys } from './list-api-keys.js';
import { type RevokeApiKeyDeps, revokeApiKey } from './revoke-api-key.js';

export type TenancyOperations = ReturnType<typeof bindTenancyOperations>;

export function bindTenancyOperations(deps: RevokeApiKeyDeps & { readonly cursors: Cursors }) {
  return {
    createApiKey: bindOperation(createApiKey, deps),
    listApiKeys: bindOperation(listApiKeys, deps),
    revokeApiKey: bindOperation(revokeApiKey, deps),
  } satisfies Record<string, BoundOperation>;
}
