import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeDatabase } from '../../testing/open-database.js';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.js';
import { type Database, pg, systemQuery } from '../db/index.js';
import { createMaintenance, type Maintenance, type MaintenanceJob } from './maintenance.js';
import type { Timers } from './timers.js';

/** Timers that fire when told to. */
class HandTimers implements Timers {
  readonly waiting: { delayMs: number; run: () => void }[] = [];
  random = () => 0.5;

  after(delayMs: number, run: () => void): () => void {
    const timer = { delayMs, run };
    this.waiting.push(timer);
    return () => void this.#remove(timer);
  }

  fire(): void {
    const timer = this.waiting[0];
    if (timer === undefined) throw new Error('no timer waits');
    this.#remove(timer);
    timer.run();
  }

  #remove(timer: { delayMs: number; run: () => void }): void {
    const index = this.waiting.indexOf(timer);
    if (index >= 0) this.waiting.splice(index, 1);
  }
}

const ping = systemQuery({
  name: 'test.currentUser',
  kind: 'read',
  params: {},
  row: { name: pg.text },
  sql: 'select current_user::text as name',
});

const openable = () => {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open: () => open(), opened };
};

let database: TestDatabase;
let db: Database;
let timers: HandTimers;
let made: Maintenance[];
let warnings: unknown[];

const maintain = (job: Omit<MaintenanceJob, 'name' | 'everyMs'>, clock: HandTimers = timers) => {
  const maintenance = createMaintenance({
    database: db,
    jobs: [{ name: 'test.job', everyMs: 3_600_000, ...job }],
    log: { warn: (fields: unknown) => void warnings.push(fields) },
    clock,
  });
  made.push(maintenance);
  maintenance.start();
  return maintenance;
};
const rescheduled = (clock: HandTimers = timers) =>
  expect.poll(() => clock.waiting.map((timer) => timer.delayMs), { timeout: 10_000, interval: 5 });

beforeAll(async () => {
  database = await createTestDatabase({ empty: true });
  db = makeDatabase(database);
});
beforeEach(() => {
  timers = new HandTimers();
  made = [];
  warnings = [];
});
afterEach(async () => {
  for (const maintenance of made) await maintenance.stop();
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

describe('maintenance', () => {
  it('runs a job across tenants, first within a minute, then at its time', async () => {
    const ran: unknown[] = [];
    maintain({
      run: async (system) => {
        ran.push((await system.row(ping, {}))?.name);
      },
    });
    expect(timers.waiting.map((timer) => timer.delayMs)).toEqual([30_000]);
    timers.fire();
    await rescheduled().toEqual([3_600_000]);
    expect(ran).toEqual(['nova_system']);
  });

  it('comes back in a moment while there is a batch to do', async () => {
    const left = [100, 100, 7];
    maintain({ batch: 100, run: async () => left.shift() ?? 0 });
    timers.fire();
    await rescheduled().toEqual([100]);
    timers.fire();
    await rescheduled().toEqual([100]);
    timers.fire();
    await rescheduled().toEqual([3_600_000]);
  });

  it('runs a job in one process at a time', async () => {
    const gate = openable();
    const started = openable();
    let elsewhere = 0;
    maintain({
      run: async () => {
        started.open();
        await gate.opened;
      },
    });
    timers.fire();
    await started.opened;
    const other = new HandTimers();
    maintain(
      {
        run: async () => {
          elsewhere += 1;
        },
      },
      other,
    );
    other.fire();
    await rescheduled(other).toEqual([3_600_000]);
    expect(elsewhere).toBe(0);
    gate.open();
    await rescheduled().toEqual([3_600_000]);
    other.fire();
    await rescheduled(other).toEqual([3_600_000]);
    expect(elsewhere).toBe(1);
  });

  it('reports a failure and goes on at the next time', async () => {
    let runs = 0;
    maintain({
      run: async () => {
        runs += 1;
        throw new Error('it broke');
      },
    });
    timers.fire();
    await rescheduled().toEqual([3_600_000]);
    timers.fire();
    await rescheduled().toEqual([3_600_000]);
    expect(runs).toBe(2);
    expect(warnings).toEqual([
      expect.objectContaining({ job: 'test.job', err: expect.objectContaining({ message: 'it broke' }) }),
      expect.objectContaining({ job: 'test.job' }),
    ]);
  });

  it('stops after the run that is under way, and starts no other', async () => {
    const gate = openable();
    const started = openable();
    let ended = false;
    const maintenance = maintain({
      run: async () => {
        started.open();
        await gate.opened;
        ended = true;
      },
    });
    timers.fire();
    await started.opened;
    const stopped = maintenance.stop();
    gate.open();
    await stopped;
    expect(ended).toBe(true);
    expect(timers.waiting).toEqual([]);
  });

  it('refuses two jobs of one name', () => {
    const job: MaintenanceJob = { name: 'twice', everyMs: 1_000, run: async () => 0 };
    expect(() => createMaintenance({ database: db, jobs: [job, job], log: { warn: () => {} } })).toThrow('twice');
  });
});
