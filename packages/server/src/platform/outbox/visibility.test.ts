import type { Client } from 'pg';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import {
  createTestTables,
  effectsOf,
  newTenant,
  type OutboxProcess,
  recording,
  startOutboxProcess,
} from '../../testing/outbox-fixture.js';
import { connectTo } from '../../testing/test-cluster.js';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.js';
import type { QueryObservation } from '../db/index.js';

let database: TestDatabase;
const tenantId = newTenant();
const clients: Client[] = [];
const processes: OutboxProcess[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  await createTestTables(database);
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.end();
  for (const running of processes.splice(0)) await running.close();
});
afterAll(async () => {
  await database.drop();
});

const soon = { timeout: 10_000, interval: 10 };
const connect = async () => {
  const client = await connectTo(database.superuserUrl);
  clients.push(client);
  return client;
};
/** @returns waits until the consumer has looked again */
const consume = async (name: string, type: string) => {
  let looks = 0;
  const observe = ({ query }: QueryObservation) => {
    if (query === 'outbox.eventsAfter') looks += 1;
  };
  processes.push(
    await startOutboxProcess(database, [recording(name, [type])], { deps: { pollMs: 20 }, database: { observe } }),
  );
  return async () => {
    // The look that is under way may have begun before.
    const until = looks + 2;
    await expect.poll(() => looks, soon).toBeGreaterThanOrEqual(until);
  };
};
const insert = (client: Client, type: string, n: number, key = 'k') =>
  client.query(
    `insert into nova.outbox (tenant_id, type, key, payload)
     values ($1, $2, $3, jsonb_build_object('n', $4::int, 'xid', pg_current_xact_id()::text))`,
    [tenantId, type, key, n],
  );
const heard = async (name: string) => (await effectsOf(database, name)).map((effect) => effect.n);

/**
 * The seeded bugs: readers that remember only the last id, or order by the bare transaction id. They see what is
 * below the oldest running transaction, as consumers do, unless they are `hasty`.
 */
class WrongReader {
  readonly seen: number[] = [];
  #last = ['-1', '-1'];

  constructor(
    readonly client: Client,
    readonly type: string,
    readonly order: 'id' | 'transaction',
    readonly hasty = false,
  ) {}

  async read(): Promise<void> {
    const key = this.order === 'id' ? '(0::bigint, id)' : "((payload->>'xid')::bigint, id)";
    const { rows } = await this.client.query(
      `select id::text, case when $4 = 'id' then '0' else payload->>'xid' end as xid, (payload->>'n')::int as n
       from nova.outbox
       where type = $1 and ${key} > ($2::bigint, $3::bigint)
         and ($5 or (payload->>'xid')::xid8 < pg_snapshot_xmin(pg_current_snapshot()))
       order by ${key}`,
      [this.type, ...this.#last, this.order, this.hasty],
    );
    for (const { id, xid, n } of rows) {
      this.seen.push(n);
      this.#last = [xid, id];
    }
  }
}

it('hears of an event whose id was allocated first and whose transaction began last', async () => {
  const [slow, fast, reader] = [await connect(), await connect(), await connect()];
  const byId = new WrongReader(reader, 'id.first', 'id');
  await consume('id first', 'id.first');
  // Every 32nd call of nextval writes a log record and takes a transaction id for it: not the next one.
  await slow.query("select nextval(pg_get_serial_sequence('nova.outbox', 'id'))");
  await slow.query('begin');
  const { rows } = await slow.query("select nextval(pg_get_serial_sequence('nova.outbox', 'id')) as id");
  // No transaction id yet: nothing holds the outbox back.
  await insert(fast, 'id.first', 2);
  await expect.poll(() => heard('id first'), soon).toEqual([2]);
  await byId.read();
  await slow.query(
    `insert into nova.outbox (tenant_id, id, type, key, payload) overriding system value
     values ($1, $2, 'id.first', 'k', jsonb_build_object('n', 1, 'xid', pg_current_xact_id()::text))`,
    [tenantId, rows[0].id],
  );
  await slow.query('commit');
  await expect.poll(() => heard('id first'), soon).toEqual([2, 1]);
  await byId.read();
  expect(byId.seen).toEqual([2]);
});

it('waits for a transaction that began first and commits last', async () => {
  const [slow, fast, reader] = [await connect(), await connect(), await connect()];
  const hasty = new WrongReader(reader, 'begun.first', 'id', true);
  const look = await consume('begun first', 'begun.first');
  await slow.query('begin');
  await insert(slow, 'begun.first', 1);
  await insert(fast, 'begun.first', 2);
  await look();
  expect(await heard('begun first')).toEqual([]);
  await hasty.read();
  await slow.query('commit');
  await hasty.read();
  await expect.poll(() => heard('begun first'), soon).toEqual([1, 2]);
  expect(hasty.seen).toEqual([2]);
});

it('is held back by any long write, loses nothing by it, and forgets what was rolled back', async () => {
  const [other, aborted, writer] = [await connect(), await connect(), await connect()];
  const look = await consume('held back', 'held.back');
  await other.query('begin; select pg_current_xact_id()');
  await aborted.query('begin');
  for (let n = 1; n <= 5; n += 1) {
    await insert(writer, 'held.back', n);
    await insert(aborted, 'held.back', -n);
  }
  const [running] = processes;
  await expect
    .poll(
      async () => (await running?.consumers.health())?.consumers.find((c) => c.consumer === 'held back')?.behind,
      soon,
    )
    .toBe(5);
  await look();
  expect(await heard('held back')).toEqual([]);
  await aborted.query('rollback');
  await other.query('commit');
  await expect.poll(() => heard('held back'), soon).toEqual([1, 2, 3, 4, 5]);
});

it('keeps the order of a key when the second change had its transaction id before it waited for the first', async () => {
  const [first, second, between, reader] = [await connect(), await connect(), await connect(), await connect()];
  const byTransaction = new WrongReader(reader, 'key.order', 'transaction');
  const look = await consume('key order', 'key.order');
  const change = `insert into nova.test_keys as k values ('${tenantId}', 'ordered', 1)
    on conflict (tenant_id, key) do update set n = k.n + 1 returning n`;
  await second.query('begin; select pg_current_xact_id()');
  await between.query('begin; select pg_current_xact_id()');
  await first.query('begin');
  await first.query(change);
  const waiting = second.query(change);
  await insert(first, 'key.order', 1);
  await first.query('commit');
  expect((await waiting).rows).toEqual([{ n: 2 }]);
  await insert(second, 'key.order', 2);
  await second.query('commit');
  // The second is now below every running transaction, the first is not.
  await byTransaction.read();
  await look();
  await between.query('commit');
  await byTransaction.read();
  await expect.poll(() => heard('key order'), soon).toEqual([1, 2]);
  expect(byTransaction.seen).not.toEqual([1, 2]);
});
