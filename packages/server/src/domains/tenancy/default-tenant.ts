import type { SystemHandle } from '../../platform/db/index.js';
import type { Plan, Tenant } from '../../platform/operation/index.js';
import * as queries from './queries.js';

/** The same in every installation, so that processes which start together make one and the same tenant. */
export const DEFAULT_TENANT_ID = '00000000-0000-7000-8000-000000000001';

/**
 * Makes the tenant that calls without a key belong to, or gives it this plan. May run in many processes at once.
 */
export async function ensureDefaultTenant(system: Pick<SystemHandle, 'run'>, plan: Plan): Promise<Tenant> {
  await system.run(queries.ensureDefaultTenant, { id: DEFAULT_TENANT_ID, name: 'Default', plan });
  return { id: DEFAULT_TENANT_ID, plan };
}
