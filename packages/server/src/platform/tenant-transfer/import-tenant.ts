import { createReadStream } from 'node:fs';
import path from 'node:path';
import type { Client } from 'pg';
import { exportedTables, type TenantTable } from './catalogue.js';
import { TenantTransferError } from './errors.js';
import { damaged, type ExportedTable, type ExportManifest, readVerifiedExport } from './format.js';
import { openTransferSession, readTenantTables } from './session.js';
import * as sql from './transfer-sql.js';

export interface ImportOptions {
  /** As `nova_app`, without a pooler. */
  readonly url: string;
  /** The directory that an export made. */
  readonly source: string;
  /** An empty tenant, or a new id. */
  readonly tenantId: string;
  /** Of a tenant that is not there yet, its name null for that of the export; null when it must be there. */
  readonly create: { readonly name: string | null; readonly plan: string } | null;
  /** @param share 0 to 1, over all tables */
  readonly onProgress?: (table: string, rows: number, share: number) => void;
}

/** Rows and characters of one statement: a transaction of tens of milliseconds, so that it holds no outbox back. */
const BATCH_ROWS = 1_000;
const BATCH_CHARACTERS = 1_000_000;

interface TenantRow {
  readonly state: string;
  readonly importChecksum: string | null;
}

/**
 * Loads an export into an empty tenant, in batches. Until all is there the tenant is served to nobody; what was
 * interrupted goes on when the same export is imported into the same tenant again. Throws TenantTransferError.
 */
export async function importTenant(options: ImportOptions): Promise<ExportManifest> {
  const { manifest, checksum } = await readVerifiedExport(options.source);
  const client = await openTransferSession(options.url);
  try {
    const known = exportedTables(await readTenantTables(client), true);
    const tables = manifest.tables.map((exported) => ({ exported, table: matchTable(known, exported) }));
    await takeTenant(client, options, known, { checksum, exportedName: manifest.tenant.name });
    const total = manifest.tables.reduce((sum, { rows }) => sum + rows, 0);
    let before = 0;
    for (const { exported, table } of tables) {
      await loadTable(client, options, table, exported, (rows) =>
        options.onProgress?.(table.name, rows, total === 0 ? 1 : (before + rows) / total),
      );
      before += exported.rows;
    }
    await inTenant(client, options.tenantId, async () => {
      for (const { exported, table } of tables) {
        const { rows } = await client.query<{ rows: string }>(sql.countRows(table), [options.tenantId]);
        if (Number(rows[0]?.rows) === exported.rows) continue;
        throw new TenantTransferError(
          'not_empty',
          `${table.name} has ${rows[0]?.rows} rows instead of ${exported.rows}: somebody else has written to the tenant. ` +
            'It is not opened: delete it, and import into another.',
        );
      }
      await client.query(sql.END_IMPORT, [options.tenantId, JSON.stringify(manifest.tenant.settings)]);
    });
    return manifest;
  } finally {
    await client.end();
  }
}

function matchTable(known: readonly TenantTable[], { name, columns }: ExportedTable): TenantTable {
  const table = known.find((candidate) => candidate.name === name);
  const foreign = columns.filter((column) => table?.columns.includes(column) !== true);
  if (table !== undefined && foreign.length === 0) return table;
  throw new TenantTransferError(
    'unsupported_schema',
    `this Nova has no ${table === undefined ? `table ${name}` : `${name}.${foreign.join(', ')}`}: ` +
      'the export is of a later version, which its manifest names',
  );
}

/** The tenant is this import's from here on, and nobody else's. */
async function takeTenant(
  client: Client,
  { tenantId, create }: ImportOptions,
  tables: readonly TenantTable[],
  { checksum, exportedName }: { checksum: string; exportedName: string },
): Promise<void> {
  await inTenant(client, tenantId, async () => {
    const { rows } = await client.query<TenantRow>(sql.READ_TENANT, [tenantId]);
    const [found] = rows;
    if (found?.state === 'importing' && found.importChecksum === checksum) return;
    if (found === undefined) {
      if (create === null) throw new TenantTransferError('no_such_tenant', `there is no tenant ${tenantId}`);
      const { name, plan } = create;
      await client.query(sql.INSERT_IMPORTING_TENANT, [tenantId, name ?? exportedName, plan, checksum]);
      return;
    }
    if (found.state !== 'open') {
      const what = found.state === 'importing' ? 'another export is being imported into it' : 'it is being deleted';
      throw new TenantTransferError('not_empty', `the tenant ${tenantId} cannot be imported into: ${what}`);
    }
    for (const table of tables) {
      const { rows: answer } = await client.query<{ found: boolean }>(sql.hasRows(table), [tenantId]);
      if (answer[0]?.found !== true) continue;
      throw new TenantTransferError(
        'not_empty',
        `the tenant ${tenantId} is not empty: it has rows in ${table.name}. Import into a new one.`,
      );
    }
    await client.query(sql.BEGIN_IMPORT, [tenantId, checksum]);
  });
}

async function loadTable(
  client: Client,
  { source, tenantId }: ImportOptions,
  table: TenantTable,
  { file, columns, rows: expected }: ExportedTable,
  onBatch: (rows: number) => void,
): Promise<void> {
  const statement = sql.insertRows(table, columns);
  let rows = 0;
  for await (const batch of batchesOf(path.join(source, file))) {
    await inTenant(client, tenantId, () => client.query(statement, [tenantId, `[${batch.join(',')}]`]));
    rows += batch.length;
    onBatch(rows);
  }
  if (rows !== expected) throw damaged(source, `${file} holds ${rows} rows instead of ${expected}`);
}

/** Lines of a file, some at a time. Only `\n` ends a line: JSON may hold other separators of Unicode as they are. */
async function* batchesOf(file: string): AsyncGenerator<string[]> {
  const decoder = new TextDecoder();
  let rest = '';
  let batch: string[] = [];
  let characters = 0;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      batch.push(line);
      characters += line.length;
      if (batch.length < BATCH_ROWS && characters < BATCH_CHARACTERS) continue;
      yield batch;
      batch = [];
      characters = 0;
    }
  }
  if (batch.length > 0) yield batch;
}

async function inTenant<T>(client: Client, tenantId: string, work: () => Promise<T>): Promise<T> {
  await client.query(sql.BEGIN);
  try {
    await client.query(sql.enterTenant(tenantId));
    const result = await work();
    const { command } = await client.query(sql.COMMIT);
    if (command !== 'COMMIT') throw new Error('the change was rolled back');
    return result;
  } catch (error) {
    await client.query(sql.ROLLBACK).catch(() => {});
    throw error;
  }
}
