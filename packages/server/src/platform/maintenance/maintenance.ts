import type { Database, SystemHandle } from '../db/index.js';
import type { Logger } from '../telemetry/index.js';
import { tryLockJob } from './queries.js';
import { systemTimers, type Timers } from './timers.js';

/** Periodic work across tenants, a bounded amount at a time. */
export interface MaintenanceJob {
  /** Names its lock: equal in all processes. */
  readonly name: string;
  /** In ms; each process keeps its own time, up to 10 % off. */
  readonly everyMs: number;
  /**
   * One batch, in one transaction that no other process has at the same time. Returns how many rows it changed,
   * or nothing. Ends within 30 s, better within one: a long write holds the outbox back.
   */
  run(system: SystemHandle): Promise<number> | Promise<void>;
  /** A run that changed this many rows is followed by another in a moment. Default: never. */
  readonly batch?: number;
}

export interface MaintenanceDeps {
  readonly database: Pick<Database, 'systemTransaction'>;
  readonly jobs: readonly MaintenanceJob[];
  readonly log: Pick<Logger, 'warn'>;
  readonly clock?: Timers;
}

export interface Maintenance {
  start(): void;
  /** Waits for the job that is under way. */
  stop(): Promise<void>;
}

const JOB_TIMEOUT_MS = 30_000;
/** Jobs of a day would never run in a process that lives for hours: the first run comes sooner. */
const FIRST_WITHIN_MS = 60_000;
/** Leaves room for others between two batches. */
const BETWEEN_BATCHES_MS = 100;

/** Runs jobs now and then, one at a time in this process and each in one process at a time. */
export function createMaintenance({ database, jobs, log, clock = systemTimers }: MaintenanceDeps): Maintenance {
  const names = jobs.map((job) => job.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`maintenance job ${twice} is declared twice`);

  const pending = new Map<string, () => void>();
  let underWay: Promise<void> = Promise.resolve();
  let running = false;

  const schedule = (job: MaintenanceJob, delayMs: number) => {
    const cancel = clock.after(delayMs, () => {
      pending.delete(job.name);
      underWay = underWay.then(async () => {
        if (!running) return;
        const more = await runOnce(database, job, log);
        if (!running) return;
        schedule(job, more ? BETWEEN_BATCHES_MS : job.everyMs * (0.9 + clock.random() * 0.2));
      });
    });
    pending.set(job.name, cancel);
  };

  return {
    start() {
      if (running) return;
      running = true;
      for (const job of jobs) schedule(job, Math.min(job.everyMs, FIRST_WITHIN_MS) * clock.random());
    },
    async stop() {
      running = false;
      for (const cancel of pending.values()) cancel();
      pending.clear();
      await underWay;
    },
  };
}

/** @returns whether there may be more to do at once */
async function runOnce(
  database: MaintenanceDeps['database'],
  job: MaintenanceJob,
  log: MaintenanceDeps['log'],
): Promise<boolean> {
  try {
    return await database.systemTransaction(async (system) => {
      const lock = await system.row(tryLockJob, { job: job.name });
      if (lock?.locked !== true) return false;
      const changed = await job.run(system);
      return job.batch !== undefined && typeof changed === 'number' && changed >= job.batch;
    }, JOB_TIMEOUT_MS);
  } catch (err) {
    log.warn({ err, job: job.name }, 'maintenance job failed');
    return false;
  }
}
