import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { busContract } from '../../testing/bus-contract.js';
import { startFaultProxy } from '../../testing/fault-proxy.js';
import { connectTo } from '../../testing/test-cluster.js';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.js';
import { ListeningConnection } from './listening-connection.js';
import { PostgresBus, type PostgresBusOptions } from './postgres-bus.js';

let database: TestDatabase;
const buses: PostgresBus[] = [];

const open = async (overrides: Partial<PostgresBusOptions> = {}) => {
  const bus = new PostgresBus({
    connection: { connectionString: database.appUrl, application_name: 'nova bus test' },
    onError: () => {},
    ...overrides,
  });
  buses.push(bus);
  await bus.open();
  return bus;
};

beforeAll(async () => {
  database = await createTestDatabase({ empty: true });
});
afterEach(async () => {
  for (const bus of buses.splice(0)) await bus.close();
});
afterAll(async () => {
  await database.drop();
});

busContract('PostgresBus', () => open());

const terminate = async () => {
  const client = await connectTo(database.superuserUrl);
  try {
    const { rowCount } = await client.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'nova bus test' and datname = current_database()",
    );
    return rowCount;
  } finally {
    await client.end();
  }
};

const urlAt = (port: number) => {
  const address = new URL(database.appUrl);
  address.host = `127.0.0.1:${port}`;
  return address.toString();
};

const soon = { timeout: 10_000, interval: 5 };

describe('a lost connection', () => {
  it('is made again, tells of the gap, and sends what waited', async () => {
    const [here, there] = [await open(), await open()];
    const heard = new Set<unknown>();
    const gaps = { here: 0, there: 0 };
    here.subscribe('topic.a', () => {}, { onGap: () => (gaps.here += 1) });
    there.subscribe('topic.a', (payload) => heard.add(payload), { onGap: () => (gaps.there += 1) });
    expect(await terminate()).toBe(2);
    here.publish('topic.a', 'meanwhile');
    await expect.poll(() => [gaps.here, gaps.there], soon).toEqual([1, 1]);
    here.publish('topic.a', 'afterwards');
    await expect.poll(() => heard.has('afterwards'), soon).toBe(true);
  });

  it('is noticed when it hangs, and what was published goes out over the next one', async () => {
    const address = new URL(database.appUrl);
    const proxy = await startFaultProxy({ host: address.hostname, port: Number(address.port) });
    try {
      const errors: unknown[] = [];
      const here = await open({
        connection: { connectionString: urlAt(proxy.port) },
        answerTimeoutMs: 200,
        pingMs: 50,
        onError: (error) => errors.push(error),
      });
      const there = await open();
      const heard: unknown[] = [];
      let gaps = 0;
      here.subscribe('topic.a', () => {}, { onGap: () => (gaps += 1) });
      there.subscribe('topic.a', (payload) => heard.push(payload));
      proxy.set('freeze');
      await expect.poll(() => errors.length, soon).toBeGreaterThan(0);
      here.publish('topic.a', 'kept');
      proxy.set('none');
      await expect.poll(() => heard.includes('kept'), soon).toBe(true);
      expect(gaps).toBeGreaterThan(0);
    } finally {
      for (const bus of buses.splice(0)) await bus.close();
      await proxy.close();
    }
  });

  it('says so at the start', async () => {
    const bus = new PostgresBus({
      connection: { connectionString: urlAt(1) },
      onError: () => {},
    });
    await expect(bus.open()).rejects.toThrow();
    await bus.close();
  });
});

describe('sending', () => {
  it('takes statements by the moment, not by the message', async () => {
    const sent = vi.spyOn(ListeningConnection.prototype, 'notify');
    const [here, there] = [await open(), await open()];
    const heard: unknown[] = [];
    there.subscribe('topic.a', (payload) => heard.push(payload));
    const payloads = Array.from({ length: 900 }, (_, count) => `${count}`);
    for (const payload of payloads) here.publish('topic.a', payload);
    await expect.poll(() => heard.length, soon).toBe(900);
    expect(heard).toEqual(payloads);
    expect(sent).toHaveBeenCalledTimes(1);
    sent.mockRestore();
  });
});
