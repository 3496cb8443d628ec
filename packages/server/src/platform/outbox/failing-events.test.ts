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
import { pg, writeQuery } from '../db/index.js';
import { Breaker } from '../resilience/breaker.js';
import type { Consumer } from './consumer.js';
import { retryDelayMs } from './retry-delay.js';

let database: TestDatabase;
const processes: OutboxProcess[] = [];
const retryDelaysMs = [10, 10, 10, 10, 10];
const start = async (consumers: readonly Consumer[], deps = {}) => {
  const started = await startOutboxProcess(database, consumers, {
    deps: { pollMs: 20, retryDelaysMs, ...deps },
  });
  processes.push(started);
  return started;
};

beforeAll(async () => {
  database = await createTestDatabase();
  await createTestTables(database);
});
afterEach(async () => {
  for (const running of processes.splice(0)) await running.close();
  await query(database.superuserUrl, 'truncate nova.outbox, nova.outbox_offsets, nova.outbox_set_aside');
});
afterAll(async () => {
  await database.drop();
});

const soon = { timeout: 15_000, interval: 10 };
const heard = async (name: string) => (await effectsOf(database, name)).map(({ key, n }) => `${key}${n}`);
const asideOf = (name: string) =>
  query<{ event: string; attempts: number; error: string; due: boolean }>(
    database.superuserUrl,
    `select key || (payload->>'n') as event, attempts, error, retry_at is not null as due
     from nova.outbox_set_aside where consumer = $1 order by tenant_id, key, xid, event_id`,
    [name],
  );
const divideByZero = writeQuery({
  name: 'test.divideByZero',
  params: { by: pg.int4 },
  row: { result: pg.int4 },
  sql: 'select 1 / :by::int as result',
});

describe('a poison event', () => {
  it('is retried five times and given up; its key waits in order, others go on; released, all follow in order', async () => {
    let poisonous = true;
    let tries = 0;
    const running = await start([
      recording('poisoned', ['thing'], async (tx, event) => {
        // An effect before the failure must not stay.
        if (event.key !== 'a' || event.payload['n'] !== 3) return;
        tries += 1;
        if (poisonous) await tx.row(divideByZero, { by: 0 });
      }),
    ]);
    const [tenantId, other] = [newTenant(), newTenant()];
    const things = (count: number) =>
      Array.from({ length: count }, (_, n) => ['a', 'b'].map((key) => ({ type: 'thing', key, n }))).flat();
    await running.emit(tenantId, things(6));
    await running.emit(other, [{ type: 'thing', key: 'a', n: 9 }]);
    await expect
      .poll(() => asideOf('poisoned'), soon)
      .toEqual([
        { event: 'a3', attempts: 6, error: expect.stringContaining('division by zero'), due: false },
        { event: 'a4', attempts: 0, error: '', due: false },
        { event: 'a5', attempts: 0, error: '', due: false },
      ]);
    // Once together with others, once alone, five retries.
    expect(tries).toBe(7);
    await expect
      .poll(() => heard('poisoned'), soon)
      .toEqual(['a0', 'b0', 'a1', 'b1', 'a2', 'b2', 'b3', 'b4', 'b5', 'a9']);
    await running.emit(tenantId, [
      { type: 'thing', key: 'a', n: 6 },
      { type: 'thing', key: 'b', n: 6 },
    ]);
    await expect.poll(async () => (await heard('poisoned')).at(-1), soon).toBe('b6');
    expect((await asideOf('poisoned')).map((row) => row.event)).toEqual(['a3', 'a4', 'a5', 'a6']);
    const health = await running.consumers.health();
    expect(health).toMatchObject({ level: 'WARNING', consumers: [{ setAside: 4, givenUp: 1 }] });

    expect(await running.consumers.retrySetAside({ consumer: 'another' })).toBe(0);
    expect(await running.consumers.retrySetAside({ consumer: 'poisoned' })).toBe(1);
    await expect.poll(async () => (await asideOf('poisoned'))[0]?.attempts, soon).toBe(6);
    poisonous = false;
    expect(await running.consumers.retrySetAside()).toBe(1);
    await expect.poll(() => asideOf('poisoned'), soon).toEqual([]);
    expect((await heard('poisoned')).slice(-4)).toEqual(['a3', 'a4', 'a5', 'a6']);
    await running.emit(tenantId, [{ type: 'thing', key: 'a', n: 7 }]);
    await expect.poll(async () => (await heard('poisoned')).at(-1), soon).toBe('a7');
  });

  it('comes through by itself when a retry works', async () => {
    let failures = 0;
    const running = await start([
      recording('flaky', ['thing'], async (_, event) => {
        if (event.payload['n'] === 1 && failures < 4) {
          failures += 1;
          throw new Error('not now');
        }
      }),
    ]);
    await running.emit(
      newTenant(),
      [0, 1, 2].map((n) => ({ type: 'thing', key: 'k', n })),
    );
    await expect.poll(() => heard('flaky'), soon).toEqual(['k0', 'k1', 'k2']);
    expect(await asideOf('flaky')).toEqual([]);
  });

  it('may be every second one', async () => {
    const running = await start(
      [
        recording('every second', ['thing'], async (_, event) => {
          if (Number(event.payload['n']) % 2 === 1) throw new Error('odd');
        }),
      ],
      { retryDelaysMs: [] },
    );
    await running.emit(
      newTenant(),
      Array.from({ length: 60 }, (_, n) => ({ type: 'thing', key: `k${n}-`, n })),
    );
    await expect.poll(async () => (await asideOf('every second')).length, soon).toBe(30);
    expect(await heard('every second')).toEqual(Array.from({ length: 30 }, (_, n) => `k${2 * n}-${2 * n}`));
  });

  it('is one whose handler swallows an error of the database: nothing of it is kept', async () => {
    const running = await start([
      recording('swallowing', ['thing'], async (tx, event) => {
        if (event.payload['n'] === 1) await tx.row(divideByZero, { by: 0 }).catch(() => {});
      }),
    ]);
    await running.emit(
      newTenant(),
      [0, 1, 2].map((n) => ({ type: 'thing', key: `k${n}-`, n })),
    );
    await expect.poll(async () => (await asideOf('swallowing'))[0]?.attempts, soon).toBe(6);
    expect(await heard('swallowing')).toEqual(['k0-0', 'k2-2']);
  });

  it('is one that takes too long: others go on', async () => {
    const running = await start(
      [
        recording('slow', ['thing'], async (_, event) => {
          if (event.payload['n'] === 1) await new Promise(() => {});
        }),
      ],
      { timeoutMs: 150, retryDelaysMs: [] },
    );
    await running.emit(
      newTenant(),
      [0, 1, 2].map((n) => ({ type: 'thing', key: `k${n}-`, n })),
    );
    await expect.poll(() => heard('slow'), soon).toEqual(['k0-0', 'k2-2']);
    expect(await asideOf('slow')).toMatchObject([{ event: 'k1-1', attempts: 1, due: false }]);
  });
});

describe('too many set aside', () => {
  it('stops the consumer until some are handled', async () => {
    await query(
      database.superuserUrl,
      `insert into nova.outbox_set_aside
         (tenant_id, consumer, event_id, xid, type, key, payload, created_at, attempts, error)
       select $1, 'full', -n, '5', 'thing', 'old' || n, '{}', now(), 6, 'failed' from generate_series(1, 10000) n`,
      [newTenant()],
    );
    const running = await start([recording('full', ['thing']), recording('spectator', ['thing'])]);
    await running.emit(newTenant(), [{ type: 'thing', key: 'new', n: 1 }]);
    await expect.poll(() => heard('spectator'), soon).toEqual(['new1']);
    expect(await heard('full')).toEqual([]);
    expect(await running.consumers.health()).toMatchObject({ level: 'CRITICAL' });
    await query(database.superuserUrl, 'delete from nova.outbox_set_aside where event_id < -100');
    await expect.poll(() => heard('full'), soon).toEqual(['new1']);
  });
});

describe('an outage', () => {
  it('is not the fault of the events: none is set aside, all are handled after it', async () => {
    const breaker = new Breaker({ name: 'database', failures: 2, openMs: 100 });
    const running = await startOutboxProcess(database, [recording('patient', ['thing'])], {
      deps: { pollMs: 20, retryDelaysMs: [] },
      database: { breaker },
    });
    processes.push(running);
    const tenantId = newTenant();
    const total = 40;
    for (let n = 0; n < total; n += 1) {
      await expect
        .poll(
          async () =>
            await running.emit(tenantId, [{ type: 'thing', key: 'k', n }]).then(
              () => true,
              () => false,
            ),
          soon,
        )
        .toBe(true);
      if (n % 10 === 5) {
        await query(
          database.superuserUrl,
          "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename in ('nova_app', 'nova_system')",
        );
      }
    }
    await expect.poll(async () => (await heard('patient')).at(-1), soon).toBe(`k${total - 1}`);
    const distinct = new Set(await heard('patient'));
    expect(distinct.size).toBe(total);
    expect(await query(database.superuserUrl, 'select from nova.outbox_set_aside')).toEqual([]);
  });
});

describe('the delay before a retry', () => {
  it('grows, varies and ends', () => {
    for (let tries = 0; tries < 100; tries += 1) {
      expect(retryDelayMs(1, [100])).toBeGreaterThanOrEqual(75);
      expect(retryDelayMs(1, [100])).toBeLessThan(125);
    }
    expect(retryDelayMs(2, [100])).toBeNull();
  });
});
