import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startToyServer } from '../../testing/toy-api.js';

/** Sends bytes as they are and reads until the server hangs up. */
async function exchangeBytes(port: number, ...parts: (string | Buffer)[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', () => {});
  await once(socket, 'connect');
  for (const part of parts) socket.write(part);
  await once(socket, 'close');
  return Buffer.concat(chunks).toString();
}

function problemOf(answer: string) {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  expect(head).toContain('content-type: application/problem+json; charset=utf-8');
  expect(head.toLowerCase()).toContain('connection: close');
  return { status: Number(head.split(' ')[1]), ...(JSON.parse(body) as { code: string; requestId: string }) };
}

const GET = 'GET /api/v1/notes/one HTTP/1.1\r\nHost: x\r\n';

describe.each([
  ['that the server accepts', false],
  ['that another process hands over', true],
])('on connections %s, what Node refuses is answered as a problem', (_whose, handedOver) => {
  let server: Awaited<ReturnType<typeof startToyServer>>;
  const raw = (...parts: (string | Buffer)[]) => exchangeBytes(server.port, ...parts);

  beforeAll(async () => {
    server = await startToyServer({ handedOver, timeouts: { headersMs: 200, requestMs: 300, checkMs: 20 } });
  });
  afterAll(async () => {
    await server.close();
  });

  test('huge headers', async () => {
    expect(problemOf(await raw(`${GET}X-Long: ${'x'.repeat(20_000)}\r\n\r\n`))).toMatchObject({
      status: 431,
      code: 'headers_too_large',
    });
  });

  test('a huge address', async () => {
    const answer = await raw(`GET /api/v1/echo/x?text=${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`);
    expect(problemOf(answer)).toMatchObject({ status: 431, code: 'headers_too_large' });
  });

  test.each([
    ['no HTTP', 'hello\r\n\r\n'],
    ['TLS', Buffer.from('16030100a5010000a10303', 'hex')],
    ['NUL in a header', `${GET}X-Null: a\0b\r\n\r\n`],
    ['a header name with a space', `${GET}X Header: a\r\n\r\n`],
    ['two lengths', 'POST /api/v1/notes HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na'],
    [
      'length and chunks',
      'POST /api/v1/notes HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a negative length', 'POST /api/v1/notes HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n'],
  ])('%s', async (_what, bytes) => {
    expect(problemOf(await raw(bytes))).toMatchObject({ status: 400, code: 'invalid_request' });
  });

  test('no Host', async () => {
    const answer = problemOf(await raw('GET /api/v1/notes/one HTTP/1.1\r\n\r\n'));
    expect(answer).toMatchObject({ status: 400, code: 'invalid_request', requestId: expect.stringMatching(/./) });
    expect(await raw('GET /api/v1/notes/one HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1.1 200 OK/);
  });

  test('an expectation that nobody knows', async () => {
    const answer = problemOf(await raw(`${GET}Expect: foo\r\n\r\n`));
    expect(answer).toMatchObject({ status: 417, code: 'expectation_failed', requestId: expect.stringMatching(/./) });
    expect(await raw(`${GET}Expect: 100-Continue\r\nConnection: close\r\n\r\n`)).toMatch(
      /^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 OK/,
    );
  });

  test('headers that never end', async () => {
    expect(problemOf(await raw(GET))).toMatchObject({ status: 408, code: 'request_timeout' });
  });

  test('a body that never ends', async () => {
    const answer = await raw(
      'POST /api/v1/notes HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer user-a\r\n' +
        'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"text":',
    );
    expect(problemOf(answer)).toMatchObject({ status: 408, code: 'request_timeout' });
  });

  test('the server lives on after all of it', async () => {
    expect((await fetch(`${server.origin}/livez`)).status).toBe(200);
  });
});
