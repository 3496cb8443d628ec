import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { lstat, mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { CopyOut, syncPath } from '../postgres/index.js';
import { exportedTables, type TenantTable } from './catalogue.js';
import { TenantTransferError } from './errors.js';
import { type ExportedTable, type ExportManifest, FORMAT, FORMAT_VERSION, writeManifest } from './format.js';
import { openTransferSession, readTenantTables } from './session.js';
import { TABLE_CLASSES } from './table-classes.js';
import * as sql from './transfer-sql.js';

export interface ExportOptions {
  /** As `nova_app`, without a pooler. */
  readonly url: string;
  readonly tenantId: string;
  /** The directory to make; it must not exist yet. */
  readonly target: string;
  /** Whether hashes of passwords are in it. */
  readonly withPasswords: boolean;
  readonly novaVersion: string;
}

/**
 * Writes everything of one tenant as of one moment, while it is in use, with constant memory. The directory gets its
 * name only when it is complete and synced to disk; nothing is left of one that failed. Throws TenantTransferError.
 */
export async function exportTenant(options: ExportOptions): Promise<ExportManifest> {
  const target = path.resolve(options.target);
  await refuseExisting(target);
  const partial = `${target}.partial-${process.pid}`;
  const client = await openTransferSession(options.url);
  try {
    await rm(partial, { recursive: true, force: true });
    await mkdir(path.join(partial, 'tables'), { recursive: true, mode: 0o700 });
    await client.query(sql.BEGIN_SNAPSHOT);
    await client.query(sql.enterTenant(options.tenantId));
    const manifest = await writeTables(client, partial, options);
    await client.query(sql.COMMIT);
    await writeManifest(partial, manifest);
    await syncPath(path.join(partial, 'tables'));
    await refuseExisting(target);
    await rename(partial, target);
    await syncPath(path.dirname(target));
    return manifest;
  } finally {
    await rm(partial, { recursive: true, force: true });
    await client.end();
  }
}

async function refuseExisting(target: string): Promise<void> {
  const found = await lstat(target).catch(() => undefined);
  if (found === undefined) return;
  throw new TenantTransferError('target_exists', `${target} exists already. Name a directory that does not.`);
}

async function writeTables(client: Client, directory: string, options: ExportOptions): Promise<ExportManifest> {
  const { tenantId, withPasswords, novaVersion } = options;
  const { rows } = await client.query<Omit<ExportManifest['tenant'], 'id'>>(sql.READ_TENANT, [tenantId]);
  const [tenant] = rows;
  if (tenant === undefined) throw new TenantTransferError('no_such_tenant', `there is no tenant ${tenantId}`);
  const tables: ExportedTable[] = [];
  for (const table of exportedTables(await readTenantTables(client), withPasswords)) {
    tables.push(await writeTable(client, directory, table, tenantId, tables.length + 1));
  }
  const { name, plan, settings } = tenant;
  return {
    format: FORMAT,
    formatVersion: FORMAT_VERSION,
    novaVersion,
    createdAt: new Date().toISOString(),
    tenant: { id: tenantId, name, plan, settings },
    withPasswords,
    tables,
    leftOut: leftOutOf(withPasswords),
  };
}

async function writeTable(
  client: Client,
  directory: string,
  table: TenantTable,
  tenantId: string,
  index: number,
): Promise<ExportedTable> {
  const file = `tables/${String(index).padStart(4, '0')}-${table.name.replaceAll(/[^\w-]/g, '_')}.ndjson`;
  const destination = path.join(directory, file);
  const hash = createHash('sha256');
  let bytes = 0;
  const digest = new Transform({
    transform: (chunk: Buffer, _encoding, callback) => {
      hash.update(chunk);
      bytes += chunk.length;
      callback(null, chunk);
    },
  });
  const rows = client.query(new CopyOut(sql.copyOut(table, tenantId)));
  await pipeline(rows, digest, createWriteStream(destination, { mode: 0o600, flags: 'wx' }));
  await syncPath(destination);
  const { name, columns } = table;
  return { name, file, columns, rows: rows.rows, bytes, sha256: hash.digest('hex') };
}

function leftOutOf(withPasswords: boolean): Record<string, string> {
  const reasons: Record<string, string> = {};
  for (const [table, of] of Object.entries(TABLE_CLASSES)) {
    if (typeof of === 'object') reasons[table] = of.leftOut;
    else if (of === 'passwords' && !withPasswords) reasons[table] = 'hashes of passwords were not asked for';
  }
  return reasons;
}
