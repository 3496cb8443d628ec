import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSilentLogger, noTracing } from '../../platform/telemetry/index.js';
import { exchange } from '../../testing/toy-api.js';
import { createHttpServer, type HttpServer } from '../http/index.js';
import { answerWithPage, readWebFiles, registerWeb, type WebFiles } from './index.js';

const PAGE = `<!doctype html><title>Nova</title>${' '.repeat(2_000)}`;
const SCRIPT = `console.log('app');${' '.repeat(2_000)}`;
/** What Chromium sends when somebody types an address. */
const NAVIGATION = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8' };

let directory: string;
let files: WebFiles;
let server: HttpServer;
let port: number;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'nova-web-'));
  mkdirSync(path.join(directory, 'assets'));
  for (const [name, text] of [
    ['index.html', PAGE],
    ['assets/index-1a2b.js', SCRIPT],
  ] as const) {
    writeFileSync(path.join(directory, name), text);
    writeFileSync(path.join(directory, `${name}.br`), brotliCompressSync(text));
    writeFileSync(path.join(directory, `${name}.gz`), gzipSync(text));
  }
  writeFileSync(path.join(directory, 'theme.js'), '1;');
  writeFileSync(path.join(directory, 'secret.txt'), 'not of a kind that is served');
  files = readWebFiles(directory) as WebFiles;
  server = createHttpServer({
    settings: { trustProxy: [], bodyLimitBytes: 1024, corsOrigins: [], compressionThresholdBytes: 1024 },
    slowRequestMs: 60_000,
    log: createSilentLogger(),
    metrics: { recordHttpRequest() {} },
    tracing: noTracing(),
    readiness: [],
    answerUnknown: (request, reply) => answerWithPage(files, request, reply),
  });
  server.fastify.get('/api/v1/things/:thingId', (_request, reply) => reply.send({ thing: 1 }));
  registerWeb(server.fastify, files);
  await server.fastify.ready();
  await new Promise<void>((resolve) => server.fastify.server.listen(0, '127.0.0.1', resolve));
  port = (server.fastify.server.address() as AddressInfo).port;
});
afterAll(async () => {
  await server.fastify.close();
  rmSync(directory, { recursive: true });
});

const send = (method: string, url: string, headers: Record<string, string> = {}) =>
  exchange(port, method, url, { headers });

describe('the page', () => {
  test.each(['/', '/posts/0198c0de', '/@ada', '/settings?tab=1', '/tags/%E6%97%A5', '/apiary', '/no.such.page'])(
    'is what a browser gets at %s',
    async (url) => {
      const { status, headers, text } = await send('GET', url, NAVIGATION);
      expect([status, text]).toEqual([200, PAGE]);
      expect(headers['content-type']).toBe('text/html; charset=utf-8');
      expect(headers['cache-control']).toBe('public, no-cache');
      expect(headers['vary']).toMatch(/accept, accept-encoding/);
    },
  );

  test('runs its own scripts only, and nothing that was written into it', async () => {
    const { headers } = await send('GET', '/', NAVIGATION);
    const policy = String(headers['content-security-policy']);
    expect(policy).toMatch(/default-src 'none'/);
    expect(policy).toMatch(/script-src 'self'(;|$)/);
    expect(policy).toMatch(/style-src 'self'(;|$)/);
    expect(policy).toMatch(/require-trusted-types-for 'script'/);
    expect(policy).not.toMatch(/unsafe/);
    expect(headers['x-frame-options']).toBe('DENY');
  });

  // Turned red by a fallback that answers whatever no route has.
  test.each([
    ['GET', '/api/v1/nothing', NAVIGATION],
    ['GET', '/API/v1/nothing', NAVIGATION],
    ['GET', '/assets/index-old.js', NAVIGATION],
    ['GET', '/graphql/nothing', NAVIGATION],
    ['GET', '/docs/nothing', NAVIGATION],
    ['GET', '/', {}],
    ['GET', '/', { accept: '*/*' }],
    ['GET', '/posts/1', { accept: 'application/json' }],
    ['POST', '/', NAVIGATION],
  ] as const)('is not the answer to %s %s with %j', async (method, url, headers) => {
    const answer = await send(method, url, headers);
    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'not_found' });
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  test('is not sent again when it has not changed, nor with HEAD', async () => {
    const first = await send('GET', '/', NAVIGATION);
    const again = await send('GET', '/', { ...NAVIGATION, 'if-none-match': String(first.headers['etag']) });
    expect([again.status, again.text]).toEqual([304, '']);
    const head = await send('HEAD', '/', NAVIGATION);
    expect([head.status, head.text, head.headers['etag']]).toEqual([200, '', first.headers['etag']]);
  });
});

describe('files', () => {
  test('with a hash in their name are kept for ever, others are asked for each time', async () => {
    const script = await send('GET', '/assets/index-1a2b.js');
    expect([script.status, script.text]).toEqual([200, SCRIPT]);
    expect(script.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    });
    expect((await send('GET', '/theme.js')).headers['cache-control']).toBe('public, no-cache');
  });

  test.each([
    ['gzip, deflate, br', 'br', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
  ])('come compressed by the build for %s', async (accepted, encoding, decompress) => {
    const { headers, body } = await send('GET', '/assets/index-1a2b.js', { 'accept-encoding': accepted });
    expect(headers['content-encoding']).toBe(encoding);
    expect(decompress(body).toString()).toBe(SCRIPT);
    expect(body).toEqual(encoding === 'br' ? brotliCompressSync(SCRIPT) : gzipSync(SCRIPT));
  });

  test.each(['/secret.txt', '/assets/index-1a2b.js.br', '/assets/..%2fsecret.txt', '/index.html'])(
    '%s is none of them',
    async (url) => {
      expect((await send('GET', url)).status).toBe(404);
    },
  );
});

test('what has not been built is not there', () => {
  expect(readWebFiles(path.join(directory, 'assets'))).toBeNull();
  expect(readWebFiles(path.join(directory, 'nowhere'))).toBeNull();
});
