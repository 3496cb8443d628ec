export { USAGE_COUNTERS, type UsageCounter } from './counters.js';
export { usageJobs } from './jobs.js';
export { createPeriodicFlush, type PeriodicFlush } from './periodic-flush.js';
export * as usageQueries from './queries.js';
export { createUsageMeter, type UsageMeter } from './usage-meter.js';
