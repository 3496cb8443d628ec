import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exchange, startToyServer } from '../../testing/toy-api.js';
import type { ProblemDetails } from '../http/index.js';

let server: Awaited<ReturnType<typeof startToyServer>>;

beforeAll(async () => {
  server = await startToyServer();
});
afterAll(async () => {
  await server.close();
});

interface Refusal {
  readonly status: number;
  readonly problem: ProblemDetails;
}

async function send(
  method: string,
  path: string,
  options: { body?: string | Buffer; headers?: Record<string, string> } = {},
): Promise<Refusal> {
  const { status, headers, text } = await exchange(server.port, method, `/api/v1${path}`, options);
  const problem = (text === '' ? {} : JSON.parse(text)) as ProblemDetails;
  if (status >= 400) {
    expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(headers['cache-control']).toBe('no-store');
    expect(problem).toMatchObject({ status, requestId: headers['x-request-id'], type: `/docs/errors#${problem.code}` });
  }
  return { status, problem };
}

const JSON_TYPE = { 'content-type': 'application/json', authorization: 'Bearer user-a' };
const post = (body: string | Buffer, headers: Record<string, string> = JSON_TYPE) =>
  send('POST', '/notes', { body, headers });
const problemsOf = async (refusal: Promise<Refusal>) => {
  const { status, problem } = await refusal;
  expect(problem.code).toBe('invalid_request');
  expect(status).toBe(400);
  expect(problem.retryable).toBe(false);
  return problem.problems;
};

describe('bodies', () => {
  test.each([
    ['a missing field', '{}', 'text', 'is required'],
    ['no body at all', '', 'text', 'is required'],
    ['an unknown field', '{"text":"a","extra":1}', 'extra', 'is not a field here'],
    ['a wrong type', '{"text":1}', 'text', /string/],
    ['null', '{"text":null}', 'text', /string/],
    ['too short a text', '{"text":""}', 'text', /1/],
    ['100 KB of text', JSON.stringify({ text: 'x'.repeat(100_000) }), 'text', /1000/],
    ['NUL', '{"text":"a\\u0000b"}', 'text', 'must not contain the NUL character'],
    ['a lone surrogate', '{"text":"\\ud800"}', 'text', 'must be well-formed Unicode'],
    ['an array', '[{"text":"a"}]', '', 'the body must be a JSON object'],
    ['a text', '"text"', '', 'the body must be a JSON object'],
    ['a null', 'null', '', 'the body must be a JSON object'],
    ['deep nesting', `{"text":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, 'text', /string/],
    ['half an object', '{"text":"a"', '', /^the body is not valid JSON: .*position/],
    ['a bare word', '{"text":secret}', '', /^the body is not valid JSON: Unexpected token 's'$/],
    ['two values', '{"text":"a"}{}', '', /^the body is not valid JSON/],
    ['__proto__', '{"text":"a","__proto__":{"admin":true}}', '', /__proto__/],
    ['__proto__ in disguise', '{"text":"a","\\u005f_proto__":{"admin":true}}', '', /__proto__/],
    ['constructor.prototype', '{"text":"a","constructor":{"prototype":{}}}', '', /constructor\.prototype/],
    ['a bad number', '{"text":01}', '', /^the body is not valid JSON/],
  ])('%s is refused with the place and the reason', async (_what, body, path, reason) => {
    const problems = (await problemsOf(post(body))) ?? [];
    const found = problems.find((problem) => problem.path === path);
    expect(found, JSON.stringify(problems)).toBeDefined();
    if (typeof reason === 'string') expect(found?.reason).toBe(reason);
    else expect(found?.reason).toMatch(reason);
  });

  test('invalid UTF-8 is refused instead of repaired', async () => {
    const body = Buffer.concat([Buffer.from('{"text":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
    expect(await problemsOf(post(body))).toEqual([{ path: '', reason: 'the body is not valid UTF-8' }]);
  });

  test('the text of a broken body is not told back', async () => {
    const { problem } = await post('{"text":"hunter2" "password":"hunter3"}');
    expect(JSON.stringify(problem)).not.toContain('hunter');
  });

  test('more than the limit is refused, announced or not', async () => {
    const body = JSON.stringify({ text: 'x'.repeat(300_000) });
    const announced = await post(body);
    expect([announced.status, announced.problem.code]).toEqual([413, 'payload_too_large']);
    const chunked = await post(body, { ...JSON_TYPE, 'transfer-encoding': 'chunked' });
    expect([chunked.status, chunked.problem.code]).toEqual([413, 'payload_too_large']);
  });

  test.each([
    ['text/plain'],
    ['application/x-www-form-urlencoded'],
    ['multipart/form-data; boundary=x'],
    ['application/json; charset=latin1'],
    ['application/json; charset=utf-16'],
    ['application/merge-patch+json'],
    ['nonsense'],
    ['application/jsonp'],
  ])('the content type %s is refused', async (type) => {
    const { status, problem } = await post('{"text":"a"}', { ...JSON_TYPE, 'content-type': type });
    expect([status, problem.code]).toEqual([415, 'unsupported_media_type']);
  });

  test('a body without a content type, or compressed, is refused', async () => {
    const bare = await post('{"text":"a"}', { authorization: 'Bearer user-a' });
    expect([bare.status, bare.problem.code]).toEqual([415, 'unsupported_media_type']);
    const compressed = await post('{"text":"a"}', { ...JSON_TYPE, 'content-encoding': 'gzip' });
    expect([compressed.status, compressed.problem.code]).toEqual([415, 'unsupported_media_type']);
  });

  test.each([['application/json'], ['application/json; charset=utf-8'], ['application/json;charset="UTF-8"']])(
    'the content type %s is taken',
    async (type) => {
      expect((await post('{"text":"a"}', { ...JSON_TYPE, 'content-type': type })).status).toBe(201);
    },
  );

  test('a name given in path and body is refused', async () => {
    const headers = { ...JSON_TYPE, authorization: 'Bearer secret' };
    const body = '{"noteId":"other","text":"a"}';
    expect(await problemsOf(send('PATCH', '/notes/one', { body, headers }))).toEqual([
      { path: 'noteId', reason: 'is given in the path already' },
    ]);
    expect((await send('PATCH', '/notes/one', { headers })).status).toBe(200);
  });

  test('fields in the query of a method with a body are refused, not lost', async () => {
    expect(await problemsOf(send('POST', '/notes?text=a', { body: '{"text":"b"}', headers: JSON_TYPE }))).toEqual([
      { path: 'text', reason: 'belongs in the body, not in the query string' },
    ]);
  });

  test('DELETE takes no body; an empty one with a content type is none', async () => {
    expect(await problemsOf(send('DELETE', '/notes/one', { body: '{"a":1}', headers: JSON_TYPE }))).toEqual([
      { path: '', reason: 'DELETE takes no body' },
    ]);
    expect((await send('DELETE', '/notes/one', { headers: JSON_TYPE })).status).toBe(204);
  });
});

describe('paths and queries', () => {
  test.each([
    ['a name given twice', '/echo/x?limit=1&limit=2', 'limit', 'is given more than once'],
    ['a name given in path and query', '/echo/x?noteId=y', 'noteId', 'is given in the path already'],
    ['an unknown name', '/echo/x?nope=1', 'nope', 'is not a field here'],
    ['__proto__', '/echo/x?__proto__=1', '__proto__', 'is not a field here'],
    ['constructor', '/echo/x?constructor=1', 'constructor', 'is not a field here'],
    ['a text for an integer', '/echo/x?limit=ten', 'limit', /integer/],
    ['a fraction for an integer', '/echo/x?limit=1.5', 'limit', /integer/],
    ['an exponent for an integer', '/echo/x?limit=1e1', 'limit', /integer/],
    ['nothing for an integer', '/echo/x?limit=', 'limit', /integer/],
    ['too large an integer', '/echo/x?limit=101', 'limit', /100/],
    ['too small an integer', '/echo/x?limit=0', 'limit', /1/],
    ['a huge integer', '/echo/x?limit=99999999999999999999', 'limit', /integer|100/],
    ['Infinity', '/echo/x?ratio=Infinity', 'ratio', /number/],
    ['NaN', '/echo/x?ratio=NaN', 'ratio', /number/],
    ['a number for a boolean', '/echo/x?loud=1', 'loud', /boolean/],
    ['too many items', '/echo/x?ids=a,b,c,d', 'ids', /3/],
    ['too long an item', '/echo/x?ids=a,12345678901', 'ids.1', /10/],
    ['NUL in the query', '/echo/x?text=a%00', 'text', 'must not contain the NUL character'],
    ['NUL in the path', '/echo/a%00', 'noteId', 'must not contain the NUL character'],
    ['broken encoding of a value', '/echo/x?text=%zz', 'text', 'is not valid percent-encoded UTF-8'],
    ['half an encoding', '/echo/x?text=%', 'text', 'is not valid percent-encoded UTF-8'],
    ['an encoded surrogate', '/echo/x?text=%ED%A0%80', 'text', 'is not valid percent-encoded UTF-8'],
    ['broken encoding of a name', '/echo/x?%ff=1', '', 'the query string is not valid percent-encoded UTF-8'],
    ['too long a parameter', `/echo/${'x'.repeat(41)}`, 'noteId', /40/],
  ])('%s is refused with the place and the reason', async (_what, path, place, reason) => {
    const problems = (await problemsOf(send('GET', path))) ?? [];
    const found = problems.find((problem) => problem.path === place);
    expect(found, JSON.stringify(problems)).toBeDefined();
    if (typeof reason === 'string') expect(found?.reason).toBe(reason);
    else expect(found?.reason).toMatch(reason);
  });

  test.each([
    ['broken encoding in the path', '/echo/%zz'],
    ['an encoded surrogate in the path', '/echo/%ED%A0%80'],
    ['an overlong encoding in the path', '/echo/%C0%AF'],
    ['a very long segment', `/echo/${'x'.repeat(5000)}`],
  ])('%s is refused', async (_what, path) => {
    const { status, problem } = await send('GET', path);
    expect([status, problem.code]).toEqual([400, 'invalid_request']);
    expect(problem.detail).toBeTypeOf('string');
  });

  test('a path that climbs leads nowhere', async () => {
    expect((await send('GET', '/echo/../../../etc/passwd')).status).toBe(404);
    expect((await send('GET', '/echo/..%2f..%2fetc')).status).toBe(200);
  });

  test('as many unknown names as fit are answered shortly', async () => {
    const many = Array.from({ length: 1500 }, (_, n) => `n${n}=1`).join('&');
    const problems = await problemsOf(send('GET', `/echo/x?${many}`));
    expect(problems?.length ?? 0).toBeLessThanOrEqual(20);
  });

  test('a body with GET is ignored', async () => {
    const { status } = await send('GET', '/echo/x', { body: '{broken', headers: { 'content-type': 'text/plain' } });
    expect(status).toBe(200);
  });
});

test('random bytes as path, query, body and headers never give a 5xx', async () => {
  const random = mulberry32(20261122);
  const pick = (alphabet: string, length: number) =>
    Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
  const urlish = 'ab09%&=?+/.,;:@!$\'()*-_~[]{}|^`"<>\\';
  const jsonish = '{}[]":,\\u0d8tfn1-.e __proto__text';
  for (let round = 0; round < 150; round += 1) {
    const path = `/echo/${pick(urlish, Math.floor(random() * 30))}`;
    const answers = await Promise.all([
      send('GET', path),
      post(pick(jsonish, Math.floor(random() * 60))),
      send('GET', '/echo/x', { headers: { 'idempotency-key': pick(urlish, 300), authorization: pick(urlish, 20) } }),
    ]);
    for (const { status } of answers) expect(status).toBeLessThan(500);
  }
});

/** A small seeded generator, so that a failure can be repeated. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
