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
let poisonous: boolean;
const start = async () => {
  const consumer = recording('poisoned', ['thing'], async (_, event) => {
    if (poisonous && event.payload['n'] === 1) throw new Error(`no such thing: ${event.key}`);
  });
  const deps = { pollMs: 20, retryDelaysMs: [] };
  const started = await startOutboxProcess(database, [consumer], { deps });
  processes.push(started);
  return started;
};

beforeAll(async () => {
  database = await createTestDatabase();
  await createTestTables(database);
});
afterEach(async () => {
  for (const running of processes.splice(0)) await running.close();
});
afterAll(async () => {
  await database.drop();
});

const soon = { timeout: 15_000, interval: 10 };
const heard = async () => (await effectsOf(database, 'poisoned')).map(({ key, n }) => `${key}${n}`);

describe('an operator', () => {
  it('is told which events failed and why, and has one of them or all handled again', async () => {
    poisonous = true;
    const running = await start();
    const tenantId = newTenant();
    const keys = ['a', 'b', 'c'];
    await running.emit(
      tenantId,
      [0, 1, 2].flatMap((n) => keys.map((key) => ({ type: 'thing', key, n }))),
    );
    const blocked = async () => (await running.consumers.status()).blocked;
    await expect.poll(async () => (await blocked()).map(({ behind }) => behind), soon).toEqual([1, 1, 1]);
    const [first] = await blocked();
    expect(first).toEqual({
      consumer: 'poisoned',
      tenantId,
      key: 'a',
      id: expect.any(Number),
      type: 'thing',
      attempts: 1,
      error: 'Error: no such thing: a',
      retryAt: null,
      behind: 1,
    });
    expect(await running.consumers.status()).toMatchObject({
      level: 'WARNING',
      consumers: [{ consumer: 'poisoned', known: true, unknownTypes: [], setAside: 6, givenUp: 3 }],
      backlog: { waiting: 0 },
    });

    poisonous = false;
    expect(await running.consumers.retrySetAside({ eventId: (first?.id ?? 0) - 1 })).toBe(0);
    expect(await running.consumers.retrySetAside({ consumer: 'another', eventId: first?.id })).toBe(0);
    expect(await running.consumers.retrySetAside({ consumer: 'poisoned', eventId: first?.id })).toBe(1);
    await expect.poll(async () => (await heard()).slice(3), soon).toEqual(['a1', 'a2']);
    expect((await blocked()).map(({ key }) => key)).toEqual(['b', 'c']);
    expect(await running.consumers.retrySetAside()).toBe(2);
    await expect.poll(blocked, soon).toEqual([]);
    expect((await heard()).slice(5).toSorted()).toEqual(['b1', 'b2', 'c1', 'c2']);
  });

  it('drops a consumer that is no more, with its failed events, and none that runs', async () => {
    const running = await start();
    await query(
      database.superuserUrl,
      `with known as (insert into nova.outbox_offsets (consumer, xid, id) values ('renamed', '0', -1))
       insert into nova.outbox_set_aside
         (tenant_id, consumer, event_id, xid, type, key, payload, created_at, attempts, error)
       values ($1, 'renamed', 1, '5', 'thing', 'k', '{}', now(), 6, 'failed')`,
      [newTenant()],
    );
    const { consumers, blocked, backlog } = await running.consumers.status();
    expect(consumers.find(({ consumer }) => consumer === 'renamed')).toMatchObject({ known: false, givenUp: 1 });
    expect(blocked).toHaveLength(1);
    expect(backlog.waiting).toBeGreaterThan(0);
    await expect(running.consumers.forget('poisoned')).rejects.toMatchObject({ code: 'invalid_request' });
    expect(await running.consumers.forget('renamed')).toBe(true);
    expect(await running.consumers.forget('renamed')).toBe(false);
    expect(await running.consumers.status()).toMatchObject({
      level: 'OK',
      consumers: [{ consumer: 'poisoned' }],
      backlog: { waiting: 0 },
      blocked: [],
    });
  });
});
