import type { RestBinding } from '../../platform/operation/index.js';
import type { TenancyOperations } from './operations.js';

export function restBindings(operations: TenancyOperations): RestBinding[] {
  return [
    { method: 'POST', path: '/keys', operation: operations.createApiKey, status: 201 },
    { method: 'GET', path: '/keys', operation: operations.listApiKeys, status: 200 },
    { method: 'DELETE', path: '/keys/:keyId', operation: operations.revokeApiKey, status: 204 },
  ];
}
