import { nullable, pg, systemQuery } from '../db/index.js';

/**
 * Every table of tenants, partitions in their root, with what is needed to copy and to empty it: columns that hold data,
 * the primary key without the tenant, other tables that foreign keys point to, and the columns that point to the key of
 * the table itself.
 */
export const tenantTables = systemQuery({
  name: 'tenantTransfer.tables',
  kind: 'read',
  params: {},
  row: {
    name: pg.text,
    columns: pg.textArray,
    key: pg.textArray,
    parents: pg.textArray,
    selfReferences: pg.textArray,
    hasSequence: pg.bool,
  },
  sql: `
    select c.relname::text as name,
      array(
        select a.attname::text from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
          and a.attname <> 'tenant_id'
        order by a.attnum
      ) as columns,
      array(
        select a.attname::text from pg_index i
        cross join unnest(i.indkey::int2[]) with ordinality as k (attnum, place)
        join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
        where i.indrelid = c.oid and i.indisprimary and a.attname <> 'tenant_id'
        order by k.place
      ) as key,
      array(
        select distinct p.relname::text from pg_constraint f join pg_class p on p.oid = f.confrelid
        where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid and f.conparentid = 0
        order by 1
      ) as parents,
      array(
        select distinct a.attname::text from pg_constraint f
        cross join unnest(f.conkey) as k (attnum)
        join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
        where f.conrelid = c.oid and f.contype = 'f' and f.confrelid = c.oid and f.conparentid = 0
          and a.attname <> 'tenant_id'
        order by 1
      ) as "selfReferences",
      exists (
        select from pg_attribute a
        left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
          and (a.attidentity <> '' or pg_get_expr(d.adbin, d.adrelid) like 'nextval(%')
      ) as "hasSequence"
    from pg_class c
    join pg_attribute t on t.attrelid = c.oid and t.attname = 'tenant_id' and not t.attisdropped
    where c.relnamespace = 'nova'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    order by c.relname`,
});

/** A closed tenant whose last requests have ended: the one that has been closed for longest. */
export const closedTenant = systemQuery({
  name: 'tenantTransfer.closedTenant',
  kind: 'read',
  params: { graceSeconds: pg.int4 },
  row: { id: pg.uuid, closedAt: nullable(pg.timestamptz) },
  sql: `
    select tenant_id as id, closed_at as "closedAt" from tenants
    where closed_at < now() - :graceSeconds::int * interval '1 second' and state = 'closed'
    order by closed_at
    limit 1`,
});

/** The last of it. */
export const deleteTenant = systemQuery({
  name: 'tenantTransfer.deleteTenant',
  kind: 'write',
  params: { id: pg.uuid },
  row: {},
  sql: `delete from tenants where tenant_id = :id and state = 'closed'`,
});
