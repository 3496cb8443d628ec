import { request as httpRequest } from 'node:http';
import { expect, test, vi } from 'vitest';
import { loadConfig } from '../../config/index.js';
import { createRateLimiter } from '../../platform/rate-limit/index.js';
import { createTracing } from '../../platform/telemetry/index.js';
import { attributesOf, type ReceivedSpan, withCollector } from '../../testing/otlp-collector.js';
import { exchange, startToyServer, type ToyServerOptions } from '../../testing/toy-api.js';

/** A machine under load takes its time. */
const PATIENTLY = { timeout: 15_000 };
const TENANT = '01900000-0000-7000-8000-000000000001';

/** The spans that a toy server has exported when `use` is through with it. */
async function spansOf(
  options: ToyServerOptions,
  use: (server: Awaited<ReturnType<typeof startToyServer>>) => Promise<void>,
): Promise<ReceivedSpan[]> {
  const spans: ReceivedSpan[] = [];
  await withCollector(200, async (endpoint, received) => {
    const tracing = await createTracing(loadConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }));
    const server = await startToyServer({ ...options, tracing });
    try {
      await use(server);
    } finally {
      await server.close();
      await tracing.close();
    }
    spans.push(...received.flatMap((batch) => batch.spans));
  });
  return spans;
}

// Seeded bug that turns this red: an answer that names the caller's span, or one that is never exported.
test('the span of a request hangs under its caller, and the answer names it (O2)', async () => {
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
  const named: unknown[] = [];
  const spans = await spansOf({}, async ({ port }) => {
    for (const traceparent of [`00-${trace}-00f067aa0ba902b7-01`, 'nonsense', `00-${trace}-00f067aa0ba902b7-00`]) {
      const { headers } = await exchange(port, 'GET', '/api/v1/notes/a-secret-id', { headers: { traceparent } });
      named.push(headers['traceparent']);
    }
  });
  // What the caller does not sample is not recorded.
  expect(spans).toHaveLength(2);
  expect(named).toEqual([
    ...spans.map(({ traceId, spanId }) => `00-${traceId}-${spanId}-01`),
    `00-${trace}-00f067aa0ba902b7-00`,
  ]);
  expect(spans[0]).toMatchObject({
    traceId: trace,
    parentSpanId: '00f067aa0ba902b7',
    name: 'GET /api/v1/notes/:noteId',
    kind: 2,
  });
  expect(spans[0] && attributesOf(spans[0])).toEqual({
    'http.request.method': 'GET',
    'http.route': '/api/v1/notes/:noteId',
    'http.response.status_code': 200,
    'url.scheme': 'http',
    'nova.tenant_id': TENANT,
  });
  expect(JSON.stringify(spans)).not.toContain('a-secret-id');
});

test('refused and failed requests have their span, too', async () => {
  const rateLimiter = createRateLimiter({
    ratesPerMinute: { free: 2, pro: 1, enterprise: 1 },
    maxEntries: 10,
    now: () => 0,
  });
  const spans = await spansOf({ rateLimiter }, async ({ port }) => {
    const asUser = { headers: { authorization: 'Bearer user-a' } };
    await exchange(port, 'GET', '/api/v1/notes', { headers: { authorization: 'Bearer wrong' } });
    await exchange(port, 'GET', '/api/v1/notes/busy', asUser);
    await exchange(port, 'GET', '/api/v1/notes/broken', asUser);
    await exchange(port, 'GET', '/api/v1/notes/one', asUser);
    await exchange(port, 'GET', '/nowhere');
    await exchange(port, 'PROPFIND', '/nowhere');
    await exchange(port, 'GET', '/api/v1/echo/%zz');
  });
  const told = spans.map((span) => {
    const attributes = attributesOf(span);
    return [
      span.name,
      attributes['http.request.method'],
      attributes['http.response.status_code'],
      attributes['error.type'],
      attributes['nova.tenant_id'],
      span.status.code ?? 0,
    ];
  });
  expect(told).toEqual([
    ['GET /api/v1/notes', 'GET', 401, undefined, undefined, 0],
    ['GET /api/v1/notes/:noteId', 'GET', 503, '503', TENANT, 2],
    ['GET /api/v1/notes/:noteId', 'GET', 500, '500', TENANT, 2],
    ['GET /api/v1/notes/:noteId', 'GET', 429, undefined, undefined, 0],
    ['GET', 'GET', 404, undefined, undefined, 0],
    ['HTTP', '_OTHER', 404, undefined, undefined, 0],
    ['GET', 'GET', 400, undefined, undefined, 0],
  ]);
});

test('a caller that hangs up leaves a span without a status', async () => {
  let started = false;
  let release = () => {};
  const slow = () =>
    new Promise<void>((resolve) => {
      started = true;
      release = resolve;
    });
  const recorded: number[] = [];
  const metrics = {
    recordHttpRequest: (...[, , status]: [string, string, number, number]) => void recorded.push(status),
  };
  const spans = await spansOf({ slow, metrics }, async ({ port }) => {
    const request = httpRequest({ host: '127.0.0.1', port, path: '/api/v1/slow', agent: false });
    request.on('error', () => {});
    request.end();
    await vi.waitUntil(() => started, PATIENTLY);
    request.destroy();
    await expect.poll(() => recorded, PATIENTLY).toEqual([499]);
    release();
  });
  const attributes = spans[0] && attributesOf(spans[0]);
  expect(attributes).toMatchObject({ 'error.type': 'undelivered' });
  expect(attributes).not.toHaveProperty('http.response.status_code');
});
