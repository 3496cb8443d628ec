import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { lstat, mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type pg from 'pg';
import {
  type BackupManifest,
  type BackupPartition,
  type BackupSequence,
  type BackupTable,
  FORMAT,
  FORMAT_VERSION,
  fileDigest,
  type MigrationRecord,
} from './backup-format.js';
import { type CatalogueTable, one, openPrivilegedSession, readTables, transactionIdColumns } from './backup-session.js';
import * as sql from './backup-sql.js';
import { CopyOut } from './copy-protocol.js';
import { replacePrivateFile, syncPath } from './durable-file.js';
import { EmbeddedPostgresError, errorMessage } from './errors.js';

export interface BackupOptions {
  /** URL of a superuser or a role with BYPASSRLS, directly to PostgreSQL and not through a pooler. */
  readonly privilegedUrl: string;
  /** The directory to make; it must not exist yet. */
  readonly target: string;
  readonly novaVersion: string;
  /** `nova` by default. */
  readonly schemas?: readonly string[];
  /** Tables left out, as `schema.table`: the ledger of migrations, which `migrate` fills at restore. */
  readonly excludedTables?: readonly string[];
  /** Reads the applied migrations inside the backup's snapshot. */
  readonly readMigrations: (client: pg.ClientBase) => Promise<readonly MigrationRecord[]>;
  /** The key that the deployment has drawn for itself; null when there is none. */
  readonly secretKey: string | null;
}

/**
 * Backs up a database while it is in use: every table as `COPY .. TO STDOUT`, compressed, all in one repeatable-read
 * snapshot. The server's own protocol for COPY is spoken over `pg` (copy-protocol.ts): it is exact for every type and
 * several times faster than rows as JSON. The directory gets its name only when it is complete and synced to disk.
 *
 * @returns the manifest as written.
 * @throws EmbeddedPostgresError; nothing is left at `target` then.
 */
export async function backup(options: BackupOptions): Promise<BackupManifest> {
  const target = path.resolve(options.target);
  await refuseExisting(target);
  const { client, serverVersion } = await openPrivilegedSession(options.privilegedUrl, 'backup_failed');
  const partial = `${target}.partial-${process.pid}`;
  try {
    await rm(partial, { recursive: true, force: true });
    await mkdir(path.join(partial, 'data'), { recursive: true, mode: 0o700 });
    await client.query(sql.BEGIN_SNAPSHOT);
    const database = await writeTables(client, partial, serverVersion, options);
    await client.query('COMMIT');
    const manifest = { ...database, ...(await writeSecretKey(partial, options.secretKey)) };
    await writeManifest(partial, manifest);
    await refuseExisting(target);
    await rename(partial, target);
    await syncPath(path.dirname(target));
    return manifest;
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) throw error;
    throw new EmbeddedPostgresError('backup_failed', `The backup failed: ${errorMessage(error)}`, { cause: error });
  } finally {
    await rm(partial, { recursive: true, force: true });
    await client.end();
  }
}

async function refuseExisting(target: string): Promise<void> {
  const found = await lstat(target).catch(() => undefined);
  if (found === undefined) return;
  throw new EmbeddedPostgresError('backup_target_exists', `${target} exists already. Name a directory that does not.`);
}

async function writeTables(
  client: pg.Client,
  directory: string,
  serverVersion: string,
  options: BackupOptions,
): Promise<BackupManifest> {
  const schemas = options.schemas ?? ['nova'];
  const excludedTables = options.excludedTables ?? [];
  const migrations = await options.readMigrations(client);
  const found = await readTables(client, schemas, excludedTables);
  const partitions = await readPartitions(client, schemas, excludedTables);
  const tables: BackupTable[] = [];
  for (const [index, table] of found.entries()) tables.push(await writeTable(client, directory, table, index + 1));
  const xids = transactionIdColumns(found);
  const distinct =
    xids.length === 0 ? '0' : (await one<{ count: string }>(client, sql.countTransactionIds(xids))).count;
  return {
    format: FORMAT,
    formatVersion: FORMAT_VERSION,
    novaVersion: options.novaVersion,
    createdAt: new Date().toISOString(),
    serverVersion,
    schemas,
    excludedTables,
    migrations,
    tables,
    partitions,
    // Sequences are outside of the snapshot: read last, they are never behind the rows.
    sequences: await readSequences(client, schemas),
    transactionIds: Number(distinct),
  };
}

async function writeTable(
  client: pg.Client,
  directory: string,
  { schema, name, columns }: CatalogueTable,
  index: number,
): Promise<BackupTable> {
  const file = `data/${String(index).padStart(4, '0')}-${`${schema}.${name}`.replaceAll(/[^\w.-]/g, '_')}.copy.gz`;
  const destination = path.join(directory, file);
  const names = columns.map((column) => column.name);
  const rows = client.query(new CopyOut(sql.copyOut(schema, name, names)));
  await pipeline(rows, createGzip(), createWriteStream(destination, { mode: 0o600, flags: 'wx' }));
  await syncPath(destination);
  return { schema, name, columns, rows: rows.rows, file, ...(await fileDigest(destination)) };
}

async function readPartitions(
  client: pg.ClientBase,
  schemas: readonly string[],
  excluded: readonly string[],
): Promise<BackupPartition[]> {
  const { rows } = await client.query<BackupPartition & { kind: string }>(sql.PARTITIONS, [schemas]);
  return rows
    .filter(({ schema, parent }) => !excluded.includes(`${schema}.${parent}`))
    .map(({ schema, name, kind, parent, bound }) => {
      if (kind === 'p' || !sql.isPartitionBound(bound)) {
        throw new EmbeddedPostgresError(
          'unsupported_schema',
          `The partition ${schema}.${name} (${bound}) is partitioned again or has a bound that restore cannot make.`,
        );
      }
      return { schema, name, parent, bound };
    });
}

async function readSequences(client: pg.ClientBase, schemas: readonly string[]): Promise<BackupSequence[]> {
  const { rows } = await client.query<{ schema: string; name: string }>(sql.SEQUENCES, [schemas]);
  const sequences: BackupSequence[] = [];
  for (const { schema, name } of rows) {
    const state = await one<{ lastValue: string; isCalled: boolean }>(client, sql.sequenceState(schema, name));
    sequences.push({ schema, name, ...state });
  }
  return sequences;
}

async function writeSecretKey(directory: string, secretKey: string | null): Promise<Pick<BackupManifest, 'secretKey'>> {
  if (secretKey === null) return {};
  const file = 'secret-key';
  await replacePrivateFile(path.join(directory, file), `${secretKey}\n`);
  return { secretKey: { file, ...(await fileDigest(path.join(directory, file))) } };
}

async function writeManifest(directory: string, manifest: BackupManifest): Promise<void> {
  const text = `${JSON.stringify(manifest, undefined, 2)}\n`;
  const file = path.join(directory, 'manifest.json');
  const digest = createHash('sha256').update(text).digest('hex');
  await replacePrivateFile(file, text);
  await replacePrivateFile(`${file}.sha256`, `${digest}\n`);
  await syncPath(path.join(directory, 'data'));
}
