import fc from 'fast-check';
import { buildSchema, getIntrospectionQuery, parse, specifiedRules, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { costOf, documentLimits } from './limits.js';

const schema = buildSchema(`
  type Query { me: User users(limit: Int): UserPage }
  type User { name: String friends(limit: Int): UserPage }
  type UserPage { items: [User!]! nextCursor: String }
`);
const LIMITS = { maxDepth: 5, maxCost: 1_000, maxAliases: 2 };
const refusals = (text: string) =>
  validate(schema, parse(text), [documentLimits(LIMITS)]).map((error) => error.message.replace(/^.*: /, ''));
const cost = (text: string, variables = {}) => costOf(parse(text), variables, 1_000_000);

describe('limits of a document', () => {
  it('count fields below fields, through fragments', () => {
    expect(refusals('{ me { friends { items { friends { nextCursor } } } } }')).toEqual([]);
    expect(refusals('{ me { friends { items { friends { items { name } } } } } }')).toEqual([
      'depth 6 is above the limit of 5',
    ]);
    const fragments = '{ me { ...A } } fragment A on User { friends { items { ...B } } }';
    expect(refusals(`${fragments} fragment B on User { friends { items { name } } }`)).toEqual([
      'depth 6 is above the limit of 5',
    ]);
  });

  it('let tools ask for the schema, but not for all of it in all of it', () => {
    const rules = [...specifiedRules, documentLimits(LIMITS)];
    expect(validate(schema, parse(getIntrospectionQuery()), rules)).toEqual([]);
    const nested = `{ __schema { types { ${'fields { type { '.repeat(5)} name ${'} }'.repeat(5)} } } }`;
    expect(validate(schema, parse(nested), rules)).not.toEqual([]);
  });

  it('end on fragments that contain themselves', () => {
    expect(refusals('{ me { ...A } } fragment A on User { friends { items { ...A } } }')).toEqual([]);
  });

  it('refuse fragments that double at each step at once: one request must not hold the process', () => {
    const doubling = (times: number) => {
      const steps = Array.from({ length: times }, (_, i) => `fragment F${i} on User { ...F${i + 1} ...F${i + 1} }`);
      return `{ me { ...F0 } } ${steps.join(' ')} fragment F${times} on User { friends { items { name } } }`;
    };
    expect(refusals(doubling(5))).toEqual([]);
    expect(refusals(doubling(200))).toEqual(['more than 5000 fields']);
    expect(refusals(doubling(5).replace('{ name }', '{ friends { items { name } } }'))).toEqual([
      'depth 6 is above the limit of 5',
    ]);
  });

  it('refuse an alias that would not go into an Idempotency-Key', () => {
    expect(refusals(`{ ${'a'.repeat(200)}: me { name } }`)).toEqual([]);
    expect(refusals(`{ ${'a'.repeat(201)}: me { name } }`)).toEqual(['an alias has more than 200 characters']);
  });

  it('refuse so many fields in one place that comparing them takes long', () => {
    expect(refusals(`{ me { ${'name '.repeat(200)} } }`)).toEqual([]);
    expect(refusals(`{ me { ${'name '.repeat(201)} } }`)).toEqual(['more than 200 fields in one place']);
  });

  it('refuse aliases beyond the limit once, and a second operation', () => {
    expect(refusals('{ a: me { name } b: me { name } }')).toEqual([]);
    expect(refusals('{ a: me { name } b: me { name } c: me { name } d: me { name } }')).toEqual([
      'more than 2 aliases',
    ]);
    expect(refusals('query A { me { name } } query B { me { name } }')).toEqual(['send one operation in a document']);
  });
});

describe('cost of a document', () => {
  it('multiplies page sizes, whether they are written, in a variable or left out', () => {
    expect(cost('{ me { name } }')).toBe(2);
    // users, then items and nextCursor for each of ten, then name for each
    expect(cost('{ users(limit: 10) { items { name } nextCursor } }')).toBe(1 + 10 + 10 + 10);
    expect(cost('query ($n: Int) { users(limit: $n) { items { name } } }', { n: 10 })).toBe(1 + 10 + 10);
    expect(cost('{ users { items { name } } }')).toBe(1 + 50 + 50);
    expect(cost('query ($n: Int) { users(limit: $n) { items { name } } }')).toBe(1 + 50 + 50);
    expect(cost('query ($n: Int = 100) { users(limit: $n) { items { name } } }')).toBe(1 + 100 + 100);
    expect(cost('query ($n: Int = 100) { users(limit: $n) { items { name } } }', { n: 10 })).toBe(1 + 10 + 10);
    expect(cost('{ users(limit: 10) { items { friends(limit: 20) { items { name } } } } }')).toBe(
      1 + 10 + 10 + 200 + 200,
    );
  });

  it('counts a fragment as what it holds: a page only where it selects items', () => {
    const one = cost('{ users(limit: 10) { items { ...A } } } fragment A on User { name friends { nextCursor } }');
    expect(one).toBe(1 + 10 + 10 + 10 + 10);
    expect(cost('{ users { ...P } } fragment P on UserPage { items { name } }')).toBe(1 + 50 + 50);
  });

  it('does not count what is asked of the schema', () => {
    expect(cost(getIntrospectionQuery())).toBeLessThan(10);
  });

  it('is no lower for a page size that is negative or absurd', () => {
    expect(cost('{ users(limit: -5) { items { name } } }')).toBeGreaterThanOrEqual(3);
    expect(cost('query ($n: Int) { users(limit: $n) { items { name } } }', { n: -1e9 })).toBeGreaterThanOrEqual(3);
  });

  it('stops counting at the ceiling, so that fragments which double at each step stay cheap', () => {
    const steps = Array.from(
      { length: 60 },
      (_, i) =>
        `fragment F${i} on User { friends { items { ...F${i + 1} } } more: friends { items { ...F${i + 1} } } }`,
    );
    const text = `{ me { ...F0 } } ${steps.join(' ')} fragment F60 on User { name }`;
    expect(costOf(parse(text), {}, 5_000)).toBeGreaterThan(5_000);
  });

  it('never falls when a page grows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 100 }), (a, b) => {
        const of = (n: number) =>
          cost('query ($n: Int) { users(limit: $n) { items { friends { items { name } } } } }', { n });
        expect(of(Math.max(a, b))).toBeGreaterThanOrEqual(of(Math.min(a, b)));
      }),
    );
  });
});
