import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Operation } from './operation.js';
import { prepareRequest } from './request.js';
import { delayBefore, parseRetryAfter } from './retry.js';

const get: Operation<never, unknown> = { id: 'get', method: 'GET', path: '/a/{one}/b/{two}' };
const post: Operation<never, unknown> = {
  id: 'post',
  method: 'POST',
  path: '/a/{one}',
  hasBody: true,
  headers: { ifMatch: 'If-Match' },
};

describe('the parts of a request', () => {
  test('any text in path and query comes out as it went in', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((value) => !['.', '..'].includes(value));
    fc.assert(
      fc.property(text, text, fc.string({ unit: 'grapheme' }), (one, two, q) => {
        const { url } = prepareRequest('http://host', get, { one, two, q, n: 3, yes: true, none: undefined });
        const parsed = new URL(url);
        expect(parsed.pathname.split('/').map(decodeURIComponent)).toEqual(['', 'a', one, 'b', two]);
        expect(Object.fromEntries(parsed.searchParams)).toEqual({ q, n: '3', yes: 'true' });
      }),
    );
  });

  test('lists are written with commas', () => {
    expect(prepareRequest('', get, { one: 1, two: 2, ids: ['a', 'b&c'], none: [] }).url).toBe(
      '/a/1/b/2?ids=a,b%26c&none=',
    );
    expect(() => prepareRequest('', get, { one: 1, two: 2, ids: ['a,b'] })).toThrow(
      'get: an item of ids holds a comma',
    );
  });

  test.each([[undefined], [null], [''], ['.'], ['..'], [{}]])('%j makes no segment of a path', (one) => {
    expect(() => prepareRequest('', get, { one, two: 'b' })).toThrow(/^get: one/);
  });

  test('the rest is the body; headers are taken out of it', () => {
    expect(prepareRequest('', post, { one: 'x', ifMatch: '"3"', body: null, list: [1] })).toEqual({
      url: '/a/x',
      headers: { 'content-type': 'application/json', 'If-Match': '"3"' },
      body: '{"body":null,"list":[1]}',
    });
  });
});

describe('waits', () => {
  test('stay below a bound that doubles up to a ceiling, and above what the server asks', () => {
    const policy = { maxAttempts: 9, baseDelayMs: 100, maxDelayMs: 1_000 };
    const most = (attempt: number) => delayBefore(attempt, null, policy, () => 1);
    expect([1, 2, 3, 4, 5, 9].map(most)).toEqual([100, 200, 400, 800, 1_000, 1_000]);
    expect(delayBefore(3, null, policy, () => 0)).toBe(0);
    expect(delayBefore(1, 2_000, policy, () => 0)).toBe(2_000);
    expect(delayBefore(1, 2_000, policy, () => 0.5)).toBe(2_050);
  });

  test('Retry-After is seconds or a date', () => {
    const now = Date.parse('2026-01-01T00:00:00Z');
    expect(parseRetryAfter('2', now)).toBe(2_000);
    expect(parseRetryAfter('Thu, 01 Jan 2026 00:00:05 GMT', now)).toBe(5_000);
    expect(parseRetryAfter('Wed, 31 Dec 2025 00:00:00 GMT', now)).toBe(0);
    for (const nonsense of [null, '', '-1', '1.5', 'soon', 'Abc, never']) {
      expect(parseRetryAfter(nonsense, now)).toBeUndefined();
    }
  });
});
