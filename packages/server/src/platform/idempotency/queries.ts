import { nullable, pg, readQuery, systemQuery, writeQuery } from '../db/index.js';

/** Takes the key, or an expired one over; no row when another call holds it. Waits for a concurrent holder. */
export const claimKey = writeQuery({
  name: 'idempotency.claim',
  params: { owner: pg.text, key: pg.text, operation: pg.text, requestHash: pg.bytea },
  row: { claimed: pg.bool },
  sql: `
    insert into idempotency_keys as k (tenant_id, owner, key, operation, request_hash)
    values (:tenant, :owner, :key, :operation, :requestHash)
    on conflict (tenant_id, owner, key) do update
      set operation = excluded.operation, request_hash = excluded.request_hash, answer = null,
          created_at = now(), expires_at = excluded.expires_at
      where k.expires_at < now()
    returning true as claimed`,
});

/** None for a key that has expired: it is free again. */
export const keyByName = readQuery({
  name: 'idempotency.keyByName',
  params: { owner: pg.text, key: pg.text },
  row: { requestHash: pg.bytea, answer: nullable(pg.jsonb) },
  sql: `
    select request_hash as "requestHash", answer
    from idempotency_keys
    where tenant_id = :tenant and owner = :owner and key = :key and expires_at >= now()`,
});

export const storeAnswer = writeQuery({
  name: 'idempotency.storeAnswer',
  params: { owner: pg.text, key: pg.text, answer: pg.jsonb },
  row: {},
  sql: `
    update idempotency_keys set answer = :answer
    where tenant_id = :tenant and owner = :owner and key = :key`,
});

export const purgeExpired = systemQuery({
  name: 'idempotency.purgeExpired',
  kind: 'write',
  params: { limit: pg.int4 },
  row: {},
  sql: `
    delete from idempotency_keys
    where ctid = any (array(select ctid from idempotency_keys where expires_at < now() limit :limit::int))`,
});

export const eraseKeysOf = writeQuery({
  name: 'idempotency.eraseKeysOf',
  params: { owner: pg.text, limit: pg.int4 },
  row: {},
  sql: `
    delete from idempotency_keys
    where tenant_id = :tenant and owner = :owner and key = any (array(
      select k.key from idempotency_keys k where k.tenant_id = :tenant and k.owner = :owner order by k.key limit :limit::int
    ))`,
});
