import { once } from 'node:events';
import { defineCommand } from 'citty';
import { type Config, loadConfig, readEnvironment } from '../config/index.js';
import { run } from './run.js';
import { startServingProcess } from './serving-process.js';
import type { WorkerAsks, WorkerOptions, WorkerReady } from './worker-options.js';

/** One of several serving processes; started by `nova start --processes N` and by nobody else. */
export const worker = defineCommand({
  meta: { name: 'worker', description: 'A serving process of `nova start`', hidden: true },
  run: async () => {
    await run(async () => {
      if (process.send === undefined) throw new Error('`nova worker` is started by `nova start --processes N`');
      const given = once(process, 'message');
      process.send({ asksForOptions: true } satisfies WorkerAsks);
      const [options] = (await given) as [WorkerOptions];
      const server = await startServingProcess(configOf(options), options);
      const ready: WorkerReady = { ready: { url: server.url, adminUrl: server.adminUrl, pid: process.pid } };
      process.send(ready);
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
    });
    // The channel to the first process would keep one alive that could not start.
    if (process.exitCode !== undefined) process.exit();
  },
});

function configOf({ httpPort, adminPort, portFallback, defaults }: WorkerOptions): Config {
  const config = loadConfig({ ...defaults, ...readEnvironment() });
  return {
    ...config,
    http: { ...config.http, port: httpPort, portFallback: false },
    admin: { ...config.admin, port: adminPort, portFallback },
  };
}
