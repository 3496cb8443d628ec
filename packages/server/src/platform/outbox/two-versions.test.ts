import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  createTestTables,
  effectsOf,
  newTenant,
  type OutboxProcess,
  query,
  recording,
  startOutboxProcess,
} from '../../testing/outbox-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.js';

let database: TestDatabase;
const processes: OutboxProcess[] = [];
const start = async (types: readonly string[], onHandled: () => void | Promise<void> = () => {}) => {
  const consumer = recording('grown', types, async () => await onHandled());
  const started = await startOutboxProcess(database, [consumer], { deps: { pollMs: 20 } });
  processes.push(started);
  return started;
};

beforeAll(async () => {
  database = await createTestDatabase();
  await createTestTables(database);
});
afterEach(async () => {
  for (const running of processes.splice(0)) await running.close();
  await query(
    database.superuserUrl,
    'truncate nova.outbox, nova.outbox_offsets, nova.outbox_set_aside, nova.test_effects',
  );
});
afterAll(async () => {
  await database.drop();
});

const soon = { timeout: 15_000, interval: 10 };
const heard = async () => (await effectsOf(database, 'grown')).map((effect) => effect.n);
const waitsForLock = async () =>
  (
    await query(
      database.superuserUrl,
      "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    )
  ).length > 0;
const statusOf = async ({ consumers }: OutboxProcess) => (await consumers.status()).consumers[0];
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

/** Seeded bug that turns this red: a place that belongs to the consumer's name, whatever types it was moved for. */
describe('a version whose consumer wants one more type, beside the version before (I13)', () => {
  it('misses none of its events, however the two take turns', async () => {
    let handledBefore = 0;
    const before = await start(['old'], () => {
      handledBefore += 1;
    });
    const tenantId = newTenant();
    await before.emit(tenantId, [{ type: 'old', key: 'k', n: 0 }]);
    await expect.poll(heard, soon).toEqual([0]);
    const after = await start(['old', 'new']);
    for (let n = 1; n < 40; n += 2) {
      const events = ['new', 'old'].map((type, index) => ({ type, key: 'k', n: n + index }));
      await (n % 4 === 1 ? before : after).emit(tenantId, events);
    }
    await expect.poll(heard, soon).toEqual(upTo(41));
    expect(handledBefore).toBe(1);
  });

  it('waits for the transaction in which the version before moves its place', async () => {
    let goOn = () => {};
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let reached = false;
    const before = await start(['old'], async () => {
      reached = true;
      await held;
    });
    const tenantId = newTenant();
    await before.emit(tenantId, [{ type: 'old', key: 'k', n: 0 }]);
    await expect.poll(() => reached, soon).toBe(true);
    let known = false;
    const after = start(['old', 'new']).then((started) => {
      known = true;
      return started;
    });
    await expect.poll(waitsForLock, soon).toBe(true);
    expect(known).toBe(false);
    goOn();
    await (await after).emit(tenantId, [{ type: 'new', key: 'k', n: 1 }]);
    await expect.poll(heard, soon).toEqual([0, 1]);
  });

  it('leaves it waiting when it goes for good, until an operator says so', async () => {
    const after = await start(['old', 'new']);
    const tenantId = newTenant();
    await after.emit(tenantId, [{ type: 'old', key: 'k', n: 0 }]);
    await expect.poll(heard, soon).toEqual([0]);
    await after.consumers.stop();
    const before = await start(['old']);
    await before.emit(tenantId, [{ type: 'old', key: 'k', n: 1 }]);
    expect(await statusOf(before)).toMatchObject({ known: true, unknownTypes: ['new'], behind: 1 });
    await expect(before.consumers.forgetType('grown', 'old')).rejects.toMatchObject({ code: 'invalid_request' });
    expect(await before.consumers.forgetType('grown', 'newer')).toBe(false);
    expect(await heard()).toEqual([0]);
    expect(await before.consumers.forgetType('grown', 'new')).toBe(true);
    await expect.poll(heard, soon).toEqual([0, 1]);
    expect(await statusOf(before)).toMatchObject({ unknownTypes: [] });
  });
});
