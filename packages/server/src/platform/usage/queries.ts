import { pg, readQuery, systemQuery } from '../db/index.js';

/**
 * Adds to counters of many tenants. Rows are locked in one order, whichever process writes; who has been purged
 * meanwhile is passed over.
 */
export const addUsage = systemQuery({
  name: 'usage.add',
  kind: 'write',
  params: { tenantIds: pg.uuidArray, days: pg.textArray, counters: pg.textArray, values: pg.int8Array },
  row: {},
  sql: `
    insert into tenant_usage as u (tenant_id, day, counter, value)
    select g.tenant_id, g.day::date, g.counter, g.value
    from unnest(:tenantIds::uuid[], :days::text[], :counters::text[], :values::bigint[])
      as g (tenant_id, day, counter, value)
    where (select true from tenants t where t.tenant_id = g.tenant_id) is not null
    order by 1, 2, 3
    on conflict (tenant_id, day, counter) do update set value = u.value + excluded.value`,
});

/** Notes users as active and counts those who were not noted yet, by whichever process. */
export const addActiveUsers = systemQuery({
  name: 'usage.addActiveUsers',
  kind: 'write',
  params: { tenantIds: pg.uuidArray, days: pg.textArray, userIds: pg.uuidArray },
  row: {},
  sql: `
    with noted as (
      insert into tenant_active_users (tenant_id, day, user_id)
      select g.tenant_id, g.day::date, g.user_id
      from unnest(:tenantIds::uuid[], :days::text[], :userIds::uuid[]) as g (tenant_id, day, user_id)
      where (select true from tenants t where t.tenant_id = g.tenant_id) is not null
      order by 1, 2, 3
      on conflict do nothing
      returning tenant_id, day
    )
    insert into tenant_usage as u (tenant_id, day, counter, value)
    select tenant_id, day, 'activeUsers', count(*) from noted group by tenant_id, day order by 1, 2
    on conflict (tenant_id, day, counter) do update set value = u.value + excluded.value`,
});

/** By day, both ends included. */
export const usageOfTenant = readQuery({
  name: 'usage.ofTenant',
  params: { from: pg.text, to: pg.text },
  row: { day: pg.text, counter: pg.text, value: pg.int8 },
  sql: `
    select to_char(day, 'YYYY-MM-DD') as day, counter, value
    from tenant_usage
    where tenant_id = :tenant and day between (:from::text)::date and (:to::text)::date
    order by tenant_id, tenant_usage.day, counter`,
});

/** What is older than 400 days: last year's month is still there to compare with. */
export const purgeUsage = systemQuery({
  name: 'usage.purge',
  kind: 'write',
  params: { limit: pg.int4 },
  row: {},
  sql: `
    delete from tenant_usage
    where ctid = any (array(
      select ctid from tenant_usage where day < current_date - 400 limit :limit::int
    ))`,
});

/** Needed while a process may still count for the day. */
export const purgeActiveUsers = systemQuery({
  name: 'usage.purgeActiveUsers',
  kind: 'write',
  params: { limit: pg.int4 },
  row: {},
  sql: `
    delete from tenant_active_users
    where ctid = any (array(
      select ctid from tenant_active_users where day < current_date - 2 limit :limit::int
    ))`,
});
