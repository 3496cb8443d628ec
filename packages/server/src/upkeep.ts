import {
  purgeDeletedPosts,
  purgePreviews,
  repairHashtagUsage,
  repairLikeCounts,
  repairPolls,
  sampleLikeDrift,
  samplePollDrift,
} from './domains/content/index.js';
import { purgeFeedSessions, purgePopularPosts, repairPopularPosts } from './domains/feed/index.js';
import {
  purgeMutes,
  purgeRelationChanges,
  repairGraphCounts,
  repairListCounts,
  sampleGraphDrift,
  sampleListDrift,
} from './domains/graph/index.js';
import {
  purgeAccountTokens,
  purgeEndedSessions,
  purgePrincipalChanges,
  purgeRevocations,
  rebuildRoles,
} from './domains/identity/index.js';
import type { Database, SystemHandle } from './platform/db/index.js';
import { idempotencyQueries } from './platform/idempotency/index.js';
import type { MaintenanceJob } from './platform/maintenance/index.js';
import { purgeOutbox } from './platform/outbox/index.js';
import type { Metrics } from './platform/telemetry/index.js';
import { purgeClosedTenants } from './platform/tenant-transfer/index.js';
import { usageJobs } from './platform/usage/index.js';

export type Repair = (signal: AbortSignal) => Promise<{ checked: number; repaired: number }>;

/** Recompute what is kept beside its cause, by name. */
export function repairsOf(database: Database): Readonly<Record<string, Repair>> {
  return {
    follows: (signal) => repairGraphCounts(database, signal),
    lists: (signal) => repairListCounts(database, signal),
    likes: (signal) => repairLikeCounts(database, signal),
    hashtags: (signal) => repairHashtagUsage(database, signal),
    polls: (signal) => repairPolls(database, signal),
    popular: (signal) => repairPopularPosts(database, signal),
    roles: (signal) => rebuildRoles(database, signal),
  };
}

const HOUR_MS = 3_600_000;
/** Rows a run: a lock held for tens of milliseconds. What is left waits for the next run. */
const PURGE_ROWS = 5_000;

/** Rows whose stored counts are recomputed in a sample. */
const DRIFT_SAMPLE = 200;

/** What is purged, and which counts are sampled for drift. */
export function maintenanceJobs(metrics: Metrics): readonly MaintenanceJob[] {
  return [
    ...PURGES,
    {
      name: 'sample-counts',
      everyMs: HOUR_MS / 6,
      async run(system) {
        const inJob = { systemTransaction: <T>(work: (handle: SystemHandle) => Promise<T>) => work(system) };
        for (const [count, sample] of Object.entries({
          follows: sampleGraphDrift,
          lists: sampleListDrift,
          likes: sampleLikeDrift,
          polls: samplePollDrift,
        })) {
          const { sampled, drifting } = await sample(inJob, DRIFT_SAMPLE);
          metrics.recordCountDrift(count, sampled, drifting);
        }
      },
    },
  ];
}

const PURGES: readonly MaintenanceJob[] = [
  {
    name: 'purge-idempotency-keys',
    everyMs: HOUR_MS / 6,
    run: (system) => system.run(idempotencyQueries.purgeExpired, { limit: PURGE_ROWS }),
    batch: PURGE_ROWS,
  },
  {
    name: 'purge-sessions',
    everyMs: HOUR_MS / 6,
    run: (system) => system.run(purgeEndedSessions, { limit: PURGE_ROWS }),
    batch: PURGE_ROWS,
  },
  {
    name: 'purge-revocations',
    everyMs: HOUR_MS / 6,
    run: (system) => system.run(purgeRevocations, { limit: PURGE_ROWS }),
    batch: PURGE_ROWS,
  },
  {
    name: 'purge-principal-changes',
    everyMs: HOUR_MS / 6,
    run: (system) => system.run(purgePrincipalChanges, { limit: PURGE_ROWS }),
    batch: PURGE_ROWS,
  },
  {
    name: 'purge-account-tokens',
    everyMs: HOUR_MS / 6,
    run: (system) => system.run(purgeAccountTokens, { limit: PURGE_ROWS }),
    batch: PURGE_ROWS,
  },
  {
    name: 'purge-posts',
    everyMs: HOUR_MS,
    run: (system) => system.run(purgeDeletedPosts, { limit: PURGE_ROWS }),
    batch: PURGE_ROWS,
  },
  {
    name: 'purge-relation-changes',
    everyMs: HOUR_MS / 6,
    run: (system) => system.run(purgeRelationChanges, { limit: PURGE_ROWS }),
    batch: PURGE_ROWS,
  },
  {
    name: 'purge-mutes',
    everyMs: HOUR_MS,
    run: (system) => system.run(purgeMutes, { limit: PURGE_ROWS }),
    batch: PURGE_ROWS,
  },
  {
    name: 'purge-link-previews',
    everyMs: HOUR_MS,
    run: (system) => system.run(purgePreviews, { limit: PURGE_ROWS }),
    batch: PURGE_ROWS,
  },
  {
    name: 'purge-feed-sessions',
    everyMs: HOUR_MS / 12,
    run: (system) => purgeFeedSessions(system, PURGE_ROWS),
    batch: PURGE_ROWS,
  },
  {
    name: 'purge-popular-posts',
    everyMs: HOUR_MS,
    run: (system) => purgePopularPosts(system, PURGE_ROWS),
    batch: PURGE_ROWS,
  },
  {
    name: 'purge-tenants',
    everyMs: HOUR_MS / 60,
    run: (system) => purgeClosedTenants(system, PURGE_ROWS),
    batch: PURGE_ROWS,
  },
  ...usageJobs(PURGE_ROWS),
  { name: 'purge-outbox', everyMs: HOUR_MS / 12, run: (system) => purgeOutbox(system, PURGE_ROWS), batch: PURGE_ROWS },
];
