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
import { createSilentLogger } from '../telemetry/index.js';
import type { StoredEvent } from './consumer.js';
import { createConsumers } from './consumers.js';
import { purgeOutbox } from './purge.js';

let database: TestDatabase;
const processes: OutboxProcess[] = [];
const start: typeof startOutboxProcess = async (...parameters) => {
  const started = await startOutboxProcess(...parameters);
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
const events = (type: string, count: number, keys = 3) =>
  Array.from({ length: count }, (_, n) => ({ type, key: `k${n % keys}`, n }));
const heard = async (name: string) => (await effectsOf(database, name)).map((effect) => effect.n);
const offsetOf = async (name: string) => {
  const [row] = await query<{ id: number }>(
    database.superuserUrl,
    'select id::int as id from nova.outbox_offsets where consumer = $1',
    [name],
  );
  return row?.id;
};

describe('consumers', () => {
  it('handle what was emitted, whole and in order, each within its tenant', async () => {
    const seen: StoredEvent[] = [];
    const running = await start(database, [
      recording('whole', ['thing.changed'], async (_, event) => void seen.push(event)),
    ]);
    const [one, other] = [newTenant(), newTenant()];
    const odd = { n: 1, text: 'quotes " \' \\ {,} NULL 🙂', list: [1, null], none: null };
    await running.db.transaction(
      one,
      async (tx) => {
        tx.emit({ type: 'thing.changed', key: 'a', payload: odd });
        tx.emit({ type: 'thing.changed', key: 'b', payload: { n: 2 } });
      },
      { correlationId: 'trace-1' },
    );
    await running.emit(other, [{ type: 'thing.changed', key: 'a', n: 3 }]);
    await expect.poll(() => heard('whole'), soon).toEqual([1, 2, 3]);
    expect((await effectsOf(database, 'whole')).map((effect) => effect.tenantId)).toEqual([one, one, other]);
    expect(seen[0]).toMatchObject({ tenantId: one, key: 'a', payload: odd, correlationId: 'trace-1' });
    expect(seen[0]?.createdAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(seen[2]).toMatchObject({ tenantId: other, correlationId: null });
  });

  it('are told: they do not wait for the next look', async () => {
    const running = await start(database, [recording('told', ['thing.changed'])], { deps: { pollMs: 3_600_000 } });
    await expect.poll(() => offsetOf('told'), soon).toBe(-1);
    for (let n = 0; n < 5; n += 1) {
      await running.emit(newTenant(), [{ type: 'thing.changed', key: 'k', n }]);
      await expect.poll(async () => (await heard('told')).at(-1), soon).toBe(n);
    }
  });

  it('look by themselves when nobody told them', async () => {
    const running = await start(database, [recording('untold', ['thing.changed'])], {
      database: { onEventsCommitted: () => {} },
    });
    await expect.poll(() => offsetOf('untold'), soon).toBe(-1);
    await running.emit(newTenant(), events('thing.changed', 10));
    await expect.poll(async () => (await heard('untold')).length, soon).toBe(10);
  });

  it('take more than a batch of several tenants, in bounded transactions', async () => {
    const [one, other] = [newTenant(), newTenant()];
    const [writer] = [await start(database, [])];
    for (const tenantId of [one, other, one]) await writer?.emit(tenantId, events('many', 330));
    const inMemory = { most: 0 };
    const perTransaction = new Map<unknown, number>();
    await start(database, [
      recording('many', ['many'], async (tx) => {
        const count = (perTransaction.get(tx.afterCommit) ?? 0) + 1;
        perTransaction.set(tx.afterCommit, count);
        inMemory.most = Math.max(inMemory.most, count);
      }),
    ]);
    await expect.poll(async () => (await heard('many')).length, soon).toBe(990);
    const order = (await effectsOf(database, 'many')).map((effect) => effect.eventId);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(inMemory.most).toBe(50);
  });

  it('pass events of other types, and move their place on', async () => {
    const running = await start(database, [recording('picky', ['wanted'])]);
    const tenantId = newTenant();
    await running.emit(tenantId, events('unwanted', 2_500));
    await running.emit(tenantId, [{ type: 'wanted', key: 'k', n: 7 }]);
    await running.emit(tenantId, events('unwanted', 10));
    await expect.poll(() => heard('picky'), soon).toEqual([7]);
    const [last] = await query<{ id: number }>(database.superuserUrl, 'select max(id)::int as id from nova.outbox');
    await expect.poll(() => offsetOf('picky'), soon).toBe(last?.id);
  });

  it('start at the oldest event or with now, once', async () => {
    const tenantId = newTenant();
    const writer = await start(database, []);
    await writer.emit(tenantId, [{ type: 'dated', key: 'k', n: 1 }]);
    const beginning = recording('from the beginning', ['dated']);
    const now = recording('from now', ['dated'], async () => {}, 'now');
    const first = await start(database, [beginning]);
    // Until then a transaction elsewhere may run that is older than the event, and "now" would begin before it.
    await expect.poll(() => heard('from the beginning'), soon).toEqual([1]);
    const second = await start(database, [now]);
    await expect.poll(() => offsetOf('from now'), soon).toBeDefined();
    await writer.emit(tenantId, [{ type: 'dated', key: 'k', n: 2 }]);
    await expect.poll(() => heard('from the beginning'), soon).toEqual([1, 2]);
    await expect.poll(() => heard('from now'), soon).toEqual([2]);
    await second.consumers.stop();
    await first.consumers.stop();
    await writer.emit(tenantId, [{ type: 'dated', key: 'k', n: 3 }]);
    await start(database, [beginning, now]);
    await expect.poll(() => heard('from the beginning'), soon).toEqual([1, 2, 3]);
    await expect.poll(() => heard('from now'), soon).toEqual([2, 3]);
  });

  it('may emit: the consequence carries the correlation id of its cause', async () => {
    const seen: StoredEvent[] = [];
    const running = await start(
      database,
      [
        recording('cause', ['cause'], async (tx, event) =>
          tx.emit({ type: 'consequence', key: event.key, payload: { n: Number(event.payload['n']) + 10 } }),
        ),
        recording('consequence', ['consequence'], async (_, event) => void seen.push(event)),
      ],
      { deps: { pollMs: 3_600_000 } },
    );
    await expect.poll(() => offsetOf('consequence'), soon).toBeDefined();
    const tenantId = newTenant();
    for (const correlationId of ['trace-1', 'trace-2']) {
      await running.db.transaction(
        tenantId,
        async (tx) => tx.emit({ type: 'cause', key: 'k', payload: { n: correlationId.length } }),
        { correlationId },
      );
    }
    await expect.poll(() => heard('consequence'), soon).toEqual([17, 17]);
    expect(seen.map((event) => event.correlationId)).toEqual(['trace-1', 'trace-2']);
  });

  it('stop after the transaction under way, and go on where they stopped', async () => {
    const tenantId = newTenant();
    const writer = await start(database, []);
    await writer.emit(tenantId, events('stoppable', 120, 1));
    let goOn = () => {};
    let reached = false;
    const running = await start(database, [
      recording('stoppable', ['stoppable'], async (_, event) => {
        if (event.payload['n'] !== 60) return;
        await new Promise<void>((resolve) => {
          goOn = resolve;
          reached = true;
        });
      }),
    ]);
    await expect.poll(() => reached, soon).toBe(true);
    const stopped = running.consumers.stop();
    goOn();
    await stopped;
    expect(await heard('stoppable')).toHaveLength(100);
    await start(database, [recording('stoppable', ['stoppable'])]);
    await expect.poll(() => heard('stoppable'), soon).toEqual(Array.from({ length: 120 }, (_, n) => n));
  });

  it('are refused when two have one name', () => {
    const consumer = recording('twice', ['t']);
    const deps = { consumers: [consumer, consumer] } as never;
    expect(() => createConsumers(deps)).toThrow('twice');
  });
});

describe('storing events', () => {
  it('refuses a payload that is no reference but content', async () => {
    const running = await start(database, []);
    const big = running.db.transaction(newTenant(), async (tx) =>
      tx.emit({ type: 'big', key: 'k', payload: { text: 'x'.repeat(70_000) } }),
    );
    await expect(big).rejects.toThrow('payload of big is too large');
    expect(await query(database.superuserUrl, 'select from nova.outbox')).toHaveLength(0);
  });
});

describe('purging', () => {
  const count = async () => (await query(database.superuserUrl, 'select from nova.outbox')).length;

  it('takes old events that every known consumer has passed, oldest first and no more than asked', async () => {
    const running = await start(database, [recording('fast', ['purged'])]);
    const system = running.db.system;
    await running.emit(newTenant(), events('purged', 30));
    await expect.poll(async () => (await heard('fast')).length, soon).toBe(30);
    await query(
      database.superuserUrl,
      `insert into nova.outbox_offsets (consumer, xid, id)
       select 'slow', xid, id from nova.outbox order by xid, id offset 9 limit 1`,
    );
    expect(await purgeOutbox(system)).toBe(0);
    await query(database.superuserUrl, "update nova.outbox set created_at = now() - interval '25 hours'");
    expect(await purgeOutbox(system, 4)).toBe(4);
    expect(await purgeOutbox(system, 1_000)).toBe(6);
    expect(await purgeOutbox(system, 1_000)).toBe(0);
    expect(await count()).toBe(20);
    const [oldest] = await query<{ n: number }>(
      database.superuserUrl,
      "select min((payload->>'n')::int)::int as n from nova.outbox",
    );
    expect(oldest?.n).toBe(10);
    expect(await running.consumers.forget('slow')).toBe(true);
    expect(await purgeOutbox(system, 1_000)).toBe(20);
  });
});

describe('health', () => {
  const age = (seconds: number) =>
    query(database.superuserUrl, `update nova.outbox set created_at = now() - interval '${seconds} seconds'`);

  it('tells how far each consumer is behind, and how bad that is', async () => {
    const lags: unknown[] = [];
    const logged = new Set<string>();
    const log = createSilentLogger();
    log.warn = (fields: object) => void logged.add(`WARNING ${Reflect.get(fields, 'consumer')}`);
    log.error = (fields: object) => void logged.add(`CRITICAL ${Reflect.get(fields, 'consumer')}`);
    const running = await start(database, [recording('healthy', ['measured'])], {
      deps: {
        log,
        healthMs: 20,
        metrics: {
          recordOutboxHandled: () => {},
          recordOutboxFailure: () => {},
          recordOutboxLag: (...lag) => void lags.push(lag),
        },
      },
    });
    await running.emit(newTenant(), events('measured', 3));
    await expect.poll(async () => (await heard('healthy')).length, soon).toBe(3);
    expect(await running.consumers.health()).toEqual({
      level: 'OK',
      consumers: [
        {
          consumer: 'healthy',
          level: 'OK',
          place: { xid: expect.any(String), id: await offsetOf('healthy') },
          types: ['measured'],
          behind: 0,
          oldestAgeMs: 0,
          setAside: 0,
          givenUp: 0,
        },
      ],
    });
    await query(
      database.superuserUrl,
      "insert into nova.outbox_offsets (consumer, xid, id) values ('absent', '0', -1)",
    );
    await age(90);
    const late = await running.consumers.health();
    expect(late).toMatchObject({ level: 'WARNING', consumers: [{ consumer: 'absent', behind: 3 }, { level: 'OK' }] });
    expect(late.consumers[0]?.oldestAgeMs).toBeGreaterThanOrEqual(90_000);
    await expect.poll(() => [...logged], soon).toEqual(['WARNING absent']);
    await age(400);
    expect((await running.consumers.health()).level).toBe('CRITICAL');
    await expect.poll(() => [...logged], soon).toEqual(['WARNING absent', 'CRITICAL absent']);
    expect(lags).toContainEqual(['absent', { events: 3, ageMs: expect.any(Number), level: 'WARNING' }]);
  });
});
