import type { Socket } from 'node:net';
import { defineCommand } from 'citty';
import { type Config, loadConfig, readEnvironment } from '../config/index.js';
import { type ReceivingServer, serveOthers } from '../serve.js';
import { run } from './run.js';
import { startServingProcess } from './serving-process.js';
import type { MessageFromWorker, MessageToWorker, WorkerOptions } from './worker-messages.js';

/** One of several serving processes; started by `nova start --processes N` and by nobody else. */
export const worker = defineCommand({
  meta: { name: 'worker', description: 'A serving process of `nova start`', hidden: true },
  run: async () => {
    await run(async () => {
      if (process.send === undefined) throw new Error('`nova worker` is started by `nova start --processes N`');
      const options = await receiveOptions();
      const server = await startServingProcess(configOf(options), options, serveOthers);
      process.on('message', (message: MessageToWorker, socket?: Socket) => {
        if ('connection' in message) take(server, socket);
        else if ('becomeUnready' in message) server.becomeUnready();
      });
      let closing: Promise<void> | undefined;
      const close = () => {
        closing ??= server.close().then(() => process.disconnect?.());
      };
      process.once('SIGTERM', close);
      process.once('SIGINT', close);
      // The first process is gone without a word: so is the embedded database.
      process.once('disconnect', () => {
        close();
        void closing?.finally(() => process.exit(0));
      });
      tell({ ready: { adminUrl: server.adminUrl } });
    });
    // The channel to the first process would keep one alive that could not start.
    if (process.exitCode !== undefined) process.exit();
  },
});

async function receiveOptions(): Promise<WorkerOptions> {
  return await new Promise((resolve) => {
    process.once('message', (message: MessageToWorker) => {
      if ('options' in message) resolve(message.options);
    });
    tell({ asksForOptions: true });
  });
}

function tell(message: MessageFromWorker): void {
  if (process.connected) process.send?.(message);
}

/** Nothing is read from the connection before the answer is on its way: who has died without one has read nothing. */
function take(server: ReceivingServer, socket: Socket | undefined): void {
  // Without a socket its client has gone meanwhile, which no other process needs to see.
  const taken = socket === undefined || server.take(socket);
  tell({ connection: taken ? 'taken' : 'refused' });
  if (!taken) socket.destroy();
}

function configOf({ adminPort, portFallback, defaults }: WorkerOptions): Config {
  const config = loadConfig({ ...defaults, ...readEnvironment() });
  return { ...config, admin: { ...config.admin, port: adminPort, portFallback } };
}
