import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const COMMAND = fileURLToPath(new URL('../../../server/bin/nova.mjs', import.meta.url));
const START_DEADLINE_MS = 60_000;
/** The server drains for up to 25 s (I14). */
const STOP_DEADLINE_MS = 30_000;
const POLL_MS = 50;
/** Characters of a log that a failure tells. */
const LOG_END = 4_000;

export interface NovaServerOptions {
  /** Further settings of the server, `NOVA_...`. */
  readonly settings: Readonly<Record<string, string>>;
  /** Where V8 writes a profile of the server when it stops; null for none. */
  readonly profileDir: string | null;
  /** Aborted: a start under way is given up and a further command ended. The server itself runs until `close`. */
  readonly signal: AbortSignal;
}

/** The product as a process of its own, on a data directory that is removed with it. */
export interface NovaServer {
  readonly url: string;
  /** The processes that serve requests. */
  readonly pids: readonly number[];
  readonly dataDir: string;
  /** Runs a further command, such as `seed`, against the same database. Rejects with its output when it fails. */
  run(args: readonly string[]): Promise<string>;
  /** The end of what the server has written to its log. */
  logEnd(): Promise<string>;
  close(): Promise<void>;
}

type Ready = Pick<NovaServer, 'url' | 'pids'>;

/** Starts `nova start` on free ports and waits until it is ready. Rejects with the end of its log when it is not. */
export async function startNovaServer(options: NovaServerOptions): Promise<NovaServer> {
  const directory = await mkdtemp(path.join(tmpdir(), 'nova-bench-'));
  // Run by root, PostgreSQL runs as another user, who has to get in.
  await chmod(directory, 0o755);
  const dataDir = path.join(directory, 'data');
  const readyFile = path.join(directory, 'ready.json');
  const logFile = path.join(directory, 'server.log');
  const env = { ...environment(dataDir), ...options.settings };
  if (options.profileDir !== null) await mkdir(options.profileDir, { recursive: true });
  const profiling = options.profileDir === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${options.profileDir}`];
  const log = createWriteStream(logFile);
  const child = spawn(process.execPath, [...profiling, COMMAND, 'start', '--ready-file', readyFile], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Out of reach of Ctrl-C, which a terminal sends to all: the signal of `close` would be its second, and end it at
    // once, without its PostgreSQL.
    detached: true,
  });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });

  const close = async () => {
    await stop(child);
    log.end();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const ready = await readiness(child, readyFile, logFile, options.signal);
    const run = (args: readonly string[]) => runCommand(args, env, options.signal);
    return { ...ready, dataDir, run, logEnd: () => endOf(logFile), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** This process' environment without settings of Nova's: a bench must not depend on the shell it is started from. */
function environment(dataDir: string): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !/^(NOVA_|DATABASE_|OTEL_)/.test(entry[0]),
  );
  return {
    ...Object.fromEntries(inherited),
    NOVA_DATABASE_DATA_DIR: dataDir,
    NOVA_HTTP_PORT: '0',
    NOVA_ADMIN_PORT: '0',
    NOVA_RATE_LIMIT_ENABLED: 'false',
  };
}

async function readiness(child: ChildProcess, readyFile: string, logFile: string, signal: AbortSignal): Promise<Ready> {
  const deadline = performance.now() + START_DEADLINE_MS;
  while (performance.now() < deadline) {
    signal.throwIfAborted();
    const text = await readFile(readyFile, 'utf8').catch(() => '');
    const ready = parse(text);
    if (ready !== undefined) return ready;
    if (child.exitCode !== null || child.signalCode !== null) break;
    await delay(POLL_MS);
  }
  throw new Error(`the server did not become ready; the end of its log:\n${await endOf(logFile)}`);
}

async function endOf(logFile: string): Promise<string> {
  return (await readFile(logFile, 'utf8').catch(() => '')).slice(-LOG_END);
}

/** The file may be seen half written. */
function parse(text: string): Ready | undefined {
  try {
    const { url, processes } = JSON.parse(text) as { url: string; processes: number[] };
    return { url, pids: processes };
  } catch {
    return undefined;
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const deadline = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
  await exited;
  clearTimeout(deadline);
}

async function runCommand(args: readonly string[], env: Record<string, string>, signal: AbortSignal): Promise<string> {
  const child = spawn(process.execPath, [COMMAND, ...args], { env, signal, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  const output = Buffer.concat(chunks).toString();
  if (code !== 0) throw new Error(`nova ${args.join(' ')} failed:\n${output.slice(-LOG_END)}`);
  return output;
}
