import type { Database, SystemHandle, ValuesOf } from '../../platform/db/index.js';
import { platformErrors } from '../../platform/errors/index.js';
import type { SettingsRegistry } from '../../platform/tenant-settings/index.js';
import { tenancyErrors } from './errors.js';
import { keysOfTenant } from './key-queries.js';
import { closeTenant, tenantById, tenantsAfter } from './queries.js';
import { rotateKey } from './rotate-api-key.js';
import { type ApiKey, presentKey } from './schema.js';
import { presentTenant, type TenantDocument } from './tenant-document.js';
import { changeTenant, type TenantChange } from './update-tenant.js';

/** A tenant as the operator sees it. */
export interface TenantSummary extends TenantDocument {
  readonly state: 'open' | 'importing' | 'closed';
  readonly isDefault: boolean;
  readonly closedAt: string | null;
}

/** For the command line: across tenants. */
export interface TenantManagement {
  /** All tenants in the order of their ids, read some at a time. */
  list(): AsyncGenerator<TenantSummary>;
  /** Errors: `not_found`. */
  show(tenantId: string): Promise<TenantSummary>;
  /** Name, plan and any setting, those of the operator included. Errors: `not_found`, `invalid_request`. */
  set(
    tenantId: string,
    change: Omit<TenantChange, 'settings'> & { readonly settings?: unknown },
  ): Promise<TenantDocument>;
  /** In use or ended, the newest first, up to 1,000. */
  keys(tenantId: string): Promise<ApiKey[]>;
  /** See rotate-api-key.ts. */
  rotateKey(tenantId: string, keyId: string, overlapSeconds?: number): ReturnType<typeof rotateKey>;
  /**
   * Nobody is served from within a second, and the rows are purged by and by; there is no way back. Errors: `not_found`,
   * `tenant_closed` for the default tenant, which cannot be.
   */
  close(tenantId: string): Promise<void>;
}

export interface TenantManagementDeps {
  readonly database: Pick<Database, 'read' | 'transaction'>;
  readonly system: Pick<SystemHandle, 'row' | 'rows'>;
  readonly registry: SettingsRegistry;
  readonly onChanged: (tenantId: string) => void;
  readonly onRevoked: (keyHash: Buffer) => void;
}

const PAGE = 500;
const MAX_KEYS = 1_000;
const NIL = '00000000-0000-0000-0000-000000000000';

export function createTenantManagement({
  database,
  system,
  registry,
  onChanged,
  onRevoked,
}: TenantManagementDeps): TenantManagement {
  const present = (row: ValuesOf<(typeof tenantById)['row']>): TenantSummary => ({
    ...presentTenant(registry, row.id, row),
    state: row.state as TenantSummary['state'],
    isDefault: row.isDefault,
    closedAt: row.closedAt,
  });
  return {
    async *list() {
      for (let after = NIL; ; ) {
        const rows = await system.rows(tenantsAfter, { after, limit: PAGE });
        yield* rows.map(present);
        const last = rows.at(-1);
        if (last === undefined || rows.length < PAGE) return;
        after = last.id;
      }
    },
    async show(tenantId) {
      const row = await system.row(tenantById, { id: tenantId });
      if (row === undefined) throw platformErrors.not_found({ detail: `there is no tenant ${tenantId}` });
      return present(row);
    },
    async set(tenantId, { settings, ...change }) {
      const patch = registry.checkOperatorPatch(settings ?? {});
      return await database.transaction(tenantId, (tx) =>
        changeTenant(tx, registry, onChanged, { ...change, settings: patch }),
      );
    },
    async keys(tenantId) {
      const start = { beforeAt: 'infinity', beforeId: 'ffffffff-ffff-ffff-ffff-ffffffffffff', limit: MAX_KEYS };
      return (await database.read(tenantId).rows(keysOfTenant, start)).map(presentKey);
    },
    rotateKey: (tenantId, keyId, overlapSeconds) =>
      database.transaction(tenantId, (tx) =>
        rotateKey(tx, {
          keyId,
          keyScopes: null,
          onRevoked,
          ...(overlapSeconds === undefined ? {} : { overlapSeconds }),
        }),
      ),
    async close(tenantId) {
      const { isDefault } = await this.show(tenantId);
      if (isDefault) {
        throw tenancyErrors.tenant_closed({
          detail: 'the default tenant is made again at every start: turn it away by NOVA_DEFAULT_TENANT=false instead',
        });
      }
      await system.row(closeTenant, { id: tenantId });
      onChanged(tenantId);
    },
  };
}
