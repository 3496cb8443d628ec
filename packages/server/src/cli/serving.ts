import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Config, Environment } from '../config/index.js';
import type { Logger } from '../platform/telemetry/index.js';
import type { Deployment } from './deployment.js';
import { startServingProcess } from './serving-process.js';
import type { WorkerMessage, WorkerOptions, WorkerReady } from './worker-options.js';

/** One or several serving processes behind one port. */
export interface Serving {
  readonly url: string;
  readonly processes: readonly { readonly pid: number; readonly adminUrl: string }[];
  close(): Promise<void>;
}

type Database = Pick<Deployment, 'addresses' | 'secretKey'>;

const PORTS_TRIED = 20;
/** Of all processes together, where the port may be another one. */
const START_ATTEMPTS = 3;
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
  if (config.process.processes > 1) return await startWorkersAnywhere(config, deployment, log, defaults);
  const { url, adminUrl, close } = await startServingProcess(config, { ...deployment, processNumber: 1 });
  return { url, processes: [{ pid: process.pid, adminUrl }], close };
}

/** Between finding a port free and listening on it pass two seconds, in which somebody else may have taken it. */
async function startWorkersAnywhere(...options: Parameters<typeof startWorkers>): Promise<Serving> {
  const [{ http }, , log] = options;
  for (let attempt = 1; ; attempt++) {
    try {
      return await startWorkers(...options);
    } catch (err) {
      if (!http.portFallback || attempt === START_ATTEMPTS) throw err;
      log.warn({ err }, 'the serving processes did not start; trying once more');
    }
  }
}

/** Keeps the configured number of processes running until `close`: one that ends is replaced, for as long as it takes. */
async function startWorkers(
  config: Config,
  { addresses, secretKey }: Database,
  log: Logger,
  defaults: Environment,
): Promise<Serving> {
  cluster.setupPrimary({ exec: fileURLToPath(new URL('../main.js', import.meta.url)), args: ['worker'] });
  const httpPort = await freePort(config);
  const closing = new AbortController();
  const { signal } = closing;
  const workers = new Map<number, LaunchedWorker>();

  const launch = async (processNumber: number): Promise<WorkerReady['ready']> => {
    const launched = forkWorker(log);
    workers.set(processNumber, launched);
    return await hire(launched, {
      addresses,
      secretKey,
      processNumber,
      httpPort,
      adminPort: config.admin.port === 0 ? 0 : config.admin.port + processNumber - 1,
      portFallback: config.admin.portFallback,
      defaults,
    });
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
  const close = async () => {
    closing.abort();
    await Promise.all([...workers.values()].map((worker) => stop(worker, config.http.drainTimeoutMs + KILL_AFTER_MS)));
    await Promise.all(supervision);
  };
  try {
    const numbers = Array.from({ length: config.process.processes }, (_, index) => index + 1);
    const processes = await Promise.all(numbers.map(launch));
    supervision = numbers.map(keepRunning);
    return { url: processes[0]?.url ?? '', processes, close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface LaunchedWorker {
  readonly worker: Worker;
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

function forkWorker(log: Logger): LaunchedWorker {
  const worker = cluster.fork();
  // A message to a process that is gone; its exit is what counts.
  worker.on('error', (err) => log.warn({ err }, 'a serving process could not be told something'));
  const exited = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    worker.once('exit', (code: number | null, signal: string | null) => resolve({ code, signal }));
  });
  return { worker, exited };
}

/** Gives a process its options and waits until it serves. Throws, and ends the process, when it does not. */
async function hire({ worker, exited }: LaunchedWorker, options: WorkerOptions): Promise<WorkerReady['ready']> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise((resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`it was not ready within ${READY_MS} ms`)), READY_MS);
      void exited.then(({ code, signal }) => reject(new Error(`a serving process ended with ${signal ?? code}`)));
      worker.on('message', (message: WorkerMessage) => {
        // What is sent before it listens would be lost.
        if ('asksForOptions' in message) worker.send(options);
        else resolve(message.ready);
      });
    });
  } catch (error) {
    worker.process.kill('SIGKILL');
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function stop({ worker, exited }: LaunchedWorker, deadlineMs: number): Promise<void> {
  worker.process.kill('SIGTERM');
  const timer = setTimeout(() => worker.process.kill('SIGKILL'), deadlineMs);
  await exited;
  clearTimeout(timer);
}

/** Workers would each fall back to a port of their own: the first process looks for one that is free. */
async function freePort({ http }: Config): Promise<number> {
  for (let offset = 0; ; offset++) {
    const server = createServer();
    try {
      server.listen(http.port === 0 ? 0 : http.port + offset, http.host);
      await once(server, 'listening');
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('no port');
      return address.port;
    } catch (error) {
      const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (!taken || !http.portFallback || offset === PORTS_TRIED) throw error;
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  }
}
