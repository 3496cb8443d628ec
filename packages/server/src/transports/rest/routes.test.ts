import { brotliDecompressSync } from 'node:zlib';
import Type from 'typebox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bindOperation, readOperation } from '../../platform/operation/index.js';
import { exchange, startToyServer } from '../../testing/toy-api.js';
import { createInputReader } from './input.js';

let server: Awaited<ReturnType<typeof startToyServer>>;

beforeAll(async () => {
  server = await startToyServer();
});
afterAll(async () => {
  await server.close();
});

const USER = { authorization: 'Bearer user-a' };
const get = async (path: string, headers: Record<string, string> = {}) => await fetch(server.api + path, { headers });
const create = async (key?: string) =>
  await fetch(`${server.api}/notes`, {
    method: 'POST',
    body: '{"text":"hi"}',
    headers: { ...USER, 'content-type': 'application/json', ...(key === undefined ? {} : { 'idempotency-key': key }) },
  });

describe('input', () => {
  test('texts of path and query become what the schema says', async () => {
    const response = await get('/echo/1?limit=5&ratio=-0.5&loud=false&ids=a,b&text=caf%C3%A9+%26+2%3D2');
    expect(await response.json()).toEqual({
      input: { noteId: '1', limit: 5, ratio: -0.5, loud: false, ids: ['a', 'b'], text: 'café & 2=2' },
    });
  });

  test('an empty list is empty, a name without a value is an empty text', async () => {
    expect(await (await get('/echo/1?ids=&text')).json()).toEqual({ input: { noteId: '1', ids: [], text: '' } });
  });

  test('a path that names no input of its operation is refused when it is bound', () => {
    const operation = bindOperation(
      readOperation({
        name: 'toy.nothing',
        summary: 'Nothing',
        access: 'anyone',
        input: Type.Object({}, { additionalProperties: false }),
        output: Type.Null(),
        run: async () => null,
      }),
      {},
    );
    expect(() => createInputReader({ method: 'GET', path: '/x/:xId', operation, status: 200 })).toThrow(/xId/);
  });
});

describe('output', () => {
  test('only declared fields are sent', async () => {
    const response = await get('/notes/one');
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await response.json()).toEqual({
      id: 'one',
      text: 'hello',
      pinnedAt: null,
      kind: 'plain',
      tags: ['a', 'b "quoted"'],
    });
  });

  test('a deletion answers 204 without a body', async () => {
    const response = await fetch(`${server.api}/notes/one`, { method: 'DELETE', headers: USER });
    expect([response.status, await response.text()]).toEqual([204, '']);
    expect(response.headers.get('content-type')).toBeNull();
  });

  test('a prepared answer is sent as it is kept, with its entity tag, compressed on request', async () => {
    const plain = await get('/notes', { ...USER, 'accept-encoding': 'identity' });
    const text = await plain.text();
    const tag = plain.headers.get('etag') ?? '';
    expect(tag).toMatch(/^W\/"[\w-]{27}"$/);
    expect((JSON.parse(text) as { items: unknown[] }).items).toHaveLength(50);
    const again = await get('/notes', { ...USER, 'if-none-match': tag });
    expect([again.status, await again.text()]).toEqual([304, '']);
    const headers = { ...USER, 'accept-encoding': 'br' };
    const compressed = await exchange(server.port, 'GET', '/api/v1/notes', { headers });
    expect(compressed.headers['content-encoding']).toBe('br');
    expect(compressed.headers['etag']).toBe(tag);
    expect(brotliDecompressSync(compressed.body).toString()).toBe(text);
  });
});

describe('Idempotency-Key', () => {
  test('a repetition is marked, and tells no secret again', async () => {
    const first = await create('key 1');
    expect([first.status, first.headers.get('idempotency-replayed')]).toEqual([201, null]);
    const body = (await first.json()) as { note: object; token: string };
    expect(body.token).toBe('shown once');
    const second = await create('key 1');
    expect([second.status, second.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    expect(await second.json()).toEqual({ ...body, token: null });
  });

  test.each([['x'.repeat(256)], [''], ['tab\tin it'], ['caf\u00e9']])('the key %j is refused', async (key) => {
    const response = await create(key);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      code: 'invalid_request',
      problems: [{ path: 'Idempotency-Key', reason: 'must be 1 to 255 printable ASCII characters' }],
    });
  });

  test.each([['x'], ['x'.repeat(255)], ['"quoted, with ~ and spaces"']])('the key %j is taken', async (key) => {
    expect((await create(key)).status).toBe(201);
  });
});
