import { pg, systemQuery } from '../../../platform/db/index.js';

/** The next users after a position, in key order, over all tenants. */
export const usersAfter = systemQuery({
  name: 'graph.usersAfter',
  kind: 'read',
  params: { afterTenant: pg.uuid, afterUser: pg.uuid, limit: pg.int4 },
  row: { tenantId: pg.uuid, userId: pg.uuid },
  sql: `
    select u.tenant_id as "tenantId", u.id as "userId"
    from users u
    where (u.tenant_id, u.id) > (:afterTenant::uuid, :afterUser::uuid)
    order by u.tenant_id, u.id
    limit :limit::int`,
});

/** Rows that are missing: what is not there cannot be locked. */
export const addMissingCounts = systemQuery({
  name: 'graph.addMissingCounts',
  kind: 'write',
  params: { tenantIds: pg.uuidArray, userIds: pg.uuidArray },
  row: {},
  sql: `
    insert into graph_counts (tenant_id, user_id)
    select u.tenant_id, u.id
    from unnest(:tenantIds::uuid[], :userIds::uuid[]) as u (tenant_id, id)
    where exists (select 1 from follows f where f.tenant_id = u.tenant_id and f.follower_id = u.id)
      or exists (select 1 from follows f where f.tenant_id = u.tenant_id and f.followee_id = u.id)
      or exists (select 1 from follow_requests r where r.tenant_id = u.tenant_id and r.follower_id = u.id)
      or exists (select 1 from follow_requests r where r.tenant_id = u.tenant_id and r.followee_id = u.id)
    order by u.tenant_id, u.id
    on conflict do nothing`,
});

/** Holds off every change of these users' counts; those that wait count after the recount. */
export const lockCounts = systemQuery({
  name: 'graph.lockCounts',
  kind: 'write',
  params: { tenantIds: pg.uuidArray, userIds: pg.uuidArray },
  row: { userId: pg.uuid },
  sql: `
    select c.user_id as "userId"
    from graph_counts c
    join unnest(:tenantIds::uuid[], :userIds::uuid[]) as u (tenant_id, id) on u.tenant_id = c.tenant_id and u.id = c.user_id
    order by c.tenant_id, c.user_id
    for no key update of c`,
});

/** Only after `lockCounts`, in a statement of its own: its snapshot must be younger than the locks. */
export const recount = systemQuery({
  name: 'graph.recount',
  kind: 'write',
  params: { tenantIds: pg.uuidArray, userIds: pg.uuidArray },
  row: {},
  sql: `
    update graph_counts c
    set followers = actual.followers, following = actual.following,
      requests_received = actual.received, requests_sent = actual.sent
    from unnest(:tenantIds::uuid[], :userIds::uuid[]) as u (tenant_id, id)
    cross join lateral (
      select
        (select count(*) from follows f where f.tenant_id = u.tenant_id and f.followee_id = u.id) as followers,
        (select count(*) from follows f where f.tenant_id = u.tenant_id and f.follower_id = u.id) as following,
        (select count(*) from follow_requests r where r.tenant_id = u.tenant_id and r.followee_id = u.id) as received,
        (select count(*) from follow_requests r where r.tenant_id = u.tenant_id and r.follower_id = u.id) as sent
    ) actual
    where c.tenant_id = u.tenant_id and c.user_id = u.id
      and (c.followers, c.following, c.requests_received, c.requests_sent)
        <> (actual.followers, actual.following, actual.received, actual.sent)`,
});

/**
 * How many of about `sample` users have counts that differ from their follows. Both are read in one snapshot,
 * and every change of one commits with the other: a difference is a fault, never a race. The sample is of
 * whole blocks, so that its cost does not grow with the table.
 */
export const countDrift = systemQuery({
  name: 'graph.countDrift',
  kind: 'read',
  params: { sample: pg.int4 },
  row: { sampled: pg.int8, drifting: pg.int8 },
  sql: `
    with sampled as (
      select c.tenant_id, c.user_id, c.followers, c.following, c.requests_received, c.requests_sent
      from graph_counts c tablesample system (
        (select case when k.reltuples <= 0 then 100 else least(100, 200.0 * :sample::int / k.reltuples) end
         from pg_class k where k.oid = 'graph_counts'::regclass))
      limit :sample::int
    )
    select count(*) as sampled, count(*) filter (
      where s.followers <> (
        select count(*) from follows f where f.tenant_id = s.tenant_id and f.followee_id = s.user_id)
      or s.following <> (
        select count(*) from follows f where f.tenant_id = s.tenant_id and f.follower_id = s.user_id)
      or s.requests_received <> (
        select count(*) from follow_requests r where r.tenant_id = s.tenant_id and r.followee_id = s.user_id)
      or s.requests_sent <> (
        select count(*) from follow_requests r where r.tenant_id = s.tenant_id and r.follower_id = s.user_id)
    ) as drifting
    from sampled s`,
});
