import Type from 'typebox';
import { describe, expect, it } from 'vitest';
import { NovaError, type Problem } from '../errors/index.js';
import { compileCheck } from './validate.js';

const check = compileCheck(
  Type.Object(
    {
      name: Type.String({ minLength: 1, maxLength: 10 }),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
      inner: Type.Optional(Type.Object({ tags: Type.Array(Type.String()) }, { additionalProperties: false })),
    },
    { additionalProperties: false },
  ),
);

function problemsOf(value: unknown): readonly Problem[] {
  try {
    check(value);
  } catch (error) {
    if (error instanceof NovaError && error.code === 'invalid_request') return error.problems;
    throw error;
  }
  throw new Error('accepted');
}

describe('input validation', () => {
  it('gives the value back', () => {
    const value = { name: 'a', inner: { tags: ['x'] } };
    expect(check(value)).toBe(value);
  });

  it('names each field and its reason', () => {
    expect(problemsOf({ limit: 101, extra: 1 })).toEqual(
      expect.arrayContaining([
        { path: 'name', reason: 'is required' },
        { path: 'extra', reason: 'is not a field here' },
        { path: 'limit', reason: expect.stringContaining('100') },
      ]),
    );
    expect(problemsOf({ name: 'a', inner: { tags: ['ok', 5] } })).toEqual([
      { path: 'inner.tags.1', reason: expect.stringContaining('string') },
    ]);
  });

  it('names the choices where there are some', () => {
    const choice = compileCheck(Type.Object({ plan: Type.Union([Type.Literal('free'), Type.Literal('pro')]) }));
    expect(() => choice({ plan: 'gold' })).toThrow(
      expect.objectContaining({ problems: [{ path: 'plan', reason: 'must be free or pro' }] }),
    );
  });

  it('refuses text that PostgreSQL cannot store', () => {
    expect(problemsOf({ name: 'a\0b' })).toEqual([{ path: 'name', reason: expect.stringContaining('NUL') }]);
    expect(problemsOf({ name: 'a', inner: { tags: ['\ud800'] } })).toEqual([
      { path: 'inner.tags.0', reason: expect.stringContaining('Unicode') },
    ]);
  });

  it('refuses own properties that would be a prototype elsewhere', () => {
    expect(problemsOf(JSON.parse('{"name":"a","__proto__":{"x":1}}'))).toEqual([
      { path: '__proto__', reason: 'is not a field here' },
    ]);
  });

  // Seeded bug that turns this red: a walk down an open value as deep as it goes runs out of stack.
  it('refuses open values that are deeper than anything needs', () => {
    const open = compileCheck(Type.Object({ value: Type.Unknown() }));
    const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
    expect(open({ value: nested(40) })).toBeDefined();
    expect(() => open({ value: nested(100_000) })).toThrow(
      expect.objectContaining({ problems: [{ path: expect.stringMatching(/^value\.0/), reason: expect.any(String) }] }),
    );
  });

  it('keeps its answer short whatever is sent', () => {
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`${'x'.repeat(300)}${i}`, i]));
    const problems = problemsOf({ name: 'a', ...many });
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThanOrEqual(20);
    expect(JSON.stringify(problems).length).toBeLessThan(10_000);
  });
});
