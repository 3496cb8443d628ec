import type { Cursors } from '../../platform/cursor/index.js';
import { type BoundOperation, bindOperation } from '../../platform/operation/index.js';
import type { SettingsRegistry } from '../../platform/tenant-settings/index.js';
import { createApiKey } from './create-api-key.js';
import { getTenant } from './get-tenant.js';
import { getTenantUsage } from './get-usage.js';
import { listApiKeys } from './list-api-keys.js';
import { type RevokeApiKeyDeps, revokeApiKey } from './revoke-api-key.js';
import { rotateApiKey } from './rotate-api-key.js';
import { type UpdateTenantDeps, updateTenant } from './update-tenant.js';

export interface OperationDeps extends RevokeApiKeyDeps, UpdateTenantDeps {
  readonly cursors: Cursors;
  readonly registry: SettingsRegistry;
}

export type TenancyOperations = ReturnType<typeof bindTenancyOperations>;

export function bindTenancyOperations(deps: OperationDeps) {
  const { registry } = deps;
  return {
    getTenant: bindOperation(getTenant(registry), deps),
    updateTenant: bindOperation(updateTenant(registry), deps),
    getTenantUsage: bindOperation(getTenantUsage, deps),
    createApiKey: bindOperation(createApiKey, deps),
    listApiKeys: bindOperation(listApiKeys, deps),
    rotateApiKey: bindOperation(rotateApiKey, deps),
    revokeApiKey: bindOperation(revokeApiKey, deps),
  } satisfies Record<string, BoundOperation>;
}
