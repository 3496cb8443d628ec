/** SQL of backup and restore. Names come from the catalogue or from a verified manifest, and are always quoted. */

function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function qualified(schema: string, name: string): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}

/** Output formats that read the same everywhere, and no deadline that an ALTER ROLE may have set. */
export const PREPARE_SESSION = `
  SET client_encoding = 'UTF8'; SET datestyle = 'ISO'; SET intervalstyle = 'postgres'; SET extra_float_digits = 1;
  SET bytea_output = 'hex'; SET timezone = 'UTC'; SET search_path = pg_catalog; SET statement_timeout = 0;
  SET idle_in_transaction_session_timeout = 0; SET transaction_timeout = 0; SET row_security = off`;

/** `transaction_timeout` came with PostgreSQL 17. */
export const PREPARE_SESSION_BEFORE_17 = PREPARE_SESSION.replace('SET transaction_timeout = 0;', '');

export const SERVER_VERSION = `SELECT current_setting('server_version_num')::int AS number,
  current_setting('server_version') AS version`;

export const BYPASSES_ROW_SECURITY = `SELECT current_user AS role, rolsuper OR rolbypassrls AS bypasses
  FROM pg_roles WHERE rolname = current_user`;

export const BEGIN_SNAPSHOT = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';

/** Ordinary tables and the roots of partitioned ones: a root stands for its partitions. $1 schemas. */
export const TABLES = `
  SELECT n.nspname AS schema, c.relname AS name
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = ANY ($1) AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't'
  ORDER BY 1, 2`;

/** Columns that hold data; generated ones are computed again. $1 schemas. */
export const COLUMNS = `
  SELECT n.nspname AS schema, c.relname AS table, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
  WHERE n.nspname = ANY ($1) AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't'
    AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
  ORDER BY 1, 2, a.attnum`;

/** Partitions; $1 schemas. A partition that is partitioned again has the kind \`p\`. */
export const PARTITIONS = `
  SELECT n.nspname AS schema, c.relname AS name, c.relkind AS kind, p.relname AS parent,
         pg_get_expr(c.relpartbound, c.oid) AS bound
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_inherits i ON i.inhrelid = c.oid JOIN pg_class p ON p.oid = i.inhparent
  WHERE n.nspname = ANY ($1) AND c.relispartition AND c.relkind IN ('r', 'p')
  ORDER BY 1, 2`;

/** $1 schemas. */
export const SEQUENCES = `
  SELECT n.nspname AS schema, c.relname AS name
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = ANY ($1) AND c.relkind = 'S' ORDER BY 1, 2`;

export function sequenceState(schema: string, name: string): string {
  return `SELECT last_value::text AS "lastValue", is_called AS "isCalled" FROM ${qualified(schema, name)}`;
}

export const SET_SEQUENCE = 'SELECT setval($1::regclass, $2::bigint, $3::boolean)';

export function copyOut(schema: string, table: string, columns: readonly string[]): string {
  const list = columns.map(quoteIdentifier).join(', ');
  return `COPY (SELECT ${list} FROM ${qualified(schema, table)}) TO STDOUT`;
}

export function copyIn(schema: string, table: string, columns: readonly string[]): string {
  return `COPY ${qualified(schema, table)} (${columns.map(quoteIdentifier).join(', ')}) FROM STDIN`;
}

export function hasRows(schema: string, table: string): string {
  return `SELECT EXISTS (SELECT FROM ${qualified(schema, table)}) AS found`;
}

export function countRows(schema: string, table: string): string {
  return `SELECT count(*)::text AS rows FROM ${qualified(schema, table)}`;
}

export function truncate(tables: readonly { schema: string; name: string }[]): string {
  return `TRUNCATE ${tables.map((table) => qualified(table.schema, table.name)).join(', ')}`;
}

export function analyze(tables: readonly { schema: string; name: string }[]): string {
  return `ANALYZE ${tables.map((table) => qualified(table.schema, table.name)).join(', ')}`;
}

/** Foreign keys and triggers rest while rows arrive in the order of files, as they do on a replica. */
export const SUSPEND_TRIGGERS = 'SET LOCAL session_replication_role = replica';

const LITERAL = String.raw`(?:'(?:[^'\\]|'')*'(?:::[a-z ]+)?|-?\d+(?:\.\d+)?|MINVALUE|MAXVALUE|NULL|true|false)`;
const LIST = String.raw`\(${LITERAL}(?:, ${LITERAL})*\)`;
const BOUND = new RegExp(
  String.raw`^(?:DEFAULT|FOR VALUES (?:FROM ${LIST} TO ${LIST}|IN ${LIST}|WITH \(modulus \d+, remainder \d+\)))$`,
);

/** Whether a partition bound, which stands in a manifest as SQL, is nothing but a bound made of literals. */
export function isPartitionBound(bound: string): boolean {
  return BOUND.test(bound);
}

export function createPartition(schema: string, name: string, parent: string, bound: string): string {
  return `CREATE TABLE ${qualified(schema, name)} PARTITION OF ${qualified(schema, parent)} ${bound}`;
}

/** Owner and row security of a partitioned table, which its partitions share. $1 schema, $2 name. */
export const PARTITIONED_TABLE = `
  SELECT pg_get_userbyid(c.relowner) AS owner, c.relrowsecurity AS "rowSecurity", c.relforcerowsecurity AS forced
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2`;

export function setOwner(schema: string, name: string, owner: string): string {
  return `ALTER TABLE ${qualified(schema, name)} OWNER TO ${quoteIdentifier(owner)}`;
}

export function setRowSecurity(schema: string, name: string, forced: boolean): string {
  const table = `ALTER TABLE ${qualified(schema, name)}`;
  return `${table} ENABLE ROW LEVEL SECURITY${forced ? `; ${table} FORCE ROW LEVEL SECURITY` : ''}`;
}

export interface TransactionIdColumn {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
}

function transactionIds(columns: readonly TransactionIdColumn[]): string {
  const selects = columns.map(({ schema, table, column }) => {
    const name = quoteIdentifier(column);
    return `SELECT ${name} AS xid FROM ${qualified(schema, table)} WHERE ${name} IS NOT NULL`;
  });
  return selects.join(' UNION ');
}

export function countTransactionIds(columns: readonly TransactionIdColumn[]): string {
  return `SELECT count(*)::text AS count FROM (${transactionIds(columns)}) AS found`;
}

/** Numbers the transaction ids of the backup 1, 2, 3 .. in their order, over all the columns that hold any. */
export function rankTransactionIds(columns: readonly TransactionIdColumn[]): string {
  return `CREATE TEMPORARY TABLE restored_xids ON COMMIT DROP AS
    SELECT xid, (row_number() OVER (ORDER BY xid))::text::xid8 AS rank FROM (${transactionIds(columns)}) AS found;
    CREATE INDEX ON restored_xids (xid);
    ANALYZE restored_xids`;
}

/** Whether this transaction's id lies beyond all those numbers. */
export const RANKS_FIT = 'SELECT count(*)::text::xid8 < pg_current_xact_id() AS fit FROM restored_xids';

export function applyRanks({ schema, table, column }: TransactionIdColumn): string {
  const name = quoteIdentifier(column);
  return `UPDATE ${qualified(schema, table)} AS restored SET ${name} = ranked.rank
    FROM restored_xids AS ranked WHERE ranked.xid = restored.${name} AND ranked.rank <> ranked.xid`;
}

/** Uses up $count transaction ids, a transaction each, without a write. */
export function consumeTransactionIds(count: number): string {
  return `DO $$ BEGIN FOR n IN 1..${Math.trunc(count)} LOOP
    PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$`;
}

export const CURRENT_TRANSACTION_ID = 'SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS xid';
