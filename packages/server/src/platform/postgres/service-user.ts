import { readFile } from 'node:fs/promises';
import { EmbeddedPostgresError } from './errors.js';

/** The unprivileged account that runs PostgreSQL when Nova itself runs as root. */
export interface ServiceUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** In order of preference; `_postgres` is the name on macOS. */
const PREFERRED_ACCOUNTS = ['postgres', '_postgres', 'nobody'];

/**
 * Chooses the account that runs PostgreSQL, which refuses to run as root.
 *
 * @param uid effective user id of this process.
 * @param clusterOwner owner of an existing cluster: a cluster keeps running as whoever owns its files.
 * @param passwd content of /etc/passwd; read from the system when absent.
 * @returns undefined for an ordinary user, who runs PostgreSQL as himself.
 * @throws EmbeddedPostgresError `no_service_user` when root finds no such account.
 */
export async function chooseServiceUser(
  uid: number,
  clusterOwner?: { uid: number; gid: number },
  passwd?: string,
): Promise<ServiceUser | undefined> {
  if (uid !== 0) return undefined;
  const accounts = parsePasswd(passwd ?? (await readFile('/etc/passwd', 'utf8').catch(() => '')));
  if (clusterOwner !== undefined && clusterOwner.uid !== 0) {
    const owner = accounts.find((account) => account.uid === clusterOwner.uid);
    return { name: owner?.name ?? String(clusterOwner.uid), uid: clusterOwner.uid, gid: clusterOwner.gid };
  }
  for (const name of PREFERRED_ACCOUNTS) {
    const account = accounts.find((candidate) => candidate.name === name && candidate.uid > 0);
    if (account !== undefined) return account;
  }
  throw new EmbeddedPostgresError(
    'no_service_user',
    'PostgreSQL refuses to run as root, and /etc/passwd has neither a "postgres" nor a "nobody" account to run it as. ' +
      'Start Nova as an ordinary user, create the account "postgres", or set DATABASE_URL to a PostgreSQL server.',
  );
}

function parsePasswd(passwd: string): ServiceUser[] {
  const accounts: ServiceUser[] = [];
  for (const line of passwd.split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (name && uid && gid && /^\d+$/.test(uid) && /^\d+$/.test(gid)) {
      accounts.push({ name, uid: Number(uid), gid: Number(gid) });
    }
  }
  return accounts;
}
