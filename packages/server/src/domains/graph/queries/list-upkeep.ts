import { pg, systemQuery } from '../../../platform/db/index.js';

/** The lists after a position, in key order over all tenants, with what their members say. */
export const listsAfter = systemQuery({
  name: 'graph.listsAfter',
  kind: 'read',
  params: { afterTenant: pg.uuid, afterList: pg.uuid, limit: pg.int4 },
  row: { tenantId: pg.uuid, listId: pg.uuid, drifting: pg.bool },
  sql: `
    select l.tenant_id as "tenantId", l.id as "listId",
      l.member_count <> (
        select count(*) from user_list_members m where m.tenant_id = l.tenant_id and m.list_id = l.id
      ) as drifting
    from user_lists l
    where (l.tenant_id, l.id) > (:afterTenant::uuid, :afterList::uuid)
    order by l.tenant_id, l.id
    limit :limit::int`,
});

/** Holds off changes of these lists' members; those that wait count after the recount. */
export const lockDriftingLists = systemQuery({
  name: 'graph.lockDriftingLists',
  kind: 'write',
  params: { tenantIds: pg.uuidArray, listIds: pg.uuidArray },
  row: { listId: pg.uuid },
  sql: `
    select l.id as "listId"
    from user_lists l
    join unnest(:tenantIds::uuid[], :listIds::uuid[]) as r (tenant_id, id) on r.tenant_id = l.tenant_id and r.id = l.id
    order by l.tenant_id, l.id
    for update of l`,
});

/** Only after `lockDriftingLists`, in a statement of its own: its snapshot must be younger than the locks. */
export const recountLists = systemQuery({
  name: 'graph.recountLists',
  kind: 'write',
  params: { tenantIds: pg.uuidArray, listIds: pg.uuidArray },
  row: {},
  sql: `
    update user_lists l
    set member_count = actual.members
    from unnest(:tenantIds::uuid[], :listIds::uuid[]) as r (tenant_id, id)
    cross join lateral (
      select count(*) as members from user_list_members m where m.tenant_id = r.tenant_id and m.list_id = r.id
    ) actual
    where l.tenant_id = r.tenant_id and l.id = r.id and l.member_count <> actual.members`,
});

/** As `countDrift`, of the members of about `sample` lists. */
export const listDrift = systemQuery({
  name: 'graph.listDrift',
  kind: 'read',
  params: { sample: pg.int4 },
  row: { sampled: pg.int8, drifting: pg.int8 },
  sql: `
    with sampled as (
      select l.tenant_id, l.id, l.member_count
      from user_lists l tablesample system (
        (select case when k.reltuples <= 0 then 100 else least(100, 200.0 * :sample::int / k.reltuples) end
         from pg_class k where k.oid = 'user_lists'::regclass))
      limit :sample::int
    )
    select count(*) as sampled, count(*) filter (
      where s.member_count <> (
        select count(*) from user_list_members m where m.tenant_id = s.tenant_id and m.list_id = s.id)
    ) as drifting
    from sampled s`,
});
