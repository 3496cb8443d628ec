import fc from 'fast-check';
import { buildSchema, getIntrospectionQuery, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { COST_DIRECTIVE, createCostOf } from './cost.js';

const schema = buildSchema(`
  ${COST_DIRECTIVE}
  type Query { me: User users(limit: Int): UserPage texts(limit: Int): [Text!] }
  type Mutation { rename(name: String!): User }
  type Range { start: Int end: Int }
  type Text { ranges: [Range!] links: [Range!] @cost(weight: 4, whole: true) }
  type User { name: String bio: String @cost(weight: 5) friends(limit: Int = 10): UserPage }
  type UserPage { items: [User!]! nextCursor: String }
`);
const MAX_COST = 5_000;
const costOf = createCostOf(schema, 1_000_000);
const cost = (text: string, variables = {}) => costOf(parse(text), variables);

describe('cost of a document', () => {
  it('is what its fields can be in the answer: once, or once for each element of the lists around', () => {
    expect(cost('{ me { name } }')).toBe(2);
    expect(cost('mutation { rename(name: "x") { name __typename } }')).toBe(3);
    // Ten users, the list, ten names and the cursor.
    expect(cost('{ users(limit: 10) { items { name } nextCursor } }')).toBe(10 + 1 + 10 + 1);
    expect(cost('{ users(limit: 10) { items { friends(limit: 20) { items { name } } } } }')).toBe(
      10 + 1 + 200 + 10 + 200,
    );
  });

  it('counts a page by its limit: written, in a variable, or the default of the schema', () => {
    const page = (count: number) => count + 1 + count;
    expect(cost('query ($n: Int) { users(limit: $n) { items { name } } }', { n: 10 })).toBe(page(10));
    for (const without of ['', '(limit: null)']) {
      expect(cost(`{ users${without} { items { name } } }`)).toBe(page(50));
      expect(cost(`{ me { friends${without} { items { name } } } }`)).toBe(1 + page(10));
    }
    expect(cost('query ($n: Int) { me { friends(limit: $n) { items { name } } } }')).toBe(1 + page(10));
  });

  it('counts the items of a page also when none of them is asked for', () => {
    expect(cost('{ users(limit: 100) { nextCursor } }')).toBe(100 + 1);
  });

  it('counts long texts for more, and each alias', () => {
    expect(cost('{ users(limit: 10) { items { bio } } }')).toBe(10 + 1 + 50);
    expect(cost('{ users(limit: 10) { items { a: bio b: bio } } }')).toBe(10 + 1 + 100);
  });

  it('counts a whole by its weight, whatever is asked for below it', () => {
    expect(cost('{ texts(limit: 10) { ranges { start end } } }')).toBe(10 + 10 + 2 * 10 * 10);
    expect(cost('{ texts(limit: 10) { links { start end } } }')).toBe(10 + 40);
    expect(cost('{ texts(limit: 10) { a: links { start } b: links { end } } }')).toBe(10 + 80);
  });

  it('counts a fragment as what it holds, wherever it is', () => {
    expect(
      cost(
        '{ users(limit: 10) { ...P } } fragment P on UserPage { items { ...U ... on User { name } } } fragment U on User { bio }',
      ),
    ).toBe(10 + 1 + 50 + 10);
  });

  it('is no lower for a page size that is negative or absurd', () => {
    expect(cost('{ users(limit: -5) { items { name } } }')).toBe(3);
    expect(cost('query ($n: Int) { users(limit: $n) { items { name } } }', { n: -1e9 })).toBe(3);
  });

  it('stops counting at the ceiling, so that fragments which double at each step stay cheap', () => {
    const steps = Array.from(
      { length: 60 },
      (_, i) =>
        `fragment F${i} on User { friends { items { ...F${i + 1} } } more: friends { items { ...F${i + 1} } } }`,
    );
    const text = `{ me { ...F0 } } ${steps.join(' ')} fragment F60 on User { name }`;
    expect(createCostOf(schema, MAX_COST)(parse(text), {})).toBeGreaterThan(MAX_COST);
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

describe('cost of what the schema says of itself', () => {
  const limited = createCostOf(schema, MAX_COST);
  const share = (text: string) => limited(parse(text), {}) / MAX_COST;
  const options = {
    descriptions: true,
    schemaDescription: true,
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    oneOf: true,
  };

  it('is half of the limit for what tools ask, whatever the limit and the size of the schema', () => {
    const everything = getIntrospectionQuery({ inputValueDeprecation: true, schemaDescription: true });
    const large = buildSchema(
      `type Query { ${Array.from({ length: 300 }, (_, i) => `f${i}(a: [Int!]): Int`).join(' ')} }`,
    );
    expect(share(everything)).toBeCloseTo(0.5);
    expect(createCostOf(large, 10)(parse(everything), {}) / 10).toBeCloseTo(0.5);
    for (const query of [
      getIntrospectionQuery(),
      getIntrospectionQuery({ descriptions: false, typeDepth: 7 }),
      getIntrospectionQuery({ ...options, inputValueDeprecation: true, experimentalDirectiveDeprecation: true }),
    ]) {
      expect(share(query)).toBeGreaterThan(0.3);
      expect(share(query)).toBeLessThan(0.6);
    }
  });

  it('counts each value of the answer', () => {
    const values = (text: string) => share(text) / (share('{ __type(name: "User") { name } }') / 2);
    expect(values('{ __type(name: "User") { fields { name } } }')).toBeCloseTo(2 + 3);
    expect(values('{ __type(name: "Nobody") { fields { name } } }')).toBeCloseTo(1);
    expect(values('{ __schema { types { name } } }')).toBeCloseTo(2 + Object.keys(schema.getTypeMap()).length);
    // Of the two fields, `items` alone has a type within its type.
    expect(values('{ __type(name: "UserPage") { fields { type { ofType { name } } } } }')).toBeCloseTo(2 + 2 + 2 + 1);
    const twice =
      '{ a: __type(name: "User") { ...F } b: __type(name: "User") { ...F } } fragment F on __Type { a: name b: name }';
    expect(values(twice)).toBeCloseTo(6);
  });
});
