import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
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

/**
 * Stands before PostgreSQL and, while it refuses, makes of LISTEN what PostgreSQL does not know: the handshake goes well
 * and LISTEN fails, as on a server in recovery.
 */
const startListenRefuser = async () => {
  const target = new URL(database.appUrl);
  const open = new Set<Socket>();
  const refuser = { port: 0, refuses: false, accepted: 0, open };
  const server = createServer((inbound) => {
    refuser.accepted += 1;
    open.add(inbound);
    const outbound = dial(Number(target.port), target.hostname);
    inbound.on('data', (bytes) => {
      const sent = bytes.toString('latin1');
      outbound.write(refuser.refuses ? sent.replace('listen ', 'refuse ') : sent, 'latin1');
    });
    outbound.pipe(inbound);
    for (const [from, to] of [[inbound, outbound] as const, [outbound, inbound] as const]) {
      from.on('error', () => to.destroy());
      from.on('close', () => {
        to.destroy();
        open.delete(inbound);
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  refuser.port = (server.address() as AddressInfo).port;
  const close = async () => {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return Object.assign(refuser, { close });
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

/** Seeded bug that turns these red: a connection that tells of its loss before it is open, beside the error of `open`. */
describe('a LISTEN that is refused', () => {
  let refuser: Awaited<ReturnType<typeof startListenRefuser>>;
  beforeEach(async () => {
    refuser = await startListenRefuser();
  });
  afterEach(async () => {
    await refuser.close();
  });

  it('leaves one attempt at a time, one connection once it is taken, and none after the end', async () => {
    const errors: unknown[] = [];
    const here = await open({ connection: { connectionString: urlAt(refuser.port) }, onError: (e) => errors.push(e) });
    let gaps = 0;
    here.subscribe('topic.a', () => {}, { onGap: () => (gaps += 1) });
    refuser.refuses = true;
    for (const socket of refuser.open) socket.destroy();
    await expect.poll(() => refuser.accepted, soon).toBeGreaterThan(4);
    refuser.refuses = false;
    await expect.poll(() => gaps, soon).toBeGreaterThan(0);
    // The loss, and each attempt but the first and the last, which went well.
    expect(errors).toHaveLength(refuser.accepted - 1);
    expect(gaps).toBe(1);
    expect(refuser.open.size).toBe(1);
    await here.close();
    await expect.poll(() => refuser.open.size, soon).toBe(0);
  });

  it('is told at the start, once, and not tried again', async () => {
    const errors: unknown[] = [];
    refuser.refuses = true;
    const opening = open({ connection: { connectionString: urlAt(refuser.port) }, onError: (e) => errors.push(e) });
    await expect(opening).rejects.toMatchObject({ code: '42601' });
    expect(errors).toEqual([]);
    await expect.poll(() => refuser.open.size, soon).toBe(0);
  });

  it('leaves nothing open when the bus is closed while it opens', async () => {
    const opening = open({ connection: { connectionString: urlAt(refuser.port) } });
    await buses.at(-1)?.close();
    await opening;
    await expect.poll(() => refuser.open.size, soon).toBe(0);
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
