import path from 'node:path';
import type { Config } from '../config/index.js';
import { DataDirectoryInUse, defaultDataDirectory } from '../platform/postgres/index.js';
import type { Logger } from '../platform/telemetry/index.js';
import { type Deployment, openDeployment } from './deployment.js';

/** More demos at a time than anybody watches. */
const MAX_DEMOS = 20;

/** A database for a demo: of its own, also when other demos run on this machine. */
export async function openDemoDeployment(config: Config, log: Logger): Promise<Deployment> {
  if (config.database.url !== undefined) return await openDeployment(config, log, { join: false });
  const parent =
    config.database.dataDir ?? defaultDataDirectory({ cwd: process.cwd(), uid: process.geteuid?.() ?? -1 });
  for (let number = 1; ; number++) {
    const dataDir = path.join(parent, number === 1 ? 'demo' : `demo-${number}`);
    try {
      return await openDeployment({ ...config, database: { ...config.database, dataDir } }, log, { join: false });
    } catch (error) {
      if (!(error instanceof DataDirectoryInUse) || number === MAX_DEMOS) throw error;
    }
  }
}
