import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { runClosedLoop } from './closed-loop.js';
import type { LoadSource } from './load-source.js';
import { expectStatus } from './load-source.js';
import { runOpenLoop } from './open-loop.js';
import { getRequest } from './request.js';

const STALL_MS = 500;
let server: Server | undefined;

afterEach(async () => {
  const open = server;
  server = undefined;
  if (open === undefined) return;
  const closed = new Promise((resolve) => open.close(resolve));
  open.closeAllConnections();
  await closed;
});

async function serve(listener: RequestListener) {
  const made = createServer(listener);
  server = made;
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return { host: '127.0.0.1', port: (made.address() as AddressInfo).port };
}

function source(): LoadSource {
  return {
    next: (index) => getRequest(`/${index}`, null, index),
    check: (_request, response) => expectStatus(response, 200),
    collect: (request) => `${request.subject}`,
  };
}

/** Answers at once, but stops doing anything for half a second when request `at` comes. */
function stallingAt(at: number): RequestListener {
  return (request, response) => {
    if (request.url === `/${at}`) {
      const until = performance.now() + STALL_MS;
      while (performance.now() < until);
    }
    response.end('ok');
  };
}

describe('runOpenLoop', () => {
  it('counts a stall for every request that was meant to be sent during it (coordinated omission)', async () => {
    const target = await serve(stallingAt(50));
    // The toy server stalls this very thread, and the generator with it: the intended instants do not care.
    const options = { target, connections: 2, warmUpMs: 0, durationMs: 2_000, rate: 100 };
    const result = await runOpenLoop({ ...options, source: source() });
    expect(result.failed).toBe(0);
    expect(result.latency.count).toBe(200);
    // A quarter of the schedule falls into the stall. A generator that counts from the actual sending sees the stall
    // in the two requests under way, 1 % of all, and reports a p95 of next to nothing.
    expect(result.latency.p95Ms).toBeGreaterThan(STALL_MS / 2);
    expect(result.latency.p99Ms).toBeGreaterThan(STALL_MS * 0.8);
  });

  it('sends as many requests as the schedule has, each once, and counts those after the warm-up', async () => {
    const seen = new Set<string>();
    const target = await serve((request, response) => {
      seen.add(request.url ?? '');
      response.end('ok');
    });
    const options = { target, connections: 4, warmUpMs: 100, durationMs: 300, rate: 500 };
    const result = await runOpenLoop({ ...options, source: source() });
    expect(seen.size).toBe(200);
    expect(result.collected).toHaveLength(200);
    expect(result.latency.count).toBe(150);
    expect(result.intendedRate).toBe(500);
  });

  it('goes on over connections that the server closes', async () => {
    const target = await serve((_request, response) => {
      response.setHeader('connection', 'close');
      response.end('ok');
    });
    const options = { target, connections: 2, warmUpMs: 0, durationMs: 200, rate: 100 };
    expect(await runOpenLoop({ ...options, source: source() })).toMatchObject({ failed: 0, latency: { count: 20 } });
  });
});

describe('runClosedLoop', () => {
  it('tells wrong answers from right ones, and gives no latency for them', async () => {
    const target = await serve((request, response) => {
      response.statusCode = Number(request.url?.slice(1)) % 2 === 0 ? 200 : 503;
      response.end('{}');
    });
    const options = { target, connections: 2, warmUpMs: 0, durationMs: 200 };
    const result = await runClosedLoop({ ...options, source: source() });
    expect(result.failed).toBeGreaterThan(0);
    expect(result.failures).toEqual(['status 503 instead of 200: {}']);
    expect(result.collected.every((subject) => Number(subject) % 2 === 0)).toBe(true);
    expect(result.latency.count).toBeLessThanOrEqual(result.collected.length);
  });

  it('is refused by a port where nobody listens', async () => {
    const target = await serve(() => {});
    await new Promise((resolve) => server?.close(resolve));
    server = undefined;
    await expect(
      runClosedLoop({ target, connections: 1, warmUpMs: 0, durationMs: 100, source: source() }),
    ).rejects.toThrow('ECONNREFUSED');
  });
});
