import { nullable, pg, readQuery, systemQuery, writeQuery } from '../../platform/db/index.js';

const keyRow = {
  id: pg.uuid,
  kind: pg.text,
  name: pg.text,
  scopes: nullable(pg.textArray),
  hint: pg.text,
  createdAt: pg.timestamptz,
  expiresAt: nullable(pg.timestamptz),
  lastUsedAt: nullable(pg.timestamptz),
  replacedBy: nullable(pg.uuid),
  revokedAt: nullable(pg.timestamptz),
};

/** Columns of `keyRow`. */
const KEY = `id, kind, name, scopes, hint, created_at as "createdAt", expires_at as "expiresAt",
      last_used_at as "lastUsedAt", replaced_by as "replacedBy", revoked_at as "revokedAt"`;

const IN_USE = 'revoked_at is null and (expires_at is null or expires_at > now())';

/** No row when the tenant has `limit` keys in use; two at once may pass it by one, which harms nobody. */
export const insertKey = writeQuery({
  name: 'tenancy.insertKey',
  params: {
    id: pg.uuid,
    kind: pg.text,
    name: pg.text,
    scopes: nullable(pg.textArray),
    keyHash: pg.bytea,
    hint: pg.text,
    lifetimeMs: nullable(pg.int8),
    limit: pg.int8,
  },
  row: keyRow,
  sql: `
    insert into api_keys (tenant_id, id, kind, name, scopes, key_hash, hint, expires_at)
    select :tenant, :id, :kind, :name, :scopes::text[], :keyHash, :hint,
      now() + :lifetimeMs::bigint * interval '1 millisecond'
    where (select count(*) from api_keys where tenant_id = :tenant and ${IN_USE}) < :limit
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

/** With the time in ms that it was made for; whether it is in use still. */
export const lockKey = writeQuery({
  name: 'tenancy.lockKey',
  params: { keyId: pg.uuid },
  row: { ...keyRow, inUse: pg.bool, lifetimeMs: nullable(pg.int8) },
  sql: `
    select ${KEY}, ${IN_USE} as "inUse",
      (extract(epoch from expires_at - created_at) * 1000)::bigint as "lifetimeMs"
    from api_keys
    where tenant_id = :tenant and id = :keyId
    for update`,
});

/** The key that took over is named, and the old one ends after a while, sooner if it would have anyway. */
export const replaceKey = writeQuery({
  name: 'tenancy.replaceKey',
  params: { keyId: pg.uuid, replacedBy: pg.uuid, overlapSeconds: pg.int4 },
  row: { ...keyRow, keyHash: pg.bytea },
  sql: `
    update api_keys
    set replaced_by = :replacedBy,
      expires_at = least(expires_at, now() + :overlapSeconds::int * interval '1 second')
    where tenant_id = :tenant and id = :keyId
    returning ${KEY}, key_hash as "keyHash"`,
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
  row: {
    keyHash: pg.bytea,
    tenantId: pg.uuid,
    plan: pg.text,
    keyId: pg.uuid,
    kind: pg.text,
    scopes: nullable(pg.textArray),
  },
  sql: `
    select k.key_hash as "keyHash", k.tenant_id as "tenantId", t.plan, k.id as "keyId", k.kind, k.scopes
    from api_keys k
    join tenants t on t.tenant_id = k.tenant_id
    where k.key_hash = any(:keyHashes::bytea[]) and k.revoked_at is null
      and (k.expires_at is null or k.expires_at > now()) and t.state = 'open'`,
});

/** When keys were used last, to the minute or so. Locked in one order, whichever process writes. */
export const noteKeyUse = systemQuery({
  name: 'tenancy.noteKeyUse',
  kind: 'write',
  params: { tenantIds: pg.uuidArray, keyIds: pg.uuidArray },
  row: {},
  sql: `
    with used as (
      select k.tenant_id, k.id
      from unnest(:tenantIds::uuid[], :keyIds::uuid[]) as g (tenant_id, id)
      join api_keys k on k.tenant_id = g.tenant_id and k.id = g.id
      where k.last_used_at is null or k.last_used_at < now() - interval '30 seconds'
      order by k.tenant_id, k.id
      for no key update of k
    )
    update api_keys k set last_used_at = now()
    from used u where k.tenant_id = u.tenant_id and k.id = u.id`,
});
