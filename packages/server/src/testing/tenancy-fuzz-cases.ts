import type { Input } from './api-surface.js';
import type { Target } from './populated-tenant.js';

/** Inputs of the tenancy domain that name things of another tenant. */
export const TENANCY_CASES: Readonly<Record<string, (other: Target) => readonly Input[]>> = {
  createApiKey: () => [{ kind: 'publishable' }],
  listApiKeys: ({ cursors }) => [{ limit: 100 }, { limit: 5, cursor: cursors.listApiKeys }],
  revokeApiKey: ({ keyId }) => [{ keyId }],
  rotateApiKey: ({ spareKeyId }) => [{ keyId: spareKeyId }],
  getTenant: () => [{}],
  updateTenant: () => [{ name: 'another name', settings: { identity: { signUpOpen: true } } }],
  // The other tenant has used something on the first of these days.
  getTenantUsage: () => [{ from: '2026-01-01', to: '2026-01-03' }],
};
