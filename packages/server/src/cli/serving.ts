import { type ChildProcess, fork } from 'node:child_process';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Config, Environment } from '../config/index.js';
import type { Logger } from '../platform/telemetry/index.js';
import { serve, urlOf, withPortFallback } from '../serve.js';
import { ConnectionDealer } from './connection-dealer.js';
import type { Deployment } from './deployment.js';
import { startServingProcess } from './serving-process.js';
import type { MessageFromWorker, MessageToWorker, WorkerOptions } from './worker-messages.js';

/** One or several serving processes behind one port. */
export interface Serving {
  readonly url: string;
  readonly processes: readonly { readonly pid: number; readonly adminUrl: string }[];
  close(): Promise<void>;
}

type Database = Pick<Deployment, 'addresses' | 'secretKey'>;

const RESTART_FIRST_MS = 200;
const RESTART_MAX_MS = 10_000;
/** A process that ran this long before it ended is replaced without delay. */
const STEADY_MS = 30_000;
const READY_MS = 30_000;
/** A drain takes its own timeout; what is not gone by then is ended. */
const KILL_AFTER_MS = 3_000;

/** @param defaults what `config` was made of where the environment says nothing */
export async function startServing(
  config: Config,
  deployment: Database,
  log: Logger,
  defaults: Environment,
): Promise<Serving> {
  if (config.process.processes > 1) return await startWorkers(config, deployment, log, defaults);
  const { url, adminUrl, close } = await startServingProcess(config, { ...deployment, processNumber: 1 }, serve);
  return { url, processes: [{ pid: process.pid, adminUrl }], close };
}

/** Keeps the configured number of processes running until `close`: one that ends is replaced, for as long as it takes. */
async function startWorkers(
  config: Config,
  { addresses, secretKey }: Database,
  log: Logger,
  defaults: Environment,
): Promise<Serving> {
  const dealer = new ConnectionDealer((err) => log.warn({ err }, 'a connection could not be accepted'));
  const closing = new AbortController();
  const { signal } = closing;
  const workers = new Map<number, LaunchedWorker>();

  const launch = async (processNumber: number): Promise<Serving['processes'][number]> => {
    const launched = forkWorker(log);
    workers.set(processNumber, launched);
    const { adminUrl } = await hire(launched, {
      addresses,
      secretKey,
      processNumber,
      adminPort: config.admin.port === 0 ? 0 : config.admin.port + processNumber - 1,
      portFallback: config.admin.portFallback,
      defaults,
    });
    // One that comes too late for the end does not know that it is to be unready.
    if (!signal.aborted) dealTo(launched, dealer);
    return { pid: launched.process.pid ?? 0, adminUrl };
  };

  const keepRunning = async (processNumber: number): Promise<void> => {
    let delayMs = 0;
    for (;;) {
      const startedAt = performance.now();
      const exit = await workers.get(processNumber)?.exited;
      if (signal.aborted) return;
      log.error({ processNumber, ...exit }, 'a serving process ended; starting another');
      if (performance.now() - startedAt > STEADY_MS) delayMs = 0;
      await delay(delayMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      delayMs = Math.min(Math.max(delayMs * 2, RESTART_FIRST_MS), RESTART_MAX_MS);
      await launch(processNumber).catch((err: unknown) => {
        log.error({ err, processNumber }, 'a serving process did not start');
      });
    }
  };

  let supervision: readonly Promise<void>[] = [];
  const close = async (unreadyMs: number) => {
    closing.abort();
    const killAt = performance.now() + config.http.drainTimeoutMs + KILL_AFTER_MS;
    for (const worker of workers.values()) tell(worker, { becomeUnready: true });
    await delay(unreadyMs);
    // Before any process ends: what has been accepted is taken.
    await dealer.close();
    await Promise.all([...workers.values()].map((worker) => stop(worker, killAt - performance.now())));
    await Promise.all(supervision);
  };
  try {
    const numbers = Array.from({ length: config.process.processes }, (_, index) => index + 1);
    const processes = await Promise.all(numbers.map(launch));
    const port = await withPortFallback(config.http, (port) => dealer.listen(port, config.http.host));
    supervision = numbers.map(keepRunning);
    return { url: urlOf(config.http.host, port), processes, close: () => close(config.http.drainUnreadyMs) };
  } catch (error) {
    await close(0);
    throw error;
  }
}

interface LaunchedWorker {
  readonly process: ChildProcess;
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

function forkWorker(log: Logger): LaunchedWorker {
  const child = fork(fileURLToPath(new URL('../main.js', import.meta.url)), ['worker']);
  // A message to a process that is gone; its exit is what counts.
  child.on('error', (err) => log.warn({ err }, 'a serving process could not be told something'));
  const exited = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('exit', (code: number | null, signal: string | null) => resolve({ code, signal }));
  });
  return { process: child, exited };
}

/** Gives a process its options and waits until it serves. Throws, and ends the process, when it does not. */
async function hire(
  { process: child, exited }: LaunchedWorker,
  options: WorkerOptions,
): Promise<{ readonly adminUrl: string }> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise((resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`it was not ready within ${READY_MS} ms`)), READY_MS);
      void exited.then(({ code, signal }) => reject(new Error(`a serving process ended with ${signal ?? code}`)));
      child.on('message', (message: MessageFromWorker) => {
        // What is sent before it listens would be lost.
        if ('asksForOptions' in message) child.send({ options } satisfies MessageToWorker);
        else if ('ready' in message) resolve(message.ready);
      });
    });
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Gives a process its share of the connections until it refuses one or is gone. */
function dealTo({ process: child }: LaunchedWorker, dealer: ConnectionDealer): void {
  const taker = {
    hand(socket: Socket, sent: (error: Error | null) => void) {
      child.send({ connection: 'dealt' } satisfies MessageToWorker, socket, { keepOpen: true }, sent);
    },
  };
  child.on('message', (message: MessageFromWorker) => {
    if (!('connection' in message)) return;
    if (message.connection === 'taken') dealer.taken(taker);
    else dealer.remove(taker);
  });
  // Not its exit: what it has told before comes between the two.
  child.once('disconnect', () => dealer.remove(taker));
  if (child.connected) dealer.add(taker);
}

function tell({ process: child }: LaunchedWorker, message: MessageToWorker): void {
  if (child.connected) child.send(message);
}

async function stop({ process: child, exited }: LaunchedWorker, deadlineMs: number): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), deadlineMs);
  await exited;
  clearTimeout(timer);
}
