import { createHash } from 'node:crypto';
import { chmod, chown, mkdir, readdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { EmbeddedPostgresError, errorCode } from './errors.js';
import { chooseServiceUser, type ServiceUser } from './service-user.js';

/** Where everything of the embedded server lies. */
export interface DataDirectory {
  /** Real path of the directory Nova was given. */
  readonly root: string;
  /** PostgreSQL's own data directory. */
  readonly cluster: string;
  readonly passwordFile: string;
  readonly logFile: string;
  readonly lockFile: string;
  /** Parent of the copies of PostgreSQL's programs. */
  readonly binaries: string;
  /** Who runs PostgreSQL; undefined when that is the user who runs Nova. */
  readonly serviceUser: ServiceUser | undefined;
  /** Who owns the directory: files that root makes for an ordinary user's directory are given to that user. */
  readonly owner: { readonly uid: number; readonly gid: number };
}

/**
 * The data directory of a Nova that was told none.
 *
 * @param cwd the directory Nova was started in.
 * @param uid effective user id; root's homes are closed to other accounts, so root's data go below /var/lib.
 */
export function defaultDataDirectory({ cwd, uid }: { cwd: string; uid: number }): string {
  if (uid !== 0) return path.join(cwd, '.nova');
  const digest = createHash('sha256').update(cwd).digest('hex').slice(0, 8);
  const name = path.basename(cwd);
  return path.join('/var/lib/nova', name === '' ? digest : `${name}-${digest}`);
}

/**
 * Makes the data directory when it is missing and verifies that the account running PostgreSQL can reach it.
 *
 * @throws EmbeddedPostgresError `directory_not_reachable` | `directory_not_owned` | `no_service_user`.
 */
export async function prepareDataDirectory(dataDir: string, uid: number): Promise<DataDirectory> {
  const wished = path.resolve(dataDir);
  await makeDirectories(wished, uid);
  const root = await realpath(wished);
  const cluster = path.join(root, 'postgres');
  const clusterOwner = await stat(cluster).catch(() => undefined);
  if (uid !== 0 && clusterOwner !== undefined && clusterOwner.uid !== uid) {
    throw new EmbeddedPostgresError(
      'directory_not_owned',
      `The data directory ${cluster} belongs to user id ${clusterOwner.uid}, and Nova runs as user id ${uid}. ` +
        'Start Nova as that user or as root, or give it a data directory of its own.',
    );
  }
  const serviceUser = await chooseServiceUser(uid, clusterOwner);
  if (serviceUser !== undefined) await openToServiceUser(root, serviceUser);
  const { uid: ownerUid, gid: ownerGid } = await stat(root);
  return {
    root,
    cluster,
    passwordFile: path.join(root, 'superuser-password'),
    logFile: path.join(root, 'postgres.log'),
    lockFile: path.join(root, 'nova.lock'),
    binaries: path.join(root, 'postgres-binaries'),
    serviceUser,
    owner: { uid: ownerUid, gid: ownerGid },
  };
}

/**
 * Refuses a cluster that another major version of PostgreSQL made.
 *
 * @returns whether there is a cluster at all.
 * @throws EmbeddedPostgresError `foreign_major_version` | `not_a_cluster`.
 */
export async function verifyClusterVersion(directory: DataDirectory, major: number): Promise<boolean> {
  if ((await stat(directory.cluster).catch(() => undefined)) === undefined) return false;
  const found = await readFile(path.join(directory.cluster, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (found === undefined) {
    throw new EmbeddedPostgresError(
      'not_a_cluster',
      `${directory.cluster} is not a PostgreSQL data directory (it has no readable PG_VERSION). ` +
        'Move it away, or give Nova another data directory.',
    );
  }
  if (Number(found.trim()) !== major) {
    throw new EmbeddedPostgresError(
      'foreign_major_version',
      `The data in ${directory.cluster} were made by PostgreSQL ${found.trim()}, and this Nova brings PostgreSQL ` +
        `${major}, which cannot read them. Save them with the Nova that made them ("nova backup <target>"), move ` +
        `${directory.root} away, and load them with this one ("nova restore <target>").`,
    );
  }
  return true;
}

/** Gives a file that root made in somebody's data directory to that somebody. */
export async function giveToOwner(directory: DataDirectory, file: string): Promise<void> {
  if (directory.serviceUser !== undefined) await chown(file, directory.owner.uid, directory.owner.gid);
}

async function makeDirectories(directory: string, uid: number): Promise<void> {
  const missing: string[] = [];
  for (let current = directory; (await stat(current).catch(() => undefined)) === undefined; ) {
    missing.unshift(current);
    current = path.dirname(current);
  }
  if (uid === 0) await openWhenFresh(missing[0] === undefined ? directory : path.dirname(missing[0]), directory);
  for (const current of missing) {
    try {
      await mkdir(current);
      // As root the service user passes through; names in the directory stay hidden from it.
      await chmod(current, uid === 0 ? 0o711 : 0o700);
    } catch (error) {
      if (errorCode(error) === 'EEXIST') continue;
      throw new EmbeddedPostgresError(
        'directory_not_reachable',
        `The data directory ${directory} cannot be made: ${current} is refused (${errorCode(error) ?? 'unknown'}). ` +
          'Give Nova a data directory that it may write to.',
        { cause: error },
      );
    }
  }
}

/**
 * Lets the service user pass through a directory that was made for this purpose: the empty data directory, or an empty
 * directory in a place for temporary ones (what mktemp -d makes). One with content may be somebody's home.
 */
async function openWhenFresh(existing: string, dataDir: string): Promise<void> {
  const { mode } = await stat(existing);
  if ((mode & 0o001) !== 0 || (await readdir(existing)).length > 0) return;
  const temporary = ((await stat(path.dirname(existing))).mode & 0o1000) !== 0;
  if (existing === dataDir || temporary) await chmod(existing, mode | 0o011);
}

async function openToServiceUser(root: string, user: ServiceUser): Promise<void> {
  for (const current of ancestors(root)) {
    if (await canTraverse(current, user)) continue;
    throw new EmbeddedPostgresError(
      'directory_not_reachable',
      `PostgreSQL runs as ${user.name}, because it refuses to run as root, and ${user.name} cannot enter ${current} ` +
        `on the way to the data directory ${root}. Choose a data directory elsewhere (such as /var/lib/nova), ` +
        `or allow passage with "chmod o+x ${current}".`,
    );
  }
}

function ancestors(directory: string): string[] {
  const parent = path.dirname(directory);
  return parent === directory ? [directory] : [...ancestors(parent), directory];
}

async function canTraverse(directory: string, user: ServiceUser): Promise<boolean> {
  const { mode, uid, gid } = await stat(directory);
  if (uid === user.uid) return (mode & 0o100) !== 0;
  if (gid === user.gid) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}
