import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { chmod, mkdtemp, readdir, rm, stat, statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Client, escapeIdentifier } from 'pg';
import { DataDirectoryInUse, startEmbeddedPostgres } from '../platform/postgres/index.js';

/** What the tests of one run need to make databases; handed to the workers, so plain data. */
export interface TestCluster {
  /** Maintenance database, as superuser. */
  readonly superuserUrl: string;
  /** A migrated database that is cloned and never connected to. */
  readonly template: string;
  /** Every database of the run starts with this. */
  readonly prefix: string;
  readonly passwords: { readonly owner: string; readonly app: string; readonly system: string };
}

export interface TestServer {
  readonly superuserUrl: string;
  /** Stops the server and removes its data, when this run started it. */
  stop(): Promise<void>;
}

/** Start of the name of every test database, before the name of its run. */
export const RUN_PREFIX = 'nova_test_';
const QUIET_LOG = { info: () => {}, warn: console.warn, error: console.error };
/** Two workers, of which each may hold several servers with pools. */
const MAX_CONNECTIONS = 300;
const FOLDER_PREFIX = 'nova-test-';
/** A younger directory may be one that its run has yet to lock. */
const ABANDONED_AFTER_MS = 30_000;
const MEMORY_DISK = '/dev/shm';
/** The tenant of a million posts takes 2.3 GB, and its log one more. */
const MEMORY_DISK_BYTES = 5 * 1024 ** 3;

/** The server given by NOVA_TEST_SUPERUSER_URL, or an embedded one of this run's own. */
export async function startTestServer(givenUrl: string | undefined): Promise<TestServer> {
  if (givenUrl) return { superuserUrl: givenUrl, stop: async () => {} };
  const parent = await fastFolder();
  await removeAbandonedServers(parent);
  const folder = await mkdtemp(path.join(parent, FOLDER_PREFIX));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    // PostgreSQL refuses to run as root: another user must get through to the data then.
    await chmod(folder, 0o711);
    const server = await startIn(folder);
    // On a signal vitest exits without the teardown: what is left then has to happen at once.
    const abandon = () => {
      process.kill(server.pid, 'SIGQUIT');
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    };
    process.once('exit', abandon);
    const stop = async () => {
      await server.stop();
      await remove();
      process.off('exit', abandon);
    };
    return { superuserUrl: server.superuserUrl('postgres'), stop };
  } catch (error) {
    await remove();
    throw error;
  }
}

const startIn = (folder: string) =>
  startEmbeddedPostgres({
    dataDir: path.join(folder, 'postgres'),
    maxConnections: MAX_CONNECTIONS,
    sharedBuffersMb: 128,
    log: QUIET_LOG,
  });

/**
 * Ends and removes what killed runs have left. Starting a server on such a directory is what stops the orphaned one;
 * it is refused while the run that made it lives.
 */
async function removeAbandonedServers(parent: string): Promise<void> {
  for (const name of (await readdir(parent)).filter((entry) => entry.startsWith(FOLDER_PREFIX))) {
    const folder = path.join(parent, name);
    try {
      if (Date.now() - (await stat(folder)).mtimeMs < ABANDONED_AFTER_MS) continue;
      const server = await startIn(folder);
      await server.stop();
    } catch (error) {
      if (error instanceof DataDirectoryInUse) continue;
      console.warn(`${folder} was left by an earlier run and cannot be opened`, error);
      continue;
    }
    await rm(folder, { recursive: true, force: true });
  }
}

/** Memory, where there is enough: a clone writes and syncs some hundred files. */
async function fastFolder(): Promise<string> {
  const space = await statfs(MEMORY_DISK).catch(() => undefined);
  const enough = space !== undefined && space.bavail * space.bsize >= MEMORY_DISK_BYTES;
  return enough ? MEMORY_DISK : os.tmpdir();
}

export const randomPassword = (): string => randomBytes(18).toString('base64url');

export async function connectTo(url: string, applicationName = 'nova tests'): Promise<Client> {
  const client = new Client({
    connectionString: url,
    application_name: applicationName,
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** Drops those databases that exist, their connections included; template ones as well. */
export async function dropDatabases(maintenance: Client, names: readonly string[]): Promise<void> {
  const { rows } = await maintenance.query<{ datname: string }>(
    'SELECT datname FROM pg_database WHERE datname = ANY ($1)',
    [names],
  );
  for (const { datname: name } of rows) {
    await maintenance.query(`ALTER DATABASE ${escapeIdentifier(name)} IS_TEMPLATE false`);
    await maintenance.query(`DROP DATABASE ${escapeIdentifier(name)} WITH (FORCE)`);
  }
}

export async function databasesLike(maintenance: Client, prefix: string): Promise<string[]> {
  const { rows } = await maintenance.query<{ datname: string }>(
    'SELECT datname FROM pg_database WHERE starts_with(datname, $1) ORDER BY datname',
    [prefix],
  );
  return rows.map(({ datname }) => datname);
}

/** Databases of runs that were killed: no connection carries the name of their run any more. */
export async function abandonedDatabases(maintenance: Client): Promise<string[]> {
  const { rows } = await maintenance.query<{ datname: string }>(
    `SELECT datname FROM pg_database d
     WHERE starts_with(d.datname, $1) AND NOT EXISTS (
       SELECT FROM pg_stat_activity a
       WHERE starts_with(a.application_name, $1) AND starts_with(d.datname, a.application_name || '_'))
     ORDER BY datname`,
    [RUN_PREFIX],
  );
  return rows.map(({ datname }) => datname);
}
