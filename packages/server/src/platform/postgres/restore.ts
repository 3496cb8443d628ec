import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isDeepStrictEqual } from 'node:util';
import { createGunzip } from 'node:zlib';
import type pg from 'pg';
import {
  type BackupManifest,
  type BackupTable,
  corrupt,
  type MigrationRecord,
  readVerifiedBackup,
} from './backup-format.js';
import { one, openPrivilegedSession, readTables, transactionIdColumns } from './backup-session.js';
import * as sql from './backup-sql.js';
import { CopyIn } from './copy-protocol.js';
import { EmbeddedPostgresError, errorCode, errorMessage } from './errors.js';

export interface RestoreOptions {
  /** URL of a superuser, or of a BYPASSRLS role that may set session_replication_role; not through a pooler. */
  readonly privilegedUrl: string;
  /** The directory that `backup` made. */
  readonly source: string;
  /** Brings the empty database to exactly these migrations. */
  readonly migrate: (to: readonly MigrationRecord[]) => Promise<void>;
  /** Reads the applied migrations, to verify what `migrate` did. */
  readonly readMigrations: (client: pg.ClientBase) => Promise<readonly MigrationRecord[]>;
  /** Takes the secret key of the backup, if it has one, before the rows can be seen; null leaves it there. */
  readonly keepSecretKey: ((secretKey: string) => Promise<void>) | null;
}

/** So many can be used up in minutes; a backup with more events than that was not made by a healthy Nova. */
const MAX_TRANSACTION_IDS = 100_000_000;
const TRANSACTION_ID_BATCH = 1_000_000;

/**
 * Loads a backup into a database without Nova's data. All checksums are verified before anything is written; all rows
 * are loaded in one transaction, with triggers and foreign keys suspended, and counted before it commits.
 *
 * Transaction ids (columns of type xid8: the outbox and the positions in it) mean nothing in another cluster, and one
 * from its future would hide an event. They are replaced by 1, 2, 3 .. in their old order, in all tables alike, so the
 * order of events and every consumer's position in it are kept exactly; new transactions come after them.
 *
 * @returns the backup's manifest.
 * @throws EmbeddedPostgresError; no row is loaded then, though migrations may have been applied.
 */
export async function restore(options: RestoreOptions): Promise<BackupManifest> {
  const source = path.resolve(options.source);
  const manifest = await readVerifiedBackup(source);
  const { client } = await openPrivilegedSession(options.privilegedUrl, 'restore_failed');
  try {
    await refuseRows(client, manifest);
    await options.migrate(manifest.migrations);
    await verifySchema(client, manifest, await options.readMigrations(client));
    await makeRoomForTransactionIds(client, manifest.transactionIds);
    await client.query('BEGIN');
    await load(client, source, manifest);
    if (manifest.secretKey !== undefined) {
      await options.keepSecretKey?.((await readFile(path.join(source, manifest.secretKey.file), 'utf8')).trim());
    }
    const { command } = await client.query('COMMIT');
    if (command !== 'COMMIT') throw new Error('the transaction was rolled back');
    if (manifest.tables.length > 0) await client.query(sql.analyze(manifest.tables));
    return manifest;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    if (error instanceof EmbeddedPostgresError) throw error;
    throw new EmbeddedPostgresError(
      'restore_failed',
      `The restore failed, and no row was loaded: ${errorMessage(error)}`,
      { cause: error },
    );
  } finally {
    await client.end();
  }
}

async function refuseRows(client: pg.ClientBase, manifest: BackupManifest): Promise<void> {
  for (const { schema, name } of await readTables(client, manifest.schemas, manifest.excludedTables)) {
    const { found } = await one<{ found: boolean }>(client, sql.hasRows(schema, name));
    if (!found) continue;
    throw new EmbeddedPostgresError(
      'restore_target_not_empty',
      `The table ${schema}.${name} of the database has rows already. Restore into an empty database.`,
    );
  }
}

async function verifySchema(
  client: pg.ClientBase,
  manifest: BackupManifest,
  migrations: readonly MigrationRecord[],
): Promise<void> {
  const plain = (records: readonly MigrationRecord[]): string[] =>
    records.map(({ id, checksum }) => `${id} ${checksum}`).sort();
  if (!isDeepStrictEqual(plain(migrations), plain(manifest.migrations))) {
    throw mismatch('the applied migrations are not those of the backup', manifest);
  }
  const describe = (tables: readonly Pick<BackupTable, 'schema' | 'name' | 'columns'>[]): Map<string, string[]> =>
    new Map(
      tables.map(({ schema, name, columns }) => [
        `${schema}.${name}`,
        columns.map((column) => `${column.name} ${column.type}`).sort(),
      ]),
    );
  const wanted = describe(manifest.tables);
  const found = describe(await readTables(client, manifest.schemas, manifest.excludedTables));
  for (const table of new Set([...wanted.keys(), ...found.keys()])) {
    if (isDeepStrictEqual(wanted.get(table), found.get(table))) continue;
    throw mismatch(`the table ${table} is not the same in the backup and in the database`, manifest);
  }
}

function mismatch(what: string, manifest: BackupManifest): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'schema_mismatch',
    `The backup cannot be loaded: ${what}. Restore it with the Nova version that made it (${manifest.novaVersion}) ` +
      'into an empty database, and upgrade afterwards.',
  );
}

/** The restored ids 1 .. count must lie in the past of the transaction that loads them. */
async function makeRoomForTransactionIds(client: pg.ClientBase, count: number): Promise<void> {
  if (count > MAX_TRANSACTION_IDS) {
    throw new EmbeddedPostgresError('unsupported_schema', `The backup holds too many transaction ids (${count}).`);
  }
  for (;;) {
    const { xid } = await one<{ xid: string }>(client, sql.CURRENT_TRANSACTION_ID);
    const missing = count + 1 - Number(xid);
    if (missing <= 0) return;
    await client.query(sql.consumeTransactionIds(Math.min(missing, TRANSACTION_ID_BATCH)));
  }
}

async function load(client: pg.Client, source: string, manifest: BackupManifest): Promise<void> {
  await suspendTriggers(client);
  await createPartitions(client, manifest);
  // Rows that migrations bring are in the backup too, as they were when it was made.
  if (manifest.tables.length > 0) await client.query(sql.truncate(manifest.tables));
  for (const table of manifest.tables) await loadTable(client, source, table);
  for (const { schema, name, lastValue, isCalled } of manifest.sequences) {
    await client.query(sql.SET_SEQUENCE, [sql.qualified(schema, name), lastValue, isCalled]);
  }
  await replaceTransactionIds(client, manifest);
  for (const { schema, name, rows } of manifest.tables) {
    const counted = await one<{ rows: string }>(client, sql.countRows(schema, name));
    if (Number(counted.rows) !== rows) throw new Error(`${schema}.${name} has ${counted.rows} rows instead of ${rows}`);
  }
}

async function suspendTriggers(client: pg.ClientBase): Promise<void> {
  try {
    await client.query(sql.SUSPEND_TRIGGERS);
  } catch (error) {
    if (errorCode(error) !== '42501') throw error;
    throw new EmbeddedPostgresError(
      'insufficient_privilege',
      'The role may not set session_replication_role, which suspends foreign keys while rows are loaded. ' +
        'Use a superuser, or let one run: GRANT SET ON PARAMETER session_replication_role TO <role>.',
      { cause: error },
    );
  }
}

/** Makes the partitions that migrations do not make (those of past months), with owner and row security of the root. */
async function createPartitions(client: pg.ClientBase, manifest: BackupManifest): Promise<void> {
  const { rows } = await client.query<{ schema: string; parent: string; bound: string }>(sql.PARTITIONS, [
    manifest.schemas,
  ]);
  const present = new Set(rows.map(({ schema, parent, bound }) => `${schema}.${parent} ${bound}`));
  for (const { schema, name, parent, bound } of manifest.partitions) {
    if (present.has(`${schema}.${parent} ${bound}`)) continue;
    if (!sql.isPartitionBound(bound)) throw new Error(`the partition bound ${bound} is not valid`);
    const root = await one<{ owner: string; rowSecurity: boolean; forced: boolean }>(client, sql.PARTITIONED_TABLE, [
      schema,
      parent,
    ]);
    await client.query(sql.createPartition(schema, name, parent, bound));
    await client.query(sql.setOwner(schema, name, root.owner));
    if (root.rowSecurity) await client.query(sql.setRowSecurity(schema, name, root.forced));
  }
}

async function loadTable(client: pg.Client, source: string, table: BackupTable): Promise<void> {
  const { schema, name, columns, file } = table;
  const hash = createHash('sha256');
  const digest = new Transform({
    transform: (chunk: Buffer, _encoding, callback) => {
      hash.update(chunk);
      callback(null, chunk);
    },
  });
  const names = columns.map((column) => column.name);
  const rows = client.query(new CopyIn(sql.copyIn(schema, name, names)));
  await pipeline(createReadStream(path.join(source, file)), digest, createGunzip(), rows);
  // Verified before; verified again because what was loaded is what counts.
  if (hash.digest('hex') !== table.sha256) throw corrupt(source, `${file} changed while it was read`);
  if (rows.rows !== table.rows) throw new Error(`${file} holds ${rows.rows} rows instead of ${table.rows}`);
}

async function replaceTransactionIds(client: pg.ClientBase, manifest: BackupManifest): Promise<void> {
  const columns = transactionIdColumns(manifest.tables);
  if (columns.length === 0) return;
  await client.query(sql.rankTransactionIds(columns));
  const { fit } = await one<{ fit: boolean }>(client, sql.RANKS_FIT);
  if (!fit) throw new Error('the backup holds more transaction ids than its manifest says');
  for (const column of columns) await client.query(sql.applyRanks(column));
}
