import { pg, type Query, systemQuery } from '../db/index.js';
import type { TenantTable } from './catalogue.js';

/** Statements on tables that the catalogue names: their text depends on it, so it is put together here. */

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
const tableOf = ({ name }: Pick<TenantTable, 'name'>) => `nova.${quoted(name)}`;
const listOf = (names: readonly string[], of = '') => names.map((name) => of + quoted(name)).join(', ');

/** COPY and SET take no parameters. */
function uuidLiteral(id: string): string {
  if (!UUID.test(id)) throw new Error('a tenant id is not a UUID');
  return `'${id}'`;
}

export const BEGIN_SNAPSHOT = 'begin isolation level repeatable read read only';
export const BEGIN = 'begin';
export const COMMIT = 'commit';
export const ROLLBACK = 'rollback';

/** For one transaction; formats that read the same everywhere, and no deadline of the role's. */
export function enterTenant(tenantId: string): string {
  return `set local nova.tenant_id = ${uuidLiteral(tenantId)}; set local timezone = 'UTC'; set local datestyle = 'ISO';
    set local intervalstyle = 'postgres'; set local bytea_output = 'hex'; set local extra_float_digits = 1;
    set local statement_timeout = 0; set local lock_timeout = '10s'; set local idle_in_transaction_session_timeout = 0`;
}

export const READ_TENANT = `select name, plan, settings, state, import_checksum as "importChecksum"
  from nova.tenants where tenant_id = $1`;
export const INSERT_IMPORTING_TENANT = `insert into nova.tenants (tenant_id, name, plan, state, import_checksum)
  values ($1, $2, $3, 'importing', $4)`;
export const BEGIN_IMPORT = `update nova.tenants set state = 'importing', import_checksum = $2 where tenant_id = $1`;
export const END_IMPORT = `update nova.tenants set state = 'open', import_checksum = null, settings = $2
  where tenant_id = $1`;

/**
 * A row a line, as JSON, in the order of the key; where rows point to others of their table, those they point to come
 * first. JSON has no control characters, so CSV with two of them for its own leaves each line as it is.
 */
export function copyOut(table: TenantTable, tenantId: string): string {
  const columns = listOf(table.columns, 't.');
  const tenant = uuidLiteral(tenantId);
  // A table of one row a tenant has no other key.
  const order = listOf(['tenant_id', ...table.key], 't.');
  const rows =
    table.selfReferences.length === 0
      ? `select ${columns} from ${tableOf(table)} t where t.tenant_id = ${tenant} order by ${order}`
      : `select ${columns} from ${tableOf(table)} t
           join (${depths(table, tenant)}) d on d.id = t.${onlyKey(table)}
         where t.tenant_id = ${tenant} order by d.depth, ${order}`;
  return `copy (select row_to_json(r) from (${rows}) r) to stdout (format csv, quote e'\\x01', delimiter e'\\x02')`;
}

/** Of each row, how many rows stand between it and one that points to none. */
function depths(table: TenantTable, tenant: string): string {
  const key = onlyKey(table);
  const own = `from ${tableOf(table)} t where t.tenant_id = ${tenant}`;
  const references = table.selfReferences.map(quoted);
  const isRoot = references.map((column) => `(t.${column} is null or t.${column} = t.${key})`).join(' and ');
  const edges = references
    .map((column) => `select t.${key} as child, t.${column} as parent ${own} and t.${column} <> t.${key}`)
    .join(' union all ');
  return `with recursive edges as materialized (${edges}),
    steps (id, depth) as (
      select t.${key}, 0 ${own} and ${isRoot}
      union select e.child, s.depth + 1 from steps s join edges e on e.parent = s.id
    )
    select id, max(depth) as depth from steps group by id`;
}

function onlyKey({ name, key }: TenantTable): string {
  const [column, ...others] = key;
  if (column === undefined || others.length > 0) {
    throw new Error(`nova.${name} points to itself by a key of several columns, which exports do not follow yet`);
  }
  return quoted(column);
}

/** $1 tenant, $2 a JSON array of rows; those that are there already stay, so that an import may go on. */
export function insertRows(table: TenantTable, columns: readonly string[]): string {
  const list = listOf(columns);
  return `insert into ${tableOf(table)} (tenant_id, ${list}) overriding system value
    select $1::uuid, ${list} from json_populate_recordset(null::${tableOf(table)}, $2::json)
    on conflict do nothing`;
}

export function countRows(table: TenantTable): string {
  return `select count(*)::bigint as rows from ${tableOf(table)} where tenant_id = $1`;
}

export function hasRows(table: TenantTable): string {
  return `select exists (select from ${tableOf(table)} where tenant_id = $1) as found`;
}

const deletions = new Map<string, Query<{ tenantId: typeof pg.uuid; limit: typeof pg.int4 }, Record<never, never>>>();

/** Some rows of the tenant; none that another row of the table still points to. */
export function deleteRows(table: TenantTable) {
  const key = listOf(['tenant_id', ...table.key]);
  const unreferenced = table.selfReferences.map(
    (column) => `and not exists (
        select from ${tableOf(table)} c
        where c.tenant_id = t.tenant_id and c.${quoted(column)} = t.${onlyKey(table)} and c.${onlyKey(table)} <> t.${onlyKey(table)}
      )`,
  );
  const sql = `
    delete from ${tableOf(table)} where (${key}) in (
      select ${listOf(['tenant_id', ...table.key], 't.')} from ${tableOf(table)} t
      where t.tenant_id = :tenantId ${unreferenced.join(' ')}
      limit :limit::int
    )`;
  const known = deletions.get(sql);
  if (known !== undefined) return known;
  const made = systemQuery({
    name: `tenantTransfer.purge.${table.name}`,
    kind: 'write',
    params: { tenantId: pg.uuid, limit: pg.int4 },
    row: {},
    sql,
  });
  deletions.set(sql, made);
  return made;
}
