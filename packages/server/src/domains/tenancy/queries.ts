import { nullable, pg, readQuery, systemQuery, writeQuery } from '../../platform/db/index.js';

const keyRow = {
  id: pg.uuid,
  kind: pg.text,
  hint: pg.text,
  createdAt: pg.timestamptz,
  revokedAt: nullable(pg.timestamptz),
};

/** Columns of `keyRow`. */
const KEY = 'id, kind, hint, created_at as "createdAt", revoked_at as "revokedAt"';

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

/** No row when the tenant has `limit` keys in use; two at once may pass it by one, which harms nobody. */
export const insertKey = writeQuery({
  name: 'tenancy.insertKey',
  params: { id: pg.uuid, kind: pg.text, keyHash: pg.bytea, hint: pg.text, limit: pg.int8 },
  row: keyRow,
  sql: `
    insert into api_keys (tenant_id, id, kind, key_hash, hint)
    select :tenant, :id, :kind, :keyHash, :hint
    where (select count(*) from api_keys where tenant_id = :tenant and revoked_at is null) < :limit
    returning ${KEY}`,
});

/** Newest first, strictly after the position. */
export const keysOfTenant = readQuery({
  name: 'tenancy.keysOfTenant',
  params: { beforeAt: pg.timestamptz, beforeId: pg.uuid, limit: pg.int4 },
  row: keyRow,
  sql: `
    select ${KEY}
    from api_keys
    where tenant_id = :tenant
      and (created_at, id) < (:beforeAt, :beforeId)
    order by created_at desc, id desc
    limit :limit::int`,
});

export const revokeKey = writeQuery({
  name: 'tenancy.revokeKey',
  params: { keyId: pg.uuid },
  row: { keyHash: pg.bytea },
  sql: `
    update api_keys set revoked_at = coalesce(revoked_at, now())
    where tenant_id = :tenant and id = :keyId
    returning key_hash as "keyHash"`,
});

/** Before the tenant is known, so across all of them. */
export const keysByHash = systemQuery({
  name: 'tenancy.keysByHash',
  kind: 'read',
  params: { keyHashes: pg.byteaArray },
  row: { keyHash: pg.bytea, tenantId: pg.uuid, plan: pg.text, keyId: pg.uuid, kind: pg.text },
  sql: `
    select k.key_hash as "keyHash", k.tenant_id as "tenantId", t.plan, k.id as "keyId", k.kind
    from api_keys k
    join tenants t on t.tenant_id = k.tenant_id
    where k.key_hash = any(:keyHashes::bytea[]) and k.revoked_at is null`,
});
