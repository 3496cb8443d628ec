import type { RestBinding } from '../../platform/operation/index.js';
import type { TenancyOperations } from './operations.js';

export function restBindings(operations: TenancyOperations): RestBinding[] {
  return [
    { method: 'GET', path: '/tenant', operation: operations.getTenant, status: 200 },
    { method: 'PATCH', path: '/tenant', operation: operations.updateTenant, status: 200 },
    { method: 'GET', path: '/tenant/usage', operation: operations.getTenantUsage, status: 200 },
    { method: 'POST', path: '/keys', operation: operations.createApiKey, status: 201 },
    { method: 'GET', path: '/keys', operation: operations.listApiKeys, status: 200 },
    { method: 'DELETE', path: '/keys/:keyId', operation: operations.revokeApiKey, status: 204 },
    { method: 'POST', path: '/keys/:keyId/rotate', operation: operations.rotateApiKey, status: 201 },
  ];
}
