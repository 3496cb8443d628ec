import { createNova, errorCatalogue, type Nova } from '../app.js';
import type { Config } from '../config/index.js';
import { createLogger, createMetrics, createTracing, type Logger } from '../platform/telemetry/index.js';
import { type RunningServer, serve } from '../serve.js';
import type { DatabaseAddresses } from './deployment.js';
import { novaVersion } from './version.js';

export interface ServingProcess extends Pick<RunningServer, 'url' | 'adminUrl'> {
  readonly nova: Nova;
  readonly log: Logger;
  /** Ends in good order (I14). */
  close(): Promise<void>;
}

/** A whole serving process: Nova, its background work, and the transports in front. */
export async function startServingProcess(
  config: Config,
  { addresses, secretKey, processNumber }: { addresses: DatabaseAddresses; secretKey: string; processNumber: number },
): Promise<ServingProcess> {
  const version = novaVersion();
  const log = createLogger(config, { processId: processNumber });
  const metrics = createMetrics({ processId: processNumber, version });
  const tracing = await createTracing(config, { onExportError: (err) => log.warn({ err }, 'traces were not taken') });
  const nova = createNova({ config, addresses, secretKey, log, metrics });
  const closeNova = async () => {
    await nova.close();
    await tracing.close();
    metrics.close();
  };
  try {
    await nova.open();
    nova.start();
    const server = await serve({ nova, config, catalogue: errorCatalogue(), version, log, metrics, tracing });
    return {
      nova,
      log,
      url: server.url,
      adminUrl: server.adminUrl,
      async close() {
        await server.close();
        await closeNova();
      },
    };
  } catch (error) {
    await closeNova();
    throw error;
  }
}
