import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { MigrationError } from './errors.js';
import { type SqlStatement, splitStatements } from './split-statements.js';

/** `expand` adds and may run beside the previous version of Nova; `contract` removes what only that one still uses. */
export type MigrationPhase = 'expand' | 'contract';

export interface Migration {
  /** `YYYYMMDDHHMMSS`: the order across domains. */
  readonly version: string;
  readonly name: string;
  /** Relative to the root, with forward slashes: `domains/content/migrations/20260101000000_posts.sql`. */
  readonly file: string;
  readonly sql: string;
  readonly statements: readonly SqlStatement[];
  /** SHA-256 in hex of the text with LF line ends, so that a checkout on Windows has the same one. */
  readonly checksum: string;
  readonly phase: MigrationPhase;
  /** False for `-- no-transaction`: exactly one statement that PostgreSQL refuses inside a transaction. */
  readonly transactional: boolean;
}

const OWNERS = ['platform', 'domains'] as const;
const FILE_NAME = /^(\d{14})_([a-z0-9]+(?:_[a-z0-9]+)*)\.sql$/;
const TRANSACTION_CONTROL =
  /^\s*(begin|start\s+transaction|commit|end|rollback|abort|savepoint|release|prepare\s+transaction)\b/i;

/**
 * Reads all migrations of a source or build tree, in their order.
 *
 * @param root directory that holds `platform/<module>/migrations` and `domains/<domain>/migrations`
 * @throws MigrationError `no_files`, `invalid_file`, `duplicate_version`
 */
export async function discoverMigrations(root: string): Promise<Migration[]> {
  const migrations: Migration[] = [];
  for (const owner of OWNERS) {
    for (const module of await directoryNames(path.join(root, owner))) {
      const folder = `${owner}/${module}/migrations`;
      for (const name of await fileNames(path.join(root, folder))) {
        if (!name.endsWith('.sql')) continue;
        migrations.push(parseMigration(`${folder}/${name}`, await readFile(path.join(root, folder, name), 'utf8')));
      }
    }
  }
  if (migrations.length === 0) throw new MigrationError('no_files', `there are no migrations under ${root}`);
  migrations.sort((a, b) => (a.version < b.version ? -1 : 1));
  migrations.forEach((migration, index) => {
    const next = migrations[index + 1];
    if (next?.version === migration.version) {
      throw new MigrationError('duplicate_version', `${migration.file} and ${next.file} have the same timestamp`, {
        version: migration.version,
      });
    }
  });
  return migrations;
}

/** @param file path relative to the root, with forward slashes */
export function parseMigration(file: string, text: string): Migration {
  const [, version, name] = FILE_NAME.exec(path.posix.basename(file)) ?? [];
  if (version === undefined || name === undefined) {
    throw new MigrationError('invalid_file', `${file}: the name must be YYYYMMDDHHMMSS_words_like_this.sql`);
  }
  const invalid = (reason: string) => new MigrationError('invalid_file', `${file}: ${reason}`, { version });
  const sql = text.replaceAll('\r\n', '\n').replace(/^\uFEFF/, '');
  const header = headerLines(sql);
  const phase = header.map((line) => /^phase:\s*(.*)$/.exec(line)?.[1]?.trim()).find((value) => value !== undefined);
  if (phase !== undefined && phase !== 'expand' && phase !== 'contract') {
    throw invalid(`unknown phase "${phase}": write expand or contract`);
  }
  const transactional = !header.includes('no-transaction');
  const statements = splitStatements(sql);
  if (statements.length === 0) throw invalid('it holds no statement');
  if (!transactional && statements.length > 1) throw invalid('no-transaction takes exactly one statement');
  if (statements.some(({ code }) => TRANSACTION_CONTROL.test(code))) {
    throw invalid('the runner opens and ends the transaction');
  }
  return {
    version,
    name,
    file,
    sql,
    statements,
    checksum: createHash('sha256').update(sql).digest('hex'),
    phase: phase ?? 'expand',
    transactional,
  };
}

/** The comment lines before anything else, without their dashes. */
function headerLines(sql: string): string[] {
  const lines = sql.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('--'));
  return lines.slice(0, end < 0 ? lines.length : end).map((line) => line.slice(2).trim());
}

async function directoryNames(folder: string): Promise<string[]> {
  return (await entries(folder)).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

async function fileNames(folder: string): Promise<string[]> {
  return (await entries(folder)).filter((entry) => entry.isFile()).map((entry) => entry.name);
}

async function entries(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
