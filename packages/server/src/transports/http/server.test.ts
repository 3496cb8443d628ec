import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Exchange, exchange, startToyServer, type ToyServerOptions } from '../../testing/toy-api.js';

/** A machine under load takes its time. */
const PATIENTLY = { timeout: 15_000 };

type Server = Awaited<ReturnType<typeof startToyServer>>;

let server: Server;
const others: Server[] = [];

beforeAll(async () => {
  server = await startToyServer();
});
afterEach(async () => {
  await Promise.all(others.splice(0).map((other) => other.close()));
});
afterAll(async () => {
  await server.close();
});

async function another(options: ToyServerOptions): Promise<Server> {
  const started = await startToyServer(options);
  others.push(started);
  return started;
}

const send = (method: string, path: string, headers: Record<string, string> = {}): Promise<Exchange> =>
  exchange(server.port, method, path, { headers });

describe('every answer', () => {
  test.each([['/api/v1/notes/one'], ['/api/v1/notes/missing'], ['/nowhere'], ['/livez'], ['/api/v1/echo/%zz']])(
    '%s carries the security headers and its request id',
    async (path) => {
      const { headers } = await send('GET', path);
      expect(headers).toMatchObject({
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'strict-transport-security': 'max-age=31536000; includeSubDomains',
      });
      expect(headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
      expect(headers['traceparent']).toContain(headers['x-request-id']);
      expect(headers['x-powered-by'] ?? headers['server']).toBeUndefined();
    },
  );

  test('belongs to the trace that the caller names', async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const { headers } = await send('GET', '/nowhere', { traceparent: `00-${trace}-00f067aa0ba902b7-01` });
    expect(headers['x-request-id']).toBe(trace);
    expect(headers['traceparent']).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`));
  });

  test.each([['00-00000000000000000000000000000000-00f067aa0ba902b7-01'], ['nonsense'], ['x'.repeat(5000)]])(
    'gets an id of its own for the traceparent %j',
    async (traceparent) => {
      const { headers } = await send('GET', '/nowhere', { traceparent });
      expect(headers['x-request-id']).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
    },
  );
});

describe('errors', () => {
  test('what nobody foresaw is internal, and tells nothing', async () => {
    const { status, text, headers } = await send('GET', '/api/v1/notes/broken');
    expect(JSON.parse(text)).toEqual({
      type: '/docs/errors#internal',
      title: 'Something went wrong on this side',
      status: 500,
      code: 'internal',
      requestId: headers['x-request-id'],
      retryable: true,
    });
    expect([status, headers['content-type']]).toEqual([500, 'application/problem+json; charset=utf-8']);
    expect(headers['etag']).toBeUndefined();
  });

  test('a thrown error of the catalogue keeps its status, detail and time to wait', async () => {
    const missing = await send('GET', '/api/v1/notes/missing');
    expect(JSON.parse(missing.text)).toMatchObject({ status: 404, code: 'not_found', detail: 'no such note' });
    const busy = await send('GET', '/api/v1/notes/busy');
    expect([busy.status, busy.headers['retry-after']]).toEqual([503, '2']);
  });

  test('an unknown path is 404, a known one with another method 405 with Allow', async () => {
    const unknown = await send('GET', '/api/v1/nothing');
    expect([unknown.status, JSON.parse(unknown.text).code]).toEqual([404, 'not_found']);
    for (const method of ['PUT', 'POST', 'PROPFIND', 'TRACE']) {
      const { status, headers, text } = await send(method, '/api/v1/notes/one?x=1');
      expect([method, status, headers['allow']]).toEqual([method, 405, 'DELETE, GET, HEAD, OPTIONS, PATCH']);
      expect(JSON.parse(text)).toMatchObject({ code: 'method_not_allowed' });
    }
  });
});

describe('HEAD and OPTIONS', () => {
  test('HEAD answers as GET does, without the body', async () => {
    const get = await send('GET', '/api/v1/notes/one');
    const head = await send('HEAD', '/api/v1/notes/one');
    expect([head.status, head.text]).toEqual([200, '']);
    for (const name of ['content-type', 'content-length', 'etag', 'cache-control']) {
      expect([name, head.headers[name]]).toEqual([name, get.headers[name]]);
    }
    expect((await send('HEAD', '/api/v1/notes/missing')).status).toBe(404);
  });

  test('OPTIONS tells the methods of a path', async () => {
    const known = await send('OPTIONS', '/api/v1/notes');
    expect([known.status, known.headers['allow']]).toEqual([204, 'GET, HEAD, OPTIONS, POST']);
    expect((await send('OPTIONS', '/nowhere')).status).toBe(404);
  });
});

describe('caching', () => {
  test('GET may be revalidated, by weak comparison; everything else is not stored', async () => {
    const first = await send('GET', '/api/v1/notes/one');
    const tag = String(first.headers['etag']);
    expect(first.headers['cache-control']).toBe('private, no-cache');
    for (const condition of [tag, tag.slice(2), `"x", ${tag}`, '*']) {
      const again = await send('GET', '/api/v1/notes/one', { 'if-none-match': condition });
      expect([condition, again.status, again.text]).toEqual([condition, 304, '']);
      expect(again.headers).toMatchObject({ etag: tag, 'cache-control': 'private, no-cache' });
      expect(again.headers['content-length']).toBeUndefined();
    }
    for (const condition of ['"x"', tag.slice(0, -1), '']) {
      expect((await send('GET', '/api/v1/notes/one', { 'if-none-match': condition })).status).toBe(200);
    }
    expect((await send('GET', '/api/v1/notes/two', { 'if-none-match': tag })).status).toBe(200);
    const missing = await send('GET', '/api/v1/notes/missing', { 'if-none-match': '*' });
    expect([missing.status, missing.headers['cache-control']]).toEqual([404, 'no-store']);
  });
});

describe('compression', () => {
  const USER = { authorization: 'Bearer user-a' };

  test.each([
    ['br', 'br', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
    ['gzip, br', 'br', brotliDecompressSync],
    ['deflate, gzip;q=0.5', 'gzip', gunzipSync],
  ])('for "%s" the answer comes in %s, much smaller', async (accepted, encoding, decompress) => {
    const plain = await send('GET', '/api/v1/notes', USER);
    const { headers, body } = await send('GET', '/api/v1/notes', { ...USER, 'accept-encoding': accepted });
    expect(headers['content-encoding']).toBe(encoding);
    expect(headers['vary']).toMatch(/accept-encoding/i);
    expect(decompress(body).equals(plain.body)).toBe(true);
    expect(body.length).toBeLessThan(plain.body.length * 0.4);
  });

  test('small answers, and callers that did not ask, get plain ones', async () => {
    const small = await send('GET', '/api/v1/notes/one', { 'accept-encoding': 'br, gzip' });
    expect(small.headers['content-encoding']).toBeUndefined();
    expect((await send('GET', '/api/v1/notes', USER)).headers['content-encoding']).toBeUndefined();
  });
});

describe('CORS', () => {
  const PREFLIGHT = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-nova-key' };

  test('a listed origin may call and read the headers, with a token but without cookies', async () => {
    const { port } = await another({ settings: { corsOrigins: ['https://app.example', 'https://b.example'] } });
    const origin = 'https://app.example';
    const preflight = await exchange(port, 'OPTIONS', '/api/v1/notes', { headers: { origin, ...PREFLIGHT } });
    expect(preflight.status).toBe(204);
    expect(preflight.headers['access-control-allow-origin']).toBe(origin);
    expect(preflight.headers['access-control-allow-methods']).toContain('PATCH');
    expect(preflight.headers['access-control-allow-headers']).toContain('x-nova-key');
    expect(preflight.headers['access-control-allow-credentials']).toBeUndefined();
    for (const path of ['/api/v1/notes/one', '/api/v1/notes', '/nowhere']) {
      const { headers } = await exchange(port, 'GET', path, { headers: { origin } });
      expect([path, headers['access-control-allow-origin']]).toEqual([path, origin]);
      expect(headers['access-control-expose-headers']).toContain('ratelimit-remaining');
      expect(headers['vary']).toMatch(/origin/i);
    }
  });

  test('another origin gets no leave', async () => {
    const { port } = await another({ settings: { corsOrigins: ['https://app.example'] } });
    const headers = { origin: 'https://evil.example', ...PREFLIGHT };
    const preflight = await exchange(port, 'OPTIONS', '/api/v1/notes', { headers });
    expect(preflight.headers['access-control-allow-origin']).toBeUndefined();
  });

  test('nobody has leave unless it is configured; * means everybody', async () => {
    const origin = 'https://app.example';
    const closed = await send('GET', '/api/v1/notes/one', { origin });
    expect(closed.headers['access-control-allow-origin']).toBeUndefined();
    const { port } = await another({ settings: { corsOrigins: ['*'] } });
    const open = await exchange(port, 'GET', '/api/v1/notes/one', { headers: { origin } });
    expect(open.headers['access-control-allow-origin']).toBe('*');
  });
});

describe('health', () => {
  test('livez asks nobody; readyz names the check that failed', async () => {
    const broken = { name: 'database', check: () => Promise.reject(new Error('password=hunter2')) };
    const { port } = await another({ readiness: [broken, { name: 'other', check: async () => {} }] });
    expect((await exchange(port, 'GET', '/livez')).status).toBe(200);
    const { status, text } = await exchange(port, 'GET', '/readyz');
    expect(status).toBe(503);
    expect(JSON.parse(text)).toEqual({ status: 'not_ready', checks: { database: 'failed', other: 'ok' } });
  });

  test('readyz does not wait for a check that hangs', async () => {
    const { port } = await another({ readiness: [{ name: 'frozen', check: () => new Promise(() => {}) }] });
    expect(JSON.parse((await exchange(port, 'GET', '/readyz')).text)).toMatchObject({ checks: { frozen: 'failed' } });
  });

  test('those who ask at the same time share one run of the checks', async () => {
    let runs = 0;
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const check = async () => {
      runs += 1;
      await held;
    };
    const { port } = await another({ readiness: [{ name: 'database', check }] });
    const asked = Array.from({ length: 20 }, () => exchange(port, 'GET', '/readyz'));
    // The last to be sent is only answered when all have been; the first check is released once it runs.
    await expect.poll(() => runs, PATIENTLY).toBe(1);
    setImmediate(release);
    for (const { status } of await Promise.all(asked)) expect(status).toBe(200);
    expect(runs).toBeLessThan(20);
  });
});
