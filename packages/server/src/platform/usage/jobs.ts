import type { MaintenanceJob } from '../maintenance/index.js';
import { purgeActiveUsers, purgeUsage } from './queries.js';

const HOUR_MS = 3_600_000;

/** What is too old. @param batch rows of one run */
export const usageJobs = (batch: number): MaintenanceJob[] => [
  { name: 'purge-usage', everyMs: HOUR_MS, run: (system) => system.run(purgeUsage, { limit: batch }), batch },
  {
    name: 'purge-active-users',
    everyMs: HOUR_MS,
    run: (system) => system.run(purgeActiveUsers, { limit: batch }),
    batch,
  },
];
