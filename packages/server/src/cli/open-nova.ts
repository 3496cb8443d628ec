import { fileURLToPath } from 'node:url';
import { createNova, type Nova } from '../app.js';
import { type Config, loadConfig, readEnvironment } from '../config/index.js';
import { COMMAND_CONNECTIONS } from '../platform/db/index.js';
import { migrateUp } from '../platform/migrations/index.js';
import { createLogger, createMetrics, type Logger } from '../platform/telemetry/index.js';
import { type Deployment, openDeployment } from './deployment.js';

/** Holds `platform/` and `domains/` with their migrations, in the sources as in the build. */
export const MIGRATIONS_ROOT = fileURLToPath(new URL('..', import.meta.url));

export interface CommandContext {
  readonly config: Config;
  readonly log: Logger;
  readonly deployment: Deployment;
}

/** Gives a command the configured database, started or joined as needed and migrated, and closes it again. */
export async function withDeployment<T>(work: (context: CommandContext) => Promise<T>): Promise<T> {
  const config = loadConfig(readEnvironment());
  const log = createLogger({ telemetry: { ...config.telemetry, logLevel: 'warn' } });
  const deployment = await openDeployment(config, log, { join: true });
  try {
    return await work({ config, log, deployment });
  } finally {
    await deployment.close();
  }
}

/** The same with Nova's domains on it: for commands that work on data. */
export async function withNova<T>(work: (nova: Nova, context: CommandContext) => Promise<T>): Promise<T> {
  return await withDeployment(async (context) => {
    const { config, log, deployment } = context;
    await migrateUp({ ownerUrl: deployment.addresses.owner, root: MIGRATIONS_ROOT, log });
    return await withNovaOn(config, deployment, (nova) => work(nova, context));
  });
}

/**
 * Nova's domains on a migrated database, without anything that runs in the background, and with no more connections
 * than the budget of a running server has left for it (R1).
 */
export async function withNovaOn<T>(
  config: Config,
  { addresses, secretKey }: Pick<Deployment, 'addresses' | 'secretKey'>,
  work: (nova: Nova) => Promise<T>,
): Promise<T> {
  const log = createLogger({ telemetry: { ...config.telemetry, logLevel: 'error' } });
  const metrics = createMetrics();
  const nova = createNova({
    config: { ...config, database: { ...config.database, ...COMMAND_CONNECTIONS } },
    addresses,
    secretKey,
    log,
    metrics,
  });
  try {
    await nova.open();
    return await work(nova);
  } finally {
    await nova.close();
    metrics.close();
  }
}
