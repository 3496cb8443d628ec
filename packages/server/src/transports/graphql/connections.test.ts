import { buildASTSchema, isObjectType, parse, printType, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readApiSurface } from '../../testing/api-surface.js';
import { type Member, startTestApp, type TestApp } from '../../testing/test-app.js';
import { withConnections } from './connections.js';
import { COST_DIRECTIVE, createCostOf } from './cost.js';

/*
 * The same pages under Relay's names. Seeded bugs: `after` that is not handed on (the first page for ever), a last page
 * that says there is more, edges that load one by one, an error that names an argument nobody has given.
 */

let app: TestApp;
let ada: Member;
let bob: Member;

beforeAll(async () => {
  app = await startTestApp();
  ada = await app.signUp('ada');
  bob = await app.signUp('bob');
  await app.rest('PUT', `/users/${bob.id}/follow`, { token: ada.token });
  for (let i = 0; i < 7; i++) {
    await app.rest('POST', '/posts', { token: i % 2 ? ada.token : bob.token, body: { body: `post ${i}` } });
  }
});
afterAll(() => app?.close());

const ask = async (query: string, variables: Readonly<Record<string, unknown>> = {}) => {
  const { body } = await app.graphql(query, { token: ada.token, variables });
  return body as { data: Record<string, never>; errors?: { extensions: { code: string; problems: object[] } }[] };
};
const FEED = `query ($first: Int, $after: String) {
  homeFeed(first: $first, after: $after) {
    edges { cursor node { id author { handle posts(first: 2) { edges { node { id } } pageInfo { hasNextPage } } } } }
    items { id }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    nextCursor
  }
}`;

describe('connections', () => {
  it('lead through a list as limit and cursor do, and end where it ends', async () => {
    const rest = (await app.rest('GET', '/feed?limit=100', { token: ada.token })).body.items as { id: string }[];
    const ids: string[] = [];
    let after: string | null = null;
    let pages = 0;
    do {
      const { data, errors } = await ask(FEED, { first: 3, after });
      expect(errors).toBeUndefined();
      const { edges, items, pageInfo, nextCursor } = data['homeFeed'] as unknown as {
        edges: { cursor: string | null; node: { id: string } }[];
        items: object[];
        pageInfo: object;
        nextCursor: string | null;
      };
      expect(edges.map(({ node: { id } }) => ({ id }))).toEqual(items);
      expect(pageInfo).toEqual({
        hasNextPage: nextCursor !== null,
        hasPreviousPage: false,
        startCursor: null,
        endCursor: nextCursor,
      });
      expect(edges.map(({ cursor }) => cursor)).toEqual([...edges.slice(1).map(() => null), nextCursor]);
      ids.push(...edges.map(({ node }) => node.id));
      after = nextCursor;
      pages += 1;
    } while (after !== null);
    expect(ids).toEqual(rest.map(({ id }) => id));
    expect(pages).toBe(3);
  });

  it('load what is below all nodes of a page at once', async () => {
    const statements = async (first: number) => {
      await ask(FEED, { first });
      return (await app.queriesOf(() => ask(FEED, { first }))).queries.filter((name) => name.startsWith('content.'));
    };
    expect(await statements(7)).toHaveLength((await statements(2)).length);
  });

  it('are empty where nothing is', async () => {
    const { data } = await ask('{ listBlocks(first: 5) { edges { node { id } } pageInfo { hasNextPage endCursor } } }');
    expect(data['listBlocks']).toEqual({ edges: [], pageInfo: { hasNextPage: false, endCursor: null } });
  });

  it('refuse under the name that was given', async () => {
    const problems = async (query: string) => (await ask(query)).errors?.[0]?.extensions.problems;
    const limit = await problems('{ homeFeed(limit: 0) { nextCursor } }');
    const first = await problems('{ homeFeed(first: 0) { nextCursor } }');
    expect(limit).toEqual([{ path: 'limit', reason: expect.any(String) }]);
    expect(first).toEqual([{ ...limit?.[0], path: 'first' }]);
    expect(await problems('{ homeFeed(after: "") { nextCursor } }')).toMatchObject([{ path: 'after' }]);
    const edge = (name: string) => `{ homeFeed(limit: 1) { items { author { posts(${name}: 101) { nextCursor } } } } }`;
    expect(await problems(edge('first'))).toMatchObject([{ path: 'posts.first' }]);
    expect(await problems(edge('limit'))).toMatchObject([{ path: 'posts.limit' }]);
    expect((await ask('{ homeFeed(after: "made up") { nextCursor } }')).errors?.[0]?.extensions.code).toBe(
      'invalid_cursor',
    );
  });

  it('are there for every page of the schema, as the specification has them', async () => {
    const { schema } = await readApiSurface(app);
    const types = Object.values(schema.getTypeMap()).filter(isObjectType);
    const pages = types.filter((type) => 'nextCursor' in type.getFields());
    expect(pages.length).toBeGreaterThan(10);
    for (const page of pages) {
      expect(Object.keys(page.getFields()), page.name).toEqual(expect.arrayContaining(['edges', 'pageInfo', 'items']));
    }
    for (const type of types) {
      for (const field of Object.values(type.getFields())) {
        const names = field.args.map(({ name }) => name);
        expect(names.includes('first'), `${type.name}.${field.name}`).toBe(names.includes('limit'));
        expect(names.includes('after'), `${type.name}.${field.name}`).toBe(names.includes('cursor'));
      }
    }
  });
});

describe('a schema with connections', () => {
  const schema = buildASTSchema(
    withConnections(`
      ${COST_DIRECTIVE}
      type Query { me: User users(limit: Int, cursor: String): UserPage }
      type User { name: String friends(limit: Int = 10): UserPage! }
      type UserPage { items: [User!]! nextCursor: String }
      type Other { items: Int }
    `),
  );

  it('says what the domain has written, and the other names', () => {
    expect(printType(schema.getType('UserEdge') as never)).toContain('node: User!');
    expect(printType(schema.getType('Other') as never)).not.toContain('edges');
    expect(
      validate(
        schema,
        parse('{ users(first: 2, after: "x") { edges { node { friends(first: 1) { pageInfo { endCursor } } } } } }'),
      ),
    ).toEqual([]);
    expect(validate(schema, parse('{ me { friends(after: "x") { nextCursor } } }'))).toHaveLength(1);
  });

  it('costs what first asks for', () => {
    const cost = (query: string, variables = {}) => createCostOf(schema, 1_000_000)(parse(query), variables);
    const asked = (name: string, selected: string) => cost(`{ users(${name}: 30) { ${selected} } }`);
    expect(asked('first', 'items { name }')).toBe(asked('limit', 'items { name }'));
    // Nodes are fields of their own; the list of edges is one.
    expect(asked('first', 'edges { node { name } }')).toBe(asked('limit', 'items { name }') + 30);
    expect(cost('query ($n: Int) { users(first: $n) { nextCursor } }', { n: 70 })).toBe(71);
  });
});
