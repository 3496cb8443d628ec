import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { PostgresBinaries } from './binaries.js';
import type { DataDirectory } from './data-directory.js';
import { EmbeddedPostgresError, errorMessage } from './errors.js';
import { lastLines } from './initialize-cluster.js';
import { endBackends, readPostmasterStatus } from './postmaster.js';
import { POSTGRES_ENVIRONMENT } from './run-command.js';
import type { ServerLog } from './server-log.js';
import { type ServerSettings, serverArguments } from './server-settings.js';

export interface ServerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** One running postmaster. */
export interface ServerProcess {
  readonly pid: number;
  /** Settles when the process has ended; never rejects. */
  readonly exited: Promise<ServerExit>;
  /** Ends it: fast shutdown, after `deadlineMs` immediate shutdown, and SIGKILL if that does not help either. */
  shutDown(deadlineMs: number): Promise<ServerExit>;
}

export interface LaunchOptions {
  readonly directory: DataDirectory;
  readonly binaries: PostgresBinaries;
  readonly settings: ServerSettings;
  readonly log: ServerLog;
  /** Time until the server must accept connections; recovery after a crash is part of it. */
  readonly deadlineMs: number;
  /** Gives the launch up. */
  readonly signal: AbortSignal;
}

const POLL_MS = 20;
const ABORT_DEADLINE_MS = 5_000;
const IMMEDIATE_DEADLINE_MS = 3_000;

/**
 * Starts PostgreSQL and waits until it accepts connections.
 *
 * @throws EmbeddedPostgresError `port_in_use` | `start_failed`; no process is left then.
 */
export async function launchServer(options: LaunchOptions): Promise<ServerProcess> {
  const { directory, settings, log, signal } = options;
  const mark = await log.mark();
  const server = await spawnServer(options);
  let exit: ServerExit | undefined;
  const ended = server.exited.then((value) => {
    exit = value;
  });
  const deadline = performance.now() + options.deadlineMs;
  // pg_ctl waits the same way: the postmaster writes "ready" into its pid file when it accepts connections.
  while (exit === undefined && performance.now() < deadline && !signal.aborted) {
    const status = await readPostmasterStatus(directory.cluster);
    if (status?.pid === server.pid && status.ready) return server;
    await Promise.race([ended, delay(POLL_MS)]);
  }
  if (exit === undefined) await server.shutDown(ABORT_DEADLINE_MS);
  throw startFailure(await log.since(mark), settings.port, directory, signal.aborted);
}

async function spawnServer({ directory, binaries, settings, log }: LaunchOptions): Promise<ServerProcess> {
  const user = directory.serviceUser;
  const child = spawn(binaries.postgres, serverArguments(directory.cluster, settings), {
    cwd: '/',
    env: { ...POSTGRES_ENVIRONMENT },
    stdio: ['ignore', log.descriptor, log.descriptor],
    // A process group of its own: Ctrl-C in a terminal must reach Nova, which drains first, and not PostgreSQL.
    detached: true,
    ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }),
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => {
      reject(
        new EmbeddedPostgresError('start_failed', `PostgreSQL could not be started: ${errorMessage(error)}`, {
          cause: error,
        }),
      );
    });
  });
  return watch(child, directory.cluster);
}

function watch(child: ChildProcess, cluster: string): ServerProcess {
  const { pid } = child;
  if (pid === undefined) throw new EmbeddedPostgresError('start_failed', 'PostgreSQL could not be started.');
  const exited = new Promise<ServerExit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  // Signals that cannot be delivered show as a process that does not end.
  child.on('error', () => undefined);
  return {
    pid,
    exited,
    shutDown: async (deadlineMs) => {
      for (const [signal, milliseconds] of [
        ['SIGINT', deadlineMs],
        ['SIGQUIT', IMMEDIATE_DEADLINE_MS],
      ] as const) {
        child.kill(signal);
        const exit = await within(exited, milliseconds);
        if (exit !== undefined) return exit;
      }
      child.kill('SIGKILL');
      const exit = await exited;
      await endBackends(cluster);
      return exit;
    },
  };
}

async function within<T>(promise: Promise<T>, milliseconds: number): Promise<T | undefined> {
  const timer = new AbortController();
  try {
    return await Promise.race([promise, delay(milliseconds, undefined, { signal: timer.signal })]);
  } finally {
    timer.abort();
  }
}

function startFailure(output: string, port: number, directory: DataDirectory, aborted: boolean): EmbeddedPostgresError {
  if (aborted) return new EmbeddedPostgresError('start_failed', 'The start of PostgreSQL was given up.');
  if (/could not bind .* address .*: Address (already )?in use/i.test(output)) {
    return new EmbeddedPostgresError(
      'port_in_use',
      `Port ${port} of 127.0.0.1 is in use. Stop what listens there, or choose another port for PostgreSQL.`,
    );
  }
  return new EmbeddedPostgresError(
    'start_failed',
    `PostgreSQL did not start. The end of its log (${directory.logFile}): ${lastLines(output) || 'nothing'}`,
  );
}
