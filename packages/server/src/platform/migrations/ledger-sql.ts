import type { ClientBase, QueryResultRow } from 'pg';
import type { Migration } from './discover.js';

/** What is needed of a connection: a client, or a pool for reading. */
export interface SqlConnection {
  query<R extends QueryResultRow>(text: string, values?: unknown[]): Promise<{ rows: R[] }>;
}

/** A row of `nova.schema_migrations`. */
export interface LedgerEntry {
  readonly version: string;
  readonly name: string;
  readonly checksum: string;
  /**
   * Null while a statement outside a transaction runs, and after it failed: it may have left something behind.
   */
  readonly applied_at: Date | null;
  readonly duration_ms: number | null;
}

/** Arbitrary constant: whoever migrates holds this session-level advisory lock of the database. */
const MIGRATION_LOCK = 5_136_912_072;

export async function tryMigrationLock(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [MIGRATION_LOCK]);
  return rows[0]?.taken === true;
}

/** The ledger is readable by all roles, so that a server can tell what its database lacks, and written by the owner. */
export async function ensureLedger(client: ClientBase): Promise<void> {
  await client.query(`
    BEGIN;
    CREATE TABLE IF NOT EXISTS nova.schema_migrations (
      version text PRIMARY KEY CHECK (version ~ '^[0-9]{14}$'),
      name text NOT NULL,
      checksum text NOT NULL,
      applied_at timestamptz,
      duration_ms integer
    );
    REVOKE ALL ON nova.schema_migrations FROM nova_app, nova_system;
    GRANT SELECT ON nova.schema_migrations TO nova_app, nova_system;
    COMMIT`);
}

export async function ledgerExists(connection: SqlConnection): Promise<boolean> {
  const { rows } = await connection.query<{ present: boolean }>(
    "SELECT to_regclass('nova.schema_migrations') IS NOT NULL AS present",
  );
  return rows[0]?.present === true;
}

export async function readLedger(connection: SqlConnection): Promise<LedgerEntry[]> {
  const { rows } = await connection.query<LedgerEntry & QueryResultRow>(
    'SELECT version, name, checksum, applied_at, duration_ms FROM nova.schema_migrations ORDER BY version',
  );
  return rows;
}

export async function recordApplied(client: ClientBase, migration: Migration, durationMs: number): Promise<void> {
  await client.query(
    `INSERT INTO nova.schema_migrations (version, name, checksum, applied_at, duration_ms)
     VALUES ($1, $2, $3, clock_timestamp(), $4)
     ON CONFLICT (version) DO UPDATE
       SET name = excluded.name, checksum = excluded.checksum,
           applied_at = excluded.applied_at, duration_ms = excluded.duration_ms`,
    [migration.version, migration.name, migration.checksum, Math.round(durationMs)],
  );
}

/** Says that a statement outside a transaction is about to run. Returns whether this same one had been started before. */
export async function recordStarted(client: ClientBase, migration: Migration): Promise<boolean> {
  const { rows } = await client.query<{ checksum: string }>(
    'SELECT checksum FROM nova.schema_migrations WHERE version = $1',
    [migration.version],
  );
  await client.query(
    `INSERT INTO nova.schema_migrations (version, name, checksum) VALUES ($1, $2, $3)
     ON CONFLICT (version) DO UPDATE SET name = excluded.name, checksum = excluded.checksum`,
    [migration.version, migration.name, migration.checksum],
  );
  return rows[0]?.checksum === migration.checksum;
}

/** Whether an index of schema `nova` exists, and whether it is usable; undefined when there is none. */
export async function indexValidity(client: ClientBase, index: string): Promise<boolean | undefined> {
  const { rows } = await client.query<{ indisvalid: boolean }>(
    `SELECT indisvalid FROM pg_index
     WHERE indexrelid = (SELECT oid FROM pg_class WHERE relname = $1 AND relnamespace = 'nova'::regnamespace)`,
    [index],
  );
  return rows[0]?.indisvalid;
}
