import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  countChange,
  createTestTables,
  effectsOf,
  newTenant,
  type OutboxProcess,
  query,
  recording,
  startOutboxProcess,
} from '../../testing/outbox-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.js';
import { pg, readQuery } from '../db/index.js';
import { Backlog } from './backlog.js';

let database: TestDatabase;
const processes: OutboxProcess[] = [];

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
const LIMIT = 20;
const changesOf = readQuery({
  name: 'test.changesOf',
  params: { key: pg.text },
  row: { n: pg.int4 },
  sql: 'select n from test_keys where tenant_id = :tenant and key = :key',
});

/** Seeded bugs that turn this red: no limit; a limit on what consumers emit; one that counts what all have passed. */
describe('the outbox at its limit (I10)', () => {
  it('takes no more events until the slowest consumer has passed some; reads and other changes go on', async () => {
    let refused = 0;
    const backlog = new Backlog(LIMIT, () => {
      refused += 1;
    });
    const quick = recording('quick', ['cause'], async (tx, event) => {
      await expect.poll(() => backlog.waiting, soon).toBeGreaterThanOrEqual(LIMIT);
      tx.emit({ type: 'consequence', key: event.key, payload: { n: event.payload['n'] } });
    });
    const running = await startOutboxProcess(database, [quick, recording('last', ['consequence'])], {
      deps: { backlog, backlogMs: 10, pollMs: 20 },
    });
    processes.push(running);
    await query(
      database.superuserUrl,
      "insert into nova.outbox_offsets (consumer, xid, id) values ('slowest', '0', -1)",
    );
    const tenantId = newTenant();
    const change = async (events: number) =>
      await running.db.transaction(tenantId, async (tx) => {
        const changed = await tx.row(countChange, { key: 'k' });
        for (let n = 0; n < events; n += 1) tx.emit({ type: 'cause', key: 'k', payload: { n: changed?.n } });
      });
    const changes = async () => (await running.db.read(tenantId).row(changesOf, { key: 'k' }))?.n;
    await change(LIMIT);
    await expect.poll(async () => (await effectsOf(database, 'last')).length, soon).toBe(LIMIT);

    await expect(change(1)).rejects.toMatchObject({
      code: 'overloaded',
      kind: { status: 503, retryable: true },
      retryAfterMs: 1_000,
    });
    expect(refused).toBe(1);
    expect(await changes()).toBe(1);
    await change(0);
    expect(await changes()).toBe(2);

    await query(database.superuserUrl, "delete from nova.outbox_offsets where consumer = 'slowest'");
    const outcome = async () =>
      await change(1).then(
        () => 'taken',
        () => 'refused',
      );
    await expect.poll(outcome, soon).toBe('taken');
  });

  it('is reached neither by events that all have passed nor without consumers', async () => {
    const backlog = new Backlog(LIMIT);
    const running = await startOutboxProcess(database, [], { deps: { backlog, backlogMs: 10 } });
    processes.push(running);
    const events = Array.from({ length: 2 * LIMIT }, (_, n) => ({ type: 'cause', key: 'k', n }));
    await running.emit(newTenant(), events);
    expect(await backlog.read(running.db.system)).toBe(0);
    const reading = await startOutboxProcess(database, [recording('reader', ['cause'])], {
      deps: { backlog, backlogMs: 10 },
    });
    processes.push(reading);
    await expect.poll(async () => (await effectsOf(database, 'reader')).length, soon).toBe(2 * LIMIT);
    await expect.poll(() => backlog.read(running.db.system), soon).toBe(0);
    await running.emit(newTenant(), events.slice(0, 1));
  });
});
