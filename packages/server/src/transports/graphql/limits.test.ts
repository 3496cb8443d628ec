import { buildSchema, getIntrospectionQuery, parse, specifiedRules, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { documentLimits } from './limits.js';

const schema = buildSchema(`
  type Query { me: User users(limit: Int): UserPage }
  type User { name: String friends(limit: Int): UserPage }
  type UserPage { items: [User!]! nextCursor: String }
`);
const LIMITS = { maxDepth: 5, maxCost: 1_000, maxAliases: 2 };
const refusals = (text: string) =>
  validate(schema, parse(text), [documentLimits(LIMITS)]).map((error) => error.message.replace(/^.*: /, ''));

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
    const below = (depth: number) =>
      `{ ...S } fragment S on Query { __type(name: "User") { ${'ofType { '.repeat(depth)} name ${'} '.repeat(depth)} } }`;
    expect(refusals(below(18))).toEqual([]);
    expect(refusals(below(19))).toEqual(['depth 21 is above the limit of 20']);
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

  it('refuse names that every object has, as a variable and as an alias', () => {
    expect(refusals('query ($__proto__: Int) { users(limit: $__proto__) { nextCursor } }')).toEqual([
      'a variable cannot be named __proto__',
    ]);
    expect(refusals('{ constructor: me { name } }')).toEqual(['an alias cannot be constructor']);
    expect(refusals('query ($proto: Int) { own: users(limit: $proto) { nextCursor } }')).toEqual([]);
  });

  it('refuse so many fields in one place that comparing them takes long', () => {
    expect(refusals(`{ me { ${'name '.repeat(200)} } }`)).toEqual([]);
    expect(refusals(`{ me { ${'name '.repeat(201)} } }`)).toEqual(['more than 200 fields in one place']);
  });

  it('refuse aliases beyond the limit, a second operation, and one of a kind that is not offered', () => {
    expect(refusals('{ a: me { name } b: me { name } }')).toEqual([]);
    expect(refusals('{ a: me { name } b: me { name } c: me { name } d: me { name } }')).toEqual([
      'more than 2 aliases',
    ]);
    // As often as its fragment is there.
    expect(refusals('{ me { ...A } } fragment A on User { a: name b: name }')).toEqual([]);
    expect(refusals('{ me { ...A friends { items { ...A } } } } fragment A on User { a: name b: name }')).toEqual([
      'more than 2 aliases',
    ]);
    expect(refusals('subscription { me { name } }')).toEqual(['there is no subscription here']);
    expect(refusals('query A { me { name } } query B { me { name } }')).toEqual(['send one operation in a document']);
  });
});
