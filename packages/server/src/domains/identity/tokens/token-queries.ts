import { type Column, nullable, pg, readQuery, systemQuery, writeQuery } from '../../../platform/db/index.js';
import { roleColumn } from '../role-column.js';
import type { TokenAlgorithm } from './schema.js';

/** A text, of which the table admits these two only. */
const algorithmColumn = pg.text as Column<TokenAlgorithm, false>;

const keyRow = {
  id: pg.uuid,
  algorithm: algorithmColumn,
  createdAt: pg.timestamptz,
  revokedAt: nullable(pg.timestamptz),
};

/** Columns of `keyRow`. */
const KEY = 'id, algorithm, created_at as "createdAt", revoked_at as "revokedAt"';

/** No row when the tenant has `limit` keys in use; two at once may pass it by one, which harms nobody. */
export const insertTokenKey = writeQuery({
  name: 'identity.insertTokenKey',
  params: {
    id: pg.uuid,
    algorithm: pg.text,
    sealedSecret: nullable(pg.bytea),
    publicKey: nullable(pg.bytea),
    limit: pg.int8,
  },
  row: keyRow,
  sql: `
    insert into token_keys (tenant_id, id, algorithm, sealed_secret, public_key)
    select :tenant, :id, :algorithm, :sealedSecret, :publicKey
    where (select count(*) from token_keys where tenant_id = :tenant and revoked_at is null) < :limit
    returning ${KEY}`,
});

/** Newest first, strictly after the position. */
export const tokenKeysOfTenant = readQuery({
  name: 'identity.tokenKeysOfTenant',
  params: { beforeAt: pg.timestamptz, beforeId: pg.uuid, limit: pg.int4 },
  row: keyRow,
  sql: `
    select ${KEY}
    from token_keys
    where tenant_id = :tenant and (created_at, id) < (:beforeAt, :beforeId)
    order by created_at desc, id desc
    limit :limit::int`,
});

export const revokeTokenKey = writeQuery({
  name: 'identity.revokeTokenKey',
  params: { keyId: pg.uuid },
  row: { id: pg.uuid },
  sql: `
    update token_keys set revoked_at = coalesce(revoked_at, now())
    where tenant_id = :tenant and id = :keyId
    returning id`,
});

const settingsRow = { audience: nullable(pg.text), createUsers: pg.bool, validFrom: nullable(pg.timestamptz) };

export const tokenSettings = readQuery({
  name: 'identity.tokenSettings',
  params: {},
  row: settingsRow,
  sql: `
    select audience, create_users as "createUsers", valid_from as "validFrom"
    from token_settings
    where tenant_id = :tenant`,
});

/** Null leaves a setting as it is; an empty audience is none. */
export const updateTokenSettings = writeQuery({
  name: 'identity.updateTokenSettings',
  params: { audience: nullable(pg.text), createUsers: nullable(pg.bool) },
  row: settingsRow,
  sql: `
    insert into token_settings as s (tenant_id, audience, create_users)
    values (:tenant, nullif(:audience::text, ''), coalesce(:createUsers::boolean, false))
    on conflict (tenant_id) do update
      set audience = case when :audience::text is null then s.audience else excluded.audience end,
        create_users = coalesce(:createUsers::boolean, s.create_users)
    returning audience, create_users as "createUsers", valid_from as "validFrom"`,
});

/** Never back: of two at once the later holds. By the clock, as tokens are issued while the transaction runs. */
export const revokeTokensOfTenant = writeQuery({
  name: 'identity.revokeTokensOfTenant',
  params: {},
  row: { validFrom: nullable(pg.timestamptz) },
  sql: `
    insert into token_settings as s (tenant_id, valid_from)
    values (:tenant, clock_timestamp())
    on conflict (tenant_id) do update set valid_from = greatest(s.valid_from, excluded.valid_from)
    returning valid_from as "validFrom"`,
});

export const revokeTokensOfUser = writeQuery({
  name: 'identity.revokeTokensOfUser',
  params: { userId: pg.uuid },
  row: { validFrom: nullable(pg.timestamptz) },
  sql: `
    update users set tokens_valid_from = greatest(tokens_valid_from, clock_timestamp())
    where tenant_id = :tenant and id = :userId and deleted_at is null
    returning tokens_valid_from as "validFrom"`,
});

/** Before the tenant is known, so across all of them. */
export const tokenKeysById = systemQuery({
  name: 'identity.tokenKeysById',
  kind: 'read',
  params: { ids: pg.uuidArray },
  row: {
    id: pg.uuid,
    tenantId: pg.uuid,
    plan: pg.text,
    algorithm: algorithmColumn,
    sealedSecret: nullable(pg.bytea),
    publicKey: nullable(pg.bytea),
    audience: nullable(pg.text),
    createUsers: nullable(pg.bool),
    validFrom: nullable(pg.timestamptz),
  },
  sql: `
    select k.id, k.tenant_id as "tenantId",
      (select t.plan from tenants t where t.tenant_id = k.tenant_id) as plan,
      k.algorithm, k.sealed_secret as "sealedSecret", k.public_key as "publicKey",
      s.audience, s.create_users as "createUsers", s.valid_from as "validFrom"
    from token_keys k
    left join lateral (
      select given.audience, given.create_users, given.valid_from
      from token_settings given
      where given.tenant_id = k.tenant_id
      limit 1
    ) s on true
    where k.id = any(:ids::uuid[]) and k.revoked_at is null`,
});

/**
 * The users whom tokens name, by Nova's id or else by the app's; those who are not there, or deleted, are left out, with
 * who has the name all the same. Across tenants: one statement serves all who wait. `limit` keeps the look-ups index
 * probes, one a name.
 */
export const usersOfTokens = systemQuery({
  name: 'identity.usersOfTokens',
  kind: 'read',
  params: { tenantIds: pg.uuidArray, userIds: pg.nullableTextArray, externalIds: pg.nullableTextArray },
  row: {
    index: pg.int8,
    userId: pg.uuid,
    role: roleColumn,
    validFrom: nullable(pg.timestamptz),
    deleted: pg.bool,
  },
  sql: `
    select named.place - 1 as index, found.id as "userId", found.role, found.tokens_valid_from as "validFrom",
      found.deleted_at is not null as deleted
    from unnest(:tenantIds::uuid[], :userIds::text[], :externalIds::text[]) with ordinality
      as named (tenant_id, user_id, external_id, place)
    cross join lateral (
      select u.id, u.role, u.tokens_valid_from, u.deleted_at
      from users u
      where u.tenant_id = named.tenant_id and u.id = coalesce(named.user_id::uuid, (
        select e.id from users e where e.tenant_id = named.tenant_id and e.external_id = named.external_id
      ))
      limit 1
    ) found`,
});
