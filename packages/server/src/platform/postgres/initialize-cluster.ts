import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { PostgresBinaries } from './binaries.js';
import { setRolePassword } from './cluster-sql.js';
import { type DataDirectory, giveToOwner } from './data-directory.js';
import { syncPath } from './durable-file.js';
import { EmbeddedPostgresError } from './errors.js';
import { runCommand } from './run-command.js';

export const SUPERUSER = 'postgres';

/**
 * Tried in order. The default collation is the built-in C.UTF-8 in any case; the C library's character classes are
 * what pg_trgm goes by, and with plain C it drops every letter beyond ASCII from its trigrams.
 */
const CHARACTER_CLASSES = ['C.UTF-8', 'en_US.UTF-8', 'C'] as const;

const PARTIAL_PREFIX = 'postgres.partial-';

/**
 * Makes the cluster: UTF-8, built-in C.UTF-8 collation, data checksums, SCRAM passwords only. It is made beside its
 * place and moved there when complete and synced, so an interrupted attempt leaves nothing that looks like a cluster.
 *
 * @param password of the superuser.
 * @throws EmbeddedPostgresError `init_failed`.
 */
export async function initializeCluster(
  directory: DataDirectory,
  binaries: PostgresBinaries,
  password: string,
): Promise<void> {
  await removePartialClusters(directory);
  let failure = '';
  for (const characterClass of CHARACTER_CLASSES) {
    const partial = path.join(directory.root, `${PARTIAL_PREFIX}${process.pid}`);
    const passwordFile = `${partial}.password`;
    try {
      await mkdir(partial, { mode: 0o700 });
      await writeFile(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' });
      if (directory.serviceUser !== undefined) {
        const { uid, gid } = directory.serviceUser;
        await chown(partial, uid, gid);
        await chown(passwordFile, uid, gid);
      }
      const result = await runCommand(binaries.initdb, initdbArguments(partial, passwordFile, characterClass), {
        user: directory.serviceUser,
      });
      if (result.status === 0) {
        await rename(partial, directory.cluster);
        await syncPath(directory.root);
        return;
      }
      failure = result.output;
    } finally {
      await rm(passwordFile, { force: true });
      await rm(partial, { recursive: true, force: true });
    }
    if (!failure.includes('invalid locale')) break;
  }
  throw new EmbeddedPostgresError(
    'init_failed',
    `The PostgreSQL data directory ${directory.cluster} could not be made: ${lastLines(failure)}`,
  );
}

/** Removes what attempts that were killed left behind. */
async function removePartialClusters(directory: DataDirectory): Promise<void> {
  for (const entry of await readdir(directory.root)) {
    if (entry.startsWith(PARTIAL_PREFIX)) await rm(path.join(directory.root, entry), { recursive: true, force: true });
  }
}

function initdbArguments(cluster: string, passwordFile: string, characterClass: string): string[] {
  return [
    `--pgdata=${cluster}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth-host=scram-sha-256',
    '--auth-local=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    `--lc-ctype=${characterClass}`,
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--text-search-config=simple',
    '--data-checksums',
  ];
}

/** The superuser's password as stored, if it is. */
export async function readPassword(directory: DataDirectory): Promise<string | undefined> {
  const text = await readFile(directory.passwordFile, 'utf8').catch(() => undefined);
  return text?.trim() === '' ? undefined : text?.trim();
}

/** Draws a random superuser password (256 bits) and stores it, readable by the owner of the data directory only. */
export async function createPassword(directory: DataDirectory): Promise<string> {
  const password = randomBytes(32).toString('base64url');
  const draft = `${directory.passwordFile}.partial`;
  await rm(draft, { force: true });
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(`${password}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await chmod(draft, 0o600);
  await giveToOwner(directory, draft);
  await rename(draft, directory.passwordFile);
  await syncPath(directory.root);
  return password;
}

/**
 * Sets the superuser's password of a stopped cluster, for when its file was lost, in PostgreSQL's single-user mode.
 *
 * @throws EmbeddedPostgresError `start_failed`.
 */
export async function resetPassword(
  directory: DataDirectory,
  binaries: PostgresBinaries,
  password: string,
): Promise<void> {
  const result = await runCommand(binaries.postgres, ['--single', '-D', directory.cluster, SUPERUSER], {
    user: directory.serviceUser,
    input: setRolePassword(SUPERUSER, password),
  });
  if (result.status !== 0 || /\b(ERROR|FATAL|PANIC):/.test(result.output)) {
    throw new EmbeddedPostgresError(
      'start_failed',
      `The lost superuser password of ${directory.cluster} could not be set anew: ${lastLines(result.output)}`,
    );
  }
}

export function lastLines(output: string): string {
  return output.trim().split('\n').slice(-6).join('\n');
}
