import { createNova } from '../app.js';
import type { Config } from '../config/index.js';
import { createLogger, createMetrics, createTracing } from '../platform/telemetry/index.js';
import { errorCatalogue } from '../registry.js';
import type { RunningServer, ServeOptions } from '../serve.js';
import type { DatabaseAddresses } from './deployment.js';
import { novaVersion } from './version.js';

/**
 * A whole serving process: Nova, its background work, and the transports in front.
 * @param serve how its connections reach it: by listening, or from another process
 * @returns the server; to close it closes all
 */
export async function startServingProcess<Server extends RunningServer>(
  config: Config,
  { addresses, secretKey, processNumber }: { addresses: DatabaseAddresses; secretKey: string; processNumber: number },
  serve: (options: ServeOptions) => Promise<Server>,
): Promise<Server> {
  const version = novaVersion();
  const log = createLogger(config, { processId: processNumber });
  const metrics = createMetrics({ processId: processNumber, version });
  const tracing = await createTracing(config, { onExportError: (err) => log.warn({ err }, 'traces were not taken') });
  const nova = createNova({ config, addresses, secretKey, log, metrics, tracing });
  const closeNova = async () => {
    await nova.close();
    await tracing.close();
    metrics.close();
  };
  try {
    await nova.open();
    nova.start();
    const server = await serve({ nova, config, catalogue: errorCatalogue(), version, log, metrics, tracing });
    const { close } = server;
    return Object.assign(server, {
      async close() {
        await close();
        await closeNova();
      },
    });
  } catch (error) {
    await closeNova();
    throw error;
  }
}
