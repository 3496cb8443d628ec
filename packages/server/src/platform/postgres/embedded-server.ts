import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { locateBinaries, type PostgresBinaries, prepareBinaries } from './binaries.js';
import { type DataDirectory, giveToOwner, prepareDataDirectory, verifyClusterVersion } from './data-directory.js';
import { acquireDirectoryLock } from './directory-lock.js';
import { EmbeddedPostgresError, errorCode, errorMessage } from './errors.js';
import { createPassword, initializeCluster, readPassword, resetPassword, SUPERUSER } from './initialize-cluster.js';
import { endBackends, stopOrphan } from './postmaster.js';
import { openServerLog, type ServerLog } from './server-log.js';
import { launchServer, type ServerExit, type ServerProcess } from './server-process.js';
import { defaultSharedBuffersMb, type ServerSettings } from './server-settings.js';

/** The part of a pino logger that is used. */
export interface EmbeddedPostgresLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface EmbeddedPostgresOptions {
  /** The directory that holds cluster, log, lock and superuser password; made when missing. */
  readonly dataDir: string;
  /** Port on 127.0.0.1; a free one by default. */
  readonly port?: number;
  readonly maxConnections: number;
  readonly log: EmbeddedPostgresLog;
  /** A tenth of the memory between 128 and 1,024 by default. */
  readonly sharedBuffersMb?: number;
  /** The `native` directory with PostgreSQL's programs; that of the installed platform package by default. */
  readonly binariesDir?: string;
  /** Time until a started server must accept connections, recovery included: 120 s by default. */
  readonly startDeadlineMs?: number;
  /** Time that `stop` gives the fast shutdown before it turns to the immediate one: 8 s by default. */
  readonly stopDeadlineMs?: number;
  /** The server ended although nobody stopped it; it is about to be started again. */
  readonly onExit?: (exit: ServerExit & { readonly pid: number }) => void;
  /** The server accepts connections again, after so many attempts, on the same port. */
  readonly onRestart?: (restart: { readonly pid: number; readonly attempts: number }) => void;
}

export interface EmbeddedPostgres {
  readonly host: string;
  readonly port: number;
  /** Connection URL of the superuser; it holds the password, so it is never logged. */
  superuserUrl(database: string): string;
  /** Real path of the data directory. */
  readonly dataDir: string;
  /** The postmaster's process id: another one after a restart. */
  readonly pid: number;
  /** Shuts the server down and gives the data directory up; harmless when called again. */
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
const LOG_BYTES = 10 * 1024 * 1024;
const PORT_ATTEMPTS = 5;
const ORPHAN_DEADLINE_MS = 20_000;
const VERIFY_DEADLINE_MS = 10_000;
const FIRST_DELAY_MS = 100;
const LAST_DELAY_MS = 5_000;
/** A server that ran this long before it ended is started again without delay. */
const STEADY_MS = 30_000;

/**
 * Starts the PostgreSQL server that Nova brings along, makes its data directory when there is none, and keeps the
 * server running until `stop`. One that an earlier, killed Nova left running is shut down first.
 *
 * @throws EmbeddedPostgresError whose message says what to do; DataDirectoryInUse. Nothing is left running then.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const directory = await prepareDataDirectory(options.dataDir, process.geteuid?.() ?? -1);
  const lock = await acquireDirectoryLock(directory.lockFile);
  let serverLog: ServerLog | undefined;
  try {
    await giveToOwner(directory, directory.lockFile);
    const source = options.binariesDir ?? locateBinaries();
    const binaries = await prepareBinaries(source, directory.binaries, directory.serviceUser);
    const password = await prepareCluster(directory, binaries, options.log);
    serverLog = await openServerLog(directory.logFile, LOG_BYTES);
    await giveToOwner(directory, directory.logFile);
    const server = new SupervisedServer(directory, binaries, serverLog, options);
    await server.start();
    const release = async (log: ServerLog): Promise<void> => {
      await server.stop();
      await log.close();
      await lock.release();
    };
    const superuserUrl = (database: string): string =>
      `postgres://${SUPERUSER}:${password}@${HOST}:${server.port}/${encodeURIComponent(database)}`;
    const opened = serverLog;
    let released: Promise<void> | undefined;
    const stop = (): Promise<void> => {
      released ??= release(opened);
      return released;
    };
    try {
      await verifyPassword(superuserUrl('postgres'), directory);
    } catch (error) {
      await server.stop();
      throw error;
    }
    server.supervise();
    return {
      host: HOST,
      port: server.port,
      superuserUrl,
      dataDir: directory.root,
      get pid() {
        return server.pid;
      },
      stop,
    };
  } catch (error) {
    await serverLog?.close();
    await lock.release();
    throw error;
  }
}

/** Brings the data directory to where a server can be started on it. Returns the superuser's password. */
async function prepareCluster(
  directory: DataDirectory,
  binaries: PostgresBinaries,
  log: EmbeddedPostgresLog,
): Promise<string> {
  const exists = await verifyClusterVersion(directory, binaries.major);
  const stored = await readPassword(directory);
  if (exists) {
    const orphan = await stopOrphan(directory.cluster, ORPHAN_DEADLINE_MS);
    if (orphan !== undefined) log.warn({ pid: orphan }, 'stopped the PostgreSQL server of an earlier process');
    if (stored !== undefined) return stored;
    const password = await createPassword(directory);
    await resetPassword(directory, binaries, password);
    log.warn({ file: directory.passwordFile }, 'the superuser password was missing and has been set anew');
    return password;
  }
  const password = stored ?? (await createPassword(directory));
  await initializeCluster(directory, binaries, password);
  log.info({ dataDir: directory.root, version: binaries.version }, 'made a PostgreSQL data directory');
  return password;
}

async function verifyPassword(connectionString: string, directory: DataDirectory): Promise<void> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: VERIFY_DEADLINE_MS });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    if (errorCode(error) !== '28P01') {
      throw new EmbeddedPostgresError('start_failed', `PostgreSQL does not answer: ${errorMessage(error)}`, {
        cause: error,
      });
    }
    throw new EmbeddedPostgresError(
      'superuser_password_mismatch',
      `PostgreSQL refuses the superuser password in ${directory.passwordFile}. ` +
        'Delete that file and start again: a new password is set then.',
    );
  } finally {
    await client.end();
  }
}

/** The server process and whoever starts it again. */
class SupervisedServer {
  readonly #directory: DataDirectory;
  readonly #binaries: PostgresBinaries;
  readonly #serverLog: ServerLog;
  readonly #options: EmbeddedPostgresOptions;
  readonly #stopping = new AbortController();
  #process: ServerProcess | undefined;
  #supervision: Promise<void> | undefined;
  #port = 0;

  constructor(
    directory: DataDirectory,
    binaries: PostgresBinaries,
    serverLog: ServerLog,
    options: EmbeddedPostgresOptions,
  ) {
    this.#directory = directory;
    this.#binaries = binaries;
    this.#serverLog = serverLog;
    this.#options = options;
  }

  get port(): number {
    return this.#port;
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** First start: a port that was found free and taken meanwhile is replaced by another. */
  async start(): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      this.#port = this.#options.port ?? (await findFreePort());
      try {
        this.#process = await this.#launch();
        return;
      } catch (error) {
        const raced = errorCode(error) === 'port_in_use' && this.#options.port === undefined;
        if (!raced || attempt === PORT_ATTEMPTS) throw error;
      }
    }
  }

  supervise(): void {
    this.#supervision = this.#keepRunning();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#process?.shutDown(this.#options.stopDeadlineMs ?? 8_000);
    await this.#supervision;
  }

  async #keepRunning(): Promise<void> {
    let attempts = 0;
    while (this.#process !== undefined) {
      const { pid, exited } = this.#process;
      const started = performance.now();
      const exit = await exited;
      if (this.#stopping.signal.aborted) return;
      if (performance.now() - started > STEADY_MS) attempts = 0;
      this.#options.log.error({ pid, ...exit }, 'PostgreSQL ended unexpectedly and is started again');
      this.#options.onExit?.({ pid, ...exit });
      attempts = await this.#restart(attempts);
    }
  }

  /** Tries until the server runs or is stopped: a full disk or a taken port may clear without a restart of Nova. */
  async #restart(failures: number): Promise<number> {
    const { signal } = this.#stopping;
    for (let attempts = failures + 1; ; attempts += 1) {
      try {
        if (attempts > 1)
          await delay(Math.min(FIRST_DELAY_MS * 2 ** (attempts - 2), LAST_DELAY_MS), undefined, { signal });
        await endBackends(this.#directory.cluster);
        this.#process = await this.#launch();
      } catch (error) {
        if (signal.aborted) {
          this.#process = undefined;
          return attempts;
        }
        this.#options.log.error({ attempts, error: errorMessage(error) }, 'PostgreSQL could not be started again');
        continue;
      }
      // Stopped in the moment between the launch and now: stop() saw the old process.
      if (signal.aborted) await this.#process.shutDown(this.#options.stopDeadlineMs ?? 8_000);
      else {
        this.#options.log.info({ pid: this.#process.pid, attempts }, 'PostgreSQL runs again');
        this.#options.onRestart?.({ pid: this.#process.pid, attempts });
      }
      return attempts;
    }
  }

  #launch(): Promise<ServerProcess> {
    const settings: ServerSettings = {
      port: this.#port,
      maxConnections: this.#options.maxConnections,
      sharedBuffersMb: this.#options.sharedBuffersMb ?? defaultSharedBuffersMb(),
    };
    return launchServer({
      directory: this.#directory,
      binaries: this.#binaries,
      settings,
      log: this.#serverLog,
      deadlineMs: this.#options.startDeadlineMs ?? 120_000,
      signal: this.#stopping.signal,
    });
  }
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, HOST, () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
