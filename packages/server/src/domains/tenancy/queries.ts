import { nullable, pg, readQuery, systemQuery, writeQuery } from '../../platform/db/index.js';

const tenantRow = { name: pg.text, plan: pg.text, settings: pg.jsonb, createdAt: pg.timestamptz };

/** Columns of `tenantRow`. */
const TENANT = 'name, plan, settings, created_at as "createdAt"';

export const insertTenant = writeQuery({
  name: 'tenancy.insertTenant',
  params: { name: pg.text, plan: pg.text },
  row: {},
  sql: 'insert into tenants (tenant_id, name, plan) values (:tenant, :name, :plan)',
});

/** For any number of processes at once; only a changed plan writes a second time. */
export const ensureDefaultTenant = systemQuery({
  name: 'tenancy.ensureDefaultTenant',
  kind: 'write',
  params: { id: pg.uuid, name: pg.text, plan: pg.text },
  row: {},
  sql: `
    insert into tenants as t (tenant_id, name, plan, is_default)
    values (:id, :name, :plan, true)
    on conflict (tenant_id) do update set plan = excluded.plan where t.plan <> excluded.plan`,
});

export const ownTenant = readQuery({
  name: 'tenancy.ownTenant',
  params: {},
  row: tenantRow,
  sql: `select ${TENANT} from tenants where tenant_id = :tenant`,
});

/** Before a change of what is read: two at once would lose one. */
export const lockTenant = writeQuery({
  name: 'tenancy.lockTenant',
  params: {},
  row: tenantRow,
  sql: `select ${TENANT} from tenants where tenant_id = :tenant for no key update`,
});

export const updateTenant = writeQuery({
  name: 'tenancy.updateTenant',
  params: { name: pg.text, plan: pg.text, settings: pg.jsonb },
  row: tenantRow,
  sql: `
    update tenants set name = :name, plan = :plan, settings = :settings
    where tenant_id = :tenant
    returning ${TENANT}`,
});

/** Before anything of the tenant is done, so across all of them; those that are not open are not served. */
export const openTenants = systemQuery({
  name: 'tenancy.openTenants',
  kind: 'read',
  params: { ids: pg.uuidArray },
  row: { id: pg.uuid, plan: pg.text, settings: pg.jsonb },
  sql: `
    select tenant_id as id, plan, settings from tenants
    where tenant_id = any(:ids::uuid[]) and state = 'open'`,
});

const tenantSummary = {
  id: pg.uuid,
  ...tenantRow,
  state: pg.text,
  isDefault: pg.bool,
  closedAt: nullable(pg.timestamptz),
};

/** Columns of `tenantSummary`. */
const SUMMARY = `tenant_id as id, ${TENANT}, state, is_default as "isDefault", closed_at as "closedAt"`;

/** For the operator: in the order of their ids, after one. */
export const tenantsAfter = systemQuery({
  name: 'tenancy.tenantsAfter',
  kind: 'read',
  params: { after: pg.uuid, limit: pg.int4 },
  row: tenantSummary,
  sql: `select ${SUMMARY} from tenants where tenant_id > :after order by tenant_id limit :limit::int`,
});

export const tenantById = systemQuery({
  name: 'tenancy.tenantById',
  kind: 'read',
  params: { id: pg.uuid },
  row: tenantSummary,
  sql: `select ${SUMMARY} from tenants where tenant_id = :id`,
});

/** No row for a tenant that there is not, or for the default one, which every start would make again. */
export const closeTenant = systemQuery({
  name: 'tenancy.closeTenant',
  kind: 'write',
  params: { id: pg.uuid },
  row: { id: pg.uuid },
  sql: `
    update tenants set state = 'closed', closed_at = coalesce(closed_at, now())
    where tenant_id = :id and not is_default
    returning tenant_id as id`,
});
