import type { Cursors } from '../../platform/cursor/index.js';
import type { Database, SystemHandle } from '../../platform/db/index.js';
import type { DomainBindings, Plan, Tenant } from '../../platform/operation/index.js';
import type { Metrics } from '../../platform/telemetry/index.js';
import {
  createSettingsRegistry,
  type SettingGroup,
  type TenantSettings,
} from '../../platform/tenant-settings/index.js';
import { ensureDefaultTenant } from './default-tenant.js';
import { graphqlBinding } from './graphql.js';
import * as keyQueries from './key-queries.js';
import { createKeyResolver, type ResolvedKey } from './key-resolver.js';
import { createKeyUsage } from './key-usage.js';
import { createTenantManagement, type TenantManagement } from './manage-tenants.js';
import { bindTenancyOperations } from './operations.js';
import * as queries from './queries.js';
import { restBindings } from './rest.js';
import { quotaSettings } from './settings.js';
import { createTenantDirectory } from './tenant-directory.js';

export { type CreatedTenant, createTenant } from './create-tenant.js';
export { DEFAULT_TENANT_ID } from './default-tenant.js';
export { tenancyErrors } from './errors.js';
export { type IssuedKey, issueKey, type NewKey } from './issue-key.js';
export type { ResolvedKey } from './key-resolver.js';
export type { TenantManagement } from './manage-tenants.js';

export const tenancyQueries = [...Object.values(queries), ...Object.values(keyQueries)];

export interface TenancyDeps {
  readonly database: Pick<Database, 'read' | 'transaction'>;
  /** Reads keys and tenants before the tenant is known. */
  readonly lookup: Pick<SystemHandle, 'rows'>;
  /** Makes the default tenant, notes the use of keys, and serves the command line. */
  readonly system: Pick<SystemHandle, 'run' | 'row' | 'rows'>;
  readonly cursors: Cursors;
  readonly metrics: Pick<Metrics, 'cache' | 'watchCache'>;
  /** Of the other domains; see platform/tenant-settings. */
  readonly settings: readonly SettingGroup[];
  readonly onError: (error: unknown) => void;
}

export interface Tenancy {
  readonly bindings: DomainBindings;
  /** Makes the tenant of calls without a key, or gives it this plan; see default-tenant.ts. */
  ensureDefaultTenant(plan: Plan): Promise<Tenant>;
  /** Whose API key it is; null for one that is unknown or ended (within a second, I12). */
  resolveKey(key: string): Promise<ResolvedKey | null>;
  /** The tenant with its plan and quotas of now; null for one that is not open (within a second, I12). */
  openTenant(tenantId: string): Promise<Tenant | null>;
  readonly settings: TenantSettings;
  readonly management: TenantManagement;
  /** To be called when somebody was let in by a key. */
  onKeyUsed(tenantId: string, keyId: string): void;
  /** Writes which keys were used; else each minute and at the end. */
  flushKeyUsage(): Promise<void>;
  /** Begins to write the use of keys. */
  start(): void;
  close(): Promise<void>;
}

export function createTenancy(deps: TenancyDeps): Tenancy {
  const { database, lookup, system, cursors, metrics } = deps;
  const registry = createSettingsRegistry([...deps.settings, quotaSettings]);
  const usage = createKeyUsage(system, deps.onError);
  const keys = createKeyResolver({ lookup, metrics });
  const directory = createTenantDirectory({ lookup, registry, metrics });
  const { onChanged } = directory;
  const operations = bindTenancyOperations({ cursors, registry, onRevoked: keys.onRevoked, onChanged });
  return {
    bindings: { rest: restBindings(operations), graphql: graphqlBinding(operations, registry) },
    ensureDefaultTenant: (plan) => ensureDefaultTenant(system, plan),
    resolveKey: keys.resolve,
    openTenant: directory.openTenant,
    settings: directory,
    management: createTenantManagement({ database, system, registry, onChanged, onRevoked: keys.onRevoked }),
    onKeyUsed: usage.used,
    flushKeyUsage: usage.flush,
    start: usage.start,
    async close() {
      await usage.close();
      keys.close();
      directory.close();
    },
  };
}
