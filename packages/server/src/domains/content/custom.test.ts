import { describe, expect, it } from 'vitest';
import { compileCheck } from '../../platform/operation/index.js';
import { CreatePostInput } from './schema.js';

const check = compileCheck(CreatePostInput);
const accepts = (custom: unknown): boolean => {
  try {
    check({ body: 'x', custom });
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'invalid_request', problems: [{ path: 'custom' }] });
    return false;
  }
};
const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) });
const lists = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));

describe('custom', () => {
  it.each([
    ['nothing', {}],
    ['values of all kinds', { a: null, b: true, c: 1.5, d: 'text', e: [1, 'two', null], 'any key ☃': {} }],
    ['five levels', nested(5)],
    ['four kilobytes', { a: 'x'.repeat(4_096 - '{"a":""}'.length) }],
  ])('takes %s', (_what, custom) => {
    expect(accepts(custom)).toBe(true);
  });

  it.each([
    ['six levels', nested(6)],
    ['six levels of lists', { a: lists(5) }],
    // Seeded bug that turns this red: a size that is measured before the depth runs out of stack.
    ['more levels than the stack has', { a: lists(100_000) }],
    ['four kilobytes and a byte', { a: 'x'.repeat(4_097 - '{"a":""}'.length) }],
    ['two thousand characters of three bytes', { a: 'あ'.repeat(2_000) }],
    ['__proto__', JSON.parse('{"a":{"__proto__":{"admin":true}}}')],
    ['constructor', { constructor: 1 }],
    ['NUL in a value', { a: ['\0'] }],
    ['NUL in a name', { 'a\0': 1 }],
    ['half a character', { a: '\ud800' }],
    ['half a character in a name', { '\ud800': 1 }],
    ['a number that JSON cannot write', { a: JSON.parse('1e400') }],
    ['a list', [1]],
    ['a text', '{}'],
    ['null', null],
  ])('refuses %s', (_what, custom) => {
    expect(accepts(custom)).toBe(false);
  });
});
