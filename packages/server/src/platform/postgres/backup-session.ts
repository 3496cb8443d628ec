import pg from 'pg';
import type { BackupColumn } from './backup-format.js';
import * as sql from './backup-sql.js';
import { EmbeddedPostgresError, errorMessage } from './errors.js';

/** A table as the catalogue describes it. */
export interface CatalogueTable {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly BackupColumn[];
}

const CONNECT_DEADLINE_MS = 10_000;

/**
 * Opens a connection of a role that row-level security does not apply to: tables force it upon their owner too.
 *
 * @throws EmbeddedPostgresError `insufficient_privilege`, or `failure` when there is no connection.
 */
export async function openPrivilegedSession(
  connectionString: string,
  failure: 'backup_failed' | 'restore_failed',
): Promise<{ client: pg.Client; serverVersion: string }> {
  const client = new pg.Client({
    connectionString,
    application_name: 'nova-backup',
    connectionTimeoutMillis: CONNECT_DEADLINE_MS,
  });
  // A lost connection fails the statement under way, which reports it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const version = await one<{ number: number; version: string }>(client, sql.SERVER_VERSION);
    await client.query(version.number >= 170_000 ? sql.PREPARE_SESSION : sql.PREPARE_SESSION_BEFORE_17);
    const { role, bypasses } = await one<{ role: string; bypasses: boolean }>(client, sql.BYPASSES_ROW_SECURITY);
    if (!bypasses) {
      throw new EmbeddedPostgresError(
        'insufficient_privilege',
        `The role ${role} is subject to row-level security and would not see every row. ` +
          'Use a connection URL of a superuser or of a role with BYPASSRLS.',
      );
    }
    return { client, serverVersion: version.version };
  } catch (error) {
    await client.end();
    if (error instanceof EmbeddedPostgresError) throw error;
    throw new EmbeddedPostgresError(failure, `The database does not answer: ${errorMessage(error)}`, { cause: error });
  }
}

export async function one<Row extends pg.QueryResultRow>(
  client: pg.ClientBase,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row> {
  const { rows } = await client.query<Row>(text, [...values]);
  const [row] = rows;
  if (row === undefined) throw new Error('the catalogue answered with no row');
  return row;
}

/** The tables whose rows make up a backup: all of the schemas but the excluded ones. */
export async function readTables(
  client: pg.ClientBase,
  schemas: readonly string[],
  excluded: readonly string[],
): Promise<CatalogueTable[]> {
  const tables = await client.query<{ schema: string; name: string }>(sql.TABLES, [schemas]);
  const columns = await client.query<{ schema: string; table: string; name: string; type: string }>(sql.COLUMNS, [
    schemas,
  ]);
  return tables.rows
    .filter(({ schema, name }) => !excluded.includes(`${schema}.${name}`))
    .map(({ schema, name }) => ({
      schema,
      name,
      columns: columns.rows
        .filter((column) => column.schema === schema && column.table === name)
        .map((column) => ({ name: column.name, type: column.type })),
    }));
}

/** The columns that hold transaction ids. */
export function transactionIdColumns(tables: readonly CatalogueTable[]): sql.TransactionIdColumn[] {
  return tables.flatMap(({ schema, name, columns }) =>
    columns.filter(({ type }) => type === 'xid8').map((column) => ({ schema, table: name, column: column.name })),
  );
}
