import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { afterEach, expect, test } from 'vitest';
import { createUnlimitedRateLimiter } from '../../platform/rate-limit/index.js';
import { createSilentLogger } from '../../platform/telemetry/index.js';
import { exchange, startToyServer, type ToyServerOptions } from '../../testing/toy-api.js';
import { openCalls } from './index.js';

/** More than the buffers of both ends hold, and gzip halves it. */
const LARGE = JSON.stringify({ noise: randomBytes(8 * 1024 * 1024).toString('hex') });
const DEADLINE_MS = 100;
/** A machine under load takes its time. */
const PATIENTLY = { timeout: 15_000 };

const servers: Awaited<ReturnType<typeof startToyServer>>[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** The toy API, with routes whose calls have a short deadline. */
async function start(routes: (scope: FastifyInstance) => void, options: ToyServerOptions = {}) {
  const server = await startToyServer({
    ...options,
    extend: ({ fastify }) => {
      void fastify.register((scope, _options, done) => {
        openCalls(scope, {
          log: createSilentLogger(),
          authenticate: async () => ({
            tenant: { id: '01900000-0000-7000-8000-000000000001', plan: 'free' },
            viewer: null,
            secret: false,
            keyId: null,
            keyScopes: null,
          }),
          rateLimiter: createUnlimitedRateLimiter(),
          requestTimeoutMs: DEADLINE_MS,
        });
        scope.get('/large', (_request, reply) => reply.type('application/json; charset=utf-8').send(LARGE));
        routes(scope);
        done();
      });
    },
  });
  servers.push(server);
  return server;
}

/** The headers of the answer; its body is not read yet. */
async function ask(port: number, path: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  const request = httpRequest({ host: '127.0.0.1', port, path, headers, agent: false });
  const answered = once(request, 'response');
  request.end();
  const [response] = (await answered) as [IncomingMessage];
  return response;
}

// Seeded bug that turns this red: a deadline that ends when the last byte is out, not when there is an answer.
test('an answer on its way is not touched by the deadline, however slowly it is read', async () => {
  const { port } = await start((scope) => {
    scope.get('/stuck', () => new Promise(() => {}));
  });
  const response = await ask(port, '/large', { 'accept-encoding': 'gzip' });
  // A later call has met the same deadline: that of the first has passed.
  expect((await exchange(port, 'GET', '/stuck')).status).toBe(503);
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  expect(gunzipSync(Buffer.concat(chunks)).toString() === LARGE).toBe(true);
});

test('an error before the first byte of a compressed answer is a plain problem', async () => {
  const { port } = await start((scope) => {
    scope.get('/broken', (_request, reply) => {
      const failing = new Readable({ read: () => failing.destroy(new Error('no more')) });
      reply.header('content-length', 1000);
      return reply.type('application/json; charset=utf-8').send(failing);
    });
  });
  const { status, headers, text } = await exchange(port, 'GET', '/broken', { headers: { 'accept-encoding': 'gzip' } });
  expect([status, headers['content-encoding']]).toEqual([500, undefined]);
  expect(JSON.parse(text)).toMatchObject({ code: 'internal' });
});

// Seeded bug that turns this red: nothing bounds a reader once there is an answer.
test('who does not read an answer is cut off in the end (I10)', async () => {
  const statuses: number[] = [];
  const metrics = {
    recordHttpRequest: (...[, , status]: [string, string, number, number]) => void statuses.push(status),
  };
  const { port } = await start(() => {}, { metrics, timeouts: { answerMs: 300 } });
  const response = await ask(port, '/large');
  await expect.poll(() => statuses, PATIENTLY).toEqual([499]);
  await expect(
    (async () => {
      for await (const _ of response);
    })(),
  ).rejects.toMatchObject({ code: 'ECONNRESET' });
});
