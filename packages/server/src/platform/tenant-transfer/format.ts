import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileDigest, replacePrivateFile } from '../postgres/index.js';
import { TenantTransferError } from './errors.js';

/** See docs/tenant-export.md. */
export const FORMAT = 'nova-tenant';
export const FORMAT_VERSION = 1;

export interface ExportedTable {
  readonly name: string;
  /** Relative to the directory of the export. */
  readonly file: string;
  /** Each one is in every row; the tenant is in none. */
  readonly columns: readonly string[];
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

export interface ExportManifest {
  readonly format: typeof FORMAT;
  readonly formatVersion: typeof FORMAT_VERSION;
  readonly novaVersion: string;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly tenant: {
    readonly id: string;
    readonly name: string;
    readonly plan: string;
    /** What is set otherwise than by default. */
    readonly settings: Readonly<Record<string, unknown>>;
  };
  readonly withPasswords: boolean;
  /** In an order in which they can be loaded. */
  readonly tables: readonly ExportedTable[];
  /** Tables whose rows are not in it, with the reason. */
  readonly leftOut: Readonly<Record<string, string>>;
}

const MANIFEST = 'manifest.json';

export async function writeManifest(directory: string, manifest: ExportManifest): Promise<void> {
  const text = `${JSON.stringify(manifest, undefined, 2)}\n`;
  await replacePrivateFile(path.join(directory, MANIFEST), text);
  const digest = createHash('sha256').update(text).digest('hex');
  await replacePrivateFile(path.join(directory, `${MANIFEST}.sha256`), `${digest}\n`);
}

/**
 * Reads an export's manifest, and verifies it and each file against their checksums.
 * @returns the manifest and its own checksum, which names the export. Throws TenantTransferError.
 */
export async function readVerifiedExport(directory: string): Promise<{ manifest: ExportManifest; checksum: string }> {
  const { manifest, checksum } = await readManifest(directory);
  for (const { file, bytes, sha256 } of manifest.tables) {
    // The name is joined to a path: nothing but a plain file of the export is believed.
    if (!/^tables\/[\w-]+\.ndjson$/.test(file)) throw damaged(directory, `the file name ${file} is not valid`);
    const found = await fileDigest(path.join(directory, file)).catch((error: unknown) => {
      throw damaged(directory, `${file} cannot be read`, error);
    });
    if (found.bytes !== bytes || found.sha256 !== sha256) {
      throw damaged(directory, `${file} has changed since the export was made`);
    }
  }
  return { manifest, checksum };
}

async function readManifest(directory: string): Promise<{ manifest: ExportManifest; checksum: string }> {
  let text: Buffer;
  let expected: string;
  try {
    text = await readFile(path.join(directory, MANIFEST));
    expected = (await readFile(path.join(directory, `${MANIFEST}.sha256`), 'utf8')).trim();
  } catch (error) {
    throw new TenantTransferError(
      'unreadable',
      `${directory} is not a complete export: ${MANIFEST} and ${MANIFEST}.sha256 cannot be read. ` +
        'Name the directory that "nova tenant export" made.',
      { cause: error },
    );
  }
  const checksum = createHash('sha256').update(text).digest('hex');
  if (checksum !== expected) throw damaged(directory, `${MANIFEST} has changed since the export was made`);
  const manifest = JSON.parse(text.toString('utf8')) as Partial<ExportManifest>;
  if (manifest.format !== FORMAT || manifest.formatVersion !== FORMAT_VERSION) {
    throw new TenantTransferError(
      'unreadable',
      `${directory} has the format ${String(manifest.format)} ${String(manifest.formatVersion)}; this Nova reads ` +
        `${FORMAT} ${FORMAT_VERSION}. Use the Nova version that made it (${String(manifest.novaVersion)}).`,
    );
  }
  return { manifest: manifest as ExportManifest, checksum };
}

export function damaged(directory: string, what: string, cause?: unknown): TenantTransferError {
  return new TenantTransferError('damaged', `The export ${directory} is damaged: ${what}. Use another copy of it.`, {
    cause,
  });
}
