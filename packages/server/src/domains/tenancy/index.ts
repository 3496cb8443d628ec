import type { Cursors } from '../../platform/cursor/index.js';
import type { SystemHandle } from '../../platform/db/index.js';
import type { DomainBindings, Plan, Tenant } from '../../platform/operation/index.js';
import type { Metrics } from '../../platform/telemetry/index.js';
import { ensureDefaultTenant } from './default-tenant.js';
import { graphqlBinding } from './graphql.js';
import { createKeyResolver, type ResolvedKey } from './key-resolver.js';
import { bindTenancyOperations } from './operations.js';
import * as queries from './queries.js';
import { restBindings } from './rest.js';

export { type CreatedTenant, createTenant } from './create-tenant.js';
export { DEFAULT_TENANT_ID } from './default-tenant.js';
export { tenancyErrors } from './errors.js';
export { type IssuedKey, issueKey } from './issue-key.js';
export type { ResolvedKey } from './key-resolver.js';

export const tenancyQueries = Object.values(queries);

export interface TenancyDeps {
  /** Reads keys before the tenant is known. */
  readonly lookup: Pick<SystemHandle, 'rows'>;
  /** Makes the default tenant. */
  readonly system: Pick<SystemHandle, 'run'>;
  readonly cursors: Cursors;
  readonly metrics: Pick<Metrics, 'cache' | 'watchCache'>;
}

export interface Tenancy {
  readonly bindings: DomainBindings;
  /** Makes the tenant of calls without a key, or gives it this plan; see default-tenant.ts. */
  ensureDefaultTenant(plan: Plan): Promise<Tenant>;
  /** Whose API key it is; null for one that is unknown or revoked (within a second, I12). */
  resolveKey(key: string): Promise<ResolvedKey | null>;
  close(): void;
}

export function createTenancy({ lookup, system, cursors, metrics }: TenancyDeps): Tenancy {
  const keys = createKeyResolver({ lookup, metrics });
  const operations = bindTenancyOperations({ cursors, onRevoked: keys.onRevoked });
  return {
    bindings: { rest: restBindings(operations), graphql: graphqlBinding(operations) },
    ensureDefaultTenant: (plan) => ensureDefaultTenant(system, plan),
    resolveKey: keys.resolve,
    close: keys.close,
  };
}
