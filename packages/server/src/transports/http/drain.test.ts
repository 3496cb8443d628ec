import { once } from 'node:events';
import { Agent } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Exchange, exchange, startToyServer, type ToyServerOptions } from '../../testing/toy-api.js';

/** A machine under load takes its time. */
const PATIENTLY = { timeout: 15_000 };

const agents: Agent[] = [];
const servers: Awaited<ReturnType<typeof startToyServer>>[] = [];
afterEach(async () => {
  for (const agent of agents.splice(0)) agent.destroy();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function start(options: ToyServerOptions = {}) {
  const server = await startToyServer(options);
  servers.push(server);
  return server;
}

/** Work that is under way until it is let go. */
function held() {
  let release = () => {};
  let running = 0;
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const slow = async () => {
    running += 1;
    await gate;
  };
  return { slow, release: () => release(), running: () => running };
}

function keepAlive(): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  agents.push(agent);
  return agent;
}

/** An open connection that sends and reads by hand. */
async function openConnection(port: number) {
  const socket: Socket = connect(port, '127.0.0.1');
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk.toString();
  });
  socket.on('error', () => {});
  await once(socket, 'connect');
  return { socket, received: () => received };
}

const GET = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;

test('requests in flight are answered, then everything is closed', async () => {
  const work = held();
  const server = await start({ slow: work.slow });
  const inFlight = Array.from({ length: 10 }, () =>
    exchange(server.port, 'GET', '/api/v1/slow', { agent: keepAlive() }),
  );
  await vi.waitUntil(() => work.running() === 10, PATIENTLY);
  let closed = false;
  const drained = server.http.drain({ timeoutMs: 10_000 }).then(() => {
    closed = true;
  });
  // The listener is gone, the requests are not.
  await expect.poll(() => refused(server.port), PATIENTLY).toBe(true);
  expect(closed).toBe(false);
  work.release();
  for (const { status, headers } of await Promise.all(inFlight)) {
    expect([status, headers.connection]).toEqual([200, 'close']);
  }
  await drained;
});

test('idle connections are closed at once, those that never sent anything, too', async () => {
  const server = await start();
  const agent = keepAlive();
  expect((await exchange(server.port, 'GET', '/livez', { agent })).headers.connection).toBe('keep-alive');
  const { socket } = await openConnection(server.port);
  const closed = once(socket, 'close');
  // Waiting for the timeout would outlast this test.
  await server.http.drain({ timeoutMs: 120_000 });
  await closed;
});

test('unready from the first moment, while connections are still taken for load balancers that have not noticed', async () => {
  const work = held();
  const server = await start({ slow: work.slow });
  const inFlight = exchange(server.port, 'GET', '/api/v1/slow');
  await vi.waitUntil(() => work.running() === 1, PATIENTLY);
  const drained = server.http.drain({ timeoutMs: 10_000, unreadyMs: 1000 });
  const probe: Exchange = await exchange(server.port, 'GET', '/readyz');
  expect([probe.status, JSON.parse(probe.text), probe.headers.connection]).toEqual([
    503,
    { status: 'draining', checks: {} },
    'close',
  ]);
  const late = await exchange(server.port, 'GET', '/api/v1/notes/one');
  expect([late.status, late.headers.connection]).toEqual([200, 'close']);
  expect((await exchange(server.port, 'GET', '/livez')).status).toBe(200);
  work.release();
  expect((await inFlight).status).toBe(200);
  await drained;
});

test('what still comes on a connection in use is answered', async () => {
  const work = held();
  const server = await start({ slow: work.slow });
  const { socket, received } = await openConnection(server.port);
  socket.write(GET('/api/v1/slow'));
  await vi.waitUntil(() => work.running() === 1, PATIENTLY);
  const drained = server.http.drain({ timeoutMs: 10_000 });
  await expect.poll(() => refused(server.port), PATIENTLY).toBe(true);
  // Behind the one in flight, on the same connection: pipelined before its `Connection: close` could be seen.
  const other = await (async () => {
    socket.write(GET('/api/v1/notes/one'));
    work.release();
    await once(socket, 'close');
    return received();
  })();
  expect(other.match(/HTTP\/1.1 200 OK/g)?.length).toBeGreaterThanOrEqual(1);
  expect(other).not.toMatch(/HTTP\/1.1 5/);
  await drained;
});

test('what does not finish in time is cut off', async () => {
  const work = held();
  const server = await start({ slow: work.slow });
  const stuck = exchange(server.port, 'GET', '/api/v1/slow').then(
    () => 'answered',
    () => 'cut off',
  );
  await vi.waitUntil(() => work.running() === 1, PATIENTLY);
  await server.http.drain({ timeoutMs: 50 });
  expect(await stuck).toBe('cut off');
  work.release();
});

describe('of a server that is handed its connections', () => {
  test('takes them while it is unready', async () => {
    const server = await start({ handedOver: true });
    server.http.becomeUnready();
    const probe = await exchange(server.port, 'GET', '/readyz');
    const late = await exchange(server.port, 'GET', '/api/v1/notes/one');
    expect([probe.status, late.status, late.headers.connection]).toEqual([503, 200, 'close']);
  });

  test('waits for the requests on them, and takes no more', async () => {
    const work = held();
    const server = await start({ slow: work.slow, handedOver: true });
    const inFlight = exchange(server.port, 'GET', '/api/v1/slow', { agent: keepAlive() });
    await vi.waitUntil(() => work.running() === 1, PATIENTLY);
    let closed = false;
    const drained = server.http.drain({ timeoutMs: 10_000 }).then(() => {
      closed = true;
    });
    await expect(exchange(server.port, 'GET', '/livez')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(closed).toBe(false);
    work.release();
    const { status, headers } = await inFlight;
    expect([status, headers.connection]).toEqual([200, 'close']);
    await drained;
  });

  test('cuts off what does not finish in time', async () => {
    const work = held();
    const server = await start({ slow: work.slow, handedOver: true });
    const stuck = exchange(server.port, 'GET', '/api/v1/slow');
    await vi.waitUntil(() => work.running() === 1, PATIENTLY);
    const outcome = expect(stuck).rejects.toMatchObject({ code: 'ECONNRESET' });
    await server.http.drain({ timeoutMs: 50 });
    await outcome;
    work.release();
  });

  test('answers a client that has ended its side', async () => {
    const server = await start({ handedOver: true });
    const { socket, received } = await openConnection(server.port);
    socket.end(GET('/api/v1/notes/one'));
    await once(socket, 'close');
    expect(received()).toMatch(/^HTTP\/1.1 200 OK/);
  });

  test('closes connections beyond its cap (I10)', async () => {
    const server = await start({ handedOver: true, maxConnections: 1 });
    const agent = keepAlive();
    expect((await exchange(server.port, 'GET', '/livez', { agent })).status).toBe(200);
    await expect(exchange(server.port, 'GET', '/livez')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect((await exchange(server.port, 'GET', '/livez', { agent })).status).toBe(200);
  });
});

test('a second drain gives the end of the first', async () => {
  const server = await start();
  await Promise.all([server.http.drain({ timeoutMs: 1000 }), server.http.drain({ timeoutMs: 1000 })]);
});

async function refused(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return await new Promise((resolve) => {
    socket.on('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.on('error', () => resolve(true));
  });
}
