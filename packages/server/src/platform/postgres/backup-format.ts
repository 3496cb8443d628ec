import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { EmbeddedPostgresError } from './errors.js';

/**
 * A backup is a directory:
 *
 *   manifest.json          this module's {@link BackupManifest}
 *   manifest.json.sha256   hex SHA-256 of manifest.json
 *   data/<n>-<table>.copy.gz   gzip of `COPY .. TO STDOUT` (text format, UTF-8), one file a table
 *   secret-key             the key of the data's cursors and request hashes, when the deployment drew it itself
 *
 * Roles, grants, functions and the definition of tables are not in it: migrations make them.
 */
export const FORMAT = 'nova-backup';
export const FORMAT_VERSION = 1;

export interface MigrationRecord {
  readonly id: string;
  readonly checksum: string;
}

export interface BackupColumn {
  readonly name: string;
  /** As PostgreSQL's format_type() spells it. */
  readonly type: string;
}

export interface BackupFile {
  /** Relative to the backup's directory. */
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface BackupTable extends BackupFile {
  readonly schema: string;
  readonly name: string;
  /** Without generated columns, in the order of the data file. */
  readonly columns: readonly BackupColumn[];
  readonly rows: number;
}

/** A partition below a partitioned table of the backup; its rows are in the file of that table. */
export interface BackupPartition {
  readonly schema: string;
  readonly name: string;
  readonly parent: string;
  /** As in `FOR VALUES FROM (..) TO (..)` or `DEFAULT`. */
  readonly bound: string;
}

export interface BackupSequence {
  readonly schema: string;
  readonly name: string;
  readonly lastValue: string;
  readonly isCalled: boolean;
}

export interface BackupManifest {
  readonly format: typeof FORMAT;
  readonly formatVersion: typeof FORMAT_VERSION;
  readonly novaVersion: string;
  readonly createdAt: string;
  readonly serverVersion: string;
  readonly schemas: readonly string[];
  /** As `schema.table`. */
  readonly excludedTables: readonly string[];
  readonly migrations: readonly MigrationRecord[];
  readonly tables: readonly BackupTable[];
  readonly partitions: readonly BackupPartition[];
  readonly sequences: readonly BackupSequence[];
  /** How many different transaction ids (columns of type xid8) the tables hold. */
  readonly transactionIds: number;
  /** Absent when the operator has set the key. */
  readonly secretKey?: BackupFile;
}

/**
 * Reads a backup's manifest and verifies it and every other file against their checksums.
 *
 * @throws EmbeddedPostgresError `backup_unreadable` | `backup_corrupt`.
 */
export async function readVerifiedBackup(directory: string): Promise<BackupManifest> {
  const manifest = await readManifest(directory);
  const { tables, secretKey } = manifest;
  for (const { file, bytes, sha256 } of secretKey === undefined ? tables : [...tables, secretKey]) {
    // The name is joined to a path: nothing but a plain file of the backup is believed.
    if (!/^(data\/)?[\w.-]+$/.test(file)) throw corrupt(directory, `the file name ${file} is not valid`);
    const found = await fileDigest(path.join(directory, file)).catch((error: unknown) => {
      throw corrupt(directory, `${file} cannot be read`, error);
    });
    if (found.bytes !== bytes || found.sha256 !== sha256) {
      throw corrupt(directory, `${file} has changed since the backup was made`);
    }
  }
  return manifest;
}

async function readManifest(directory: string): Promise<BackupManifest> {
  const file = path.join(directory, 'manifest.json');
  let text: Buffer;
  let expected: string;
  try {
    text = await readFile(file);
    expected = (await readFile(`${file}.sha256`, 'utf8')).trim();
  } catch (error) {
    throw new EmbeddedPostgresError(
      'backup_unreadable',
      `${directory} is not a complete backup: manifest.json and manifest.json.sha256 cannot be read. ` +
        'Name the directory that "nova backup" made.',
      { cause: error },
    );
  }
  if (createHash('sha256').update(text).digest('hex') !== expected) {
    throw corrupt(directory, 'manifest.json has changed since the backup was made');
  }
  const manifest = JSON.parse(text.toString('utf8')) as Partial<BackupManifest>;
  if (manifest.format !== FORMAT || manifest.formatVersion !== FORMAT_VERSION) {
    throw new EmbeddedPostgresError(
      'backup_unreadable',
      `${directory} has the format ${String(manifest.format)} ${String(manifest.formatVersion)}; this Nova reads ` +
        `${FORMAT} ${FORMAT_VERSION}. Use the Nova version that made it (${String(manifest.novaVersion)}).`,
    );
  }
  return manifest as BackupManifest;
}

export async function fileDigest(file: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

export function corrupt(directory: string, what: string, cause?: unknown): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'backup_corrupt',
    `The backup ${directory} is damaged: ${what}. Nothing was written. Use another copy of the backup.`,
    { cause },
  );
}
