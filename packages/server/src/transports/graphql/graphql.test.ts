import { createHash } from 'node:crypto';
import { getIntrospectionQuery, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { namedQueries } from '../../registry.js';
import { readApiSurface } from '../../testing/api-surface.js';
import { type Member, startTestApp, type TestApp } from '../../testing/test-app.js';
import { createCostOf } from './cost.js';

let app: TestApp;
let ada: Member;
let bob: Member;

beforeAll(async () => {
  // Statements are counted here, and memory answers some of them, or not, as time goes by.
  app = await startTestApp({ env: { NOVA_CACHE_RELATION_BYTES: '0' } });
  ada = await app.signUp('ada');
  bob = await app.signUp('bob');
  await app.rest('PUT', `/users/${bob.id}/follow`, { token: ada.token });
  for (let i = 0; i < 6; i++) {
    await app.rest('POST', '/posts', { token: i % 2 ? ada.token : bob.token, body: { body: `post ${i} #tag${i}` } });
  }
});

afterAll(() => app?.close());

const FEED =
  'query ($n: Int) { homeFeed(limit: $n) { items { id body author { handle posts(limit: 2) { items { id } } } } nextCursor } }';
const systemQueries = new Set(namedQueries().flatMap(({ name, role }) => (role === 'system' ? name : [])));
/** What the server asks by itself while a request is under way. */
const beside = (name: string) => systemQueries.has(name) || name.startsWith('outbox.');
const times = (count: number, field: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => field(i)).join(' ');
/** Fields of the types of fields: 10 MB and a second of work from 1 KB when nothing counts them. */
const TOO_MUCH_OF_THE_SCHEMA = [
  `{ ${times(10, (i) => `s${i}: __schema { types { ...A } }`)} }
   fragment A on __Type { ${times(10, (i) => `a${i}: fields { type { ofType { ...B } } }`)} }
   fragment B on __Type { ${times(10, (i) => `b${i}: fields { name description }`)} }`,
  `{ __type(name: "User") { ${'ofType { '.repeat(300)} name ${'}'.repeat(300)} } }`,
];
const send = (body: unknown, token: string | undefined = ada.token) =>
  fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  }).then(async (response) => ({ status: response.status, body: (await response.json()) as Record<string, never> }));

describe('GraphQL', () => {
  it('answers what REST answers', async () => {
    const rest = (await app.rest('GET', '/feed?limit=3', { token: ada.token })).body;
    const { body } = await app.graphql(FEED, { token: ada.token, variables: { n: 3 } });
    expect(body.data.homeFeed.nextCursor).toBe(rest.nextCursor);
    expect(body.data.homeFeed.items.map(({ id }: { id: string }) => id)).toEqual(
      rest.items.map(({ id }: { id: string }) => id),
    );
  });

  it('answers the same compiled (from the second time on) as interpreted (B1)', async () => {
    const query = `# never asked before\n${FEED}`;
    const answers: Record<string, unknown>[] = [];
    for (let i = 0; i < 4; i++)
      answers.push((await app.graphql(query, { token: ada.token, variables: { n: 4 } })).body);
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]?.['errors']).toBeUndefined();
  });

  it('keeps viewers apart in a compiled query', async () => {
    const query = '{ getMe { handle } }';
    for (const member of [ada, bob, ada, bob]) {
      expect((await app.graphql(query, { token: member.token })).body.data.getMe.handle).toBe(member.handle);
    }
  });

  it('loads an edge of all parents with one batch (B1, D19)', async () => {
    const ofFeed = (query: string) => /^(feed|graph)\.|^content\.posts|^identity\.users/.test(query);
    const run = async (n: number) => {
      const { queries } = await app.queriesOf(() => app.graphql(FEED, { token: ada.token, variables: { n } }));
      return queries.filter(ofFeed).sort();
    };
    const two = await run(2);
    expect(two).toContain('content.postsOfAuthors');
    expect(await run(6)).toEqual(two);
  });

  it('refuses what is too deep, too costly, aliased too often or two operations, before any statement', async () => {
    const deep = `{ homeFeed { items { ${'author { posts { items { '.repeat(5)} id ${'} } }'.repeat(5)} } } }`;
    const costly = '{ homeFeed(limit: 100) { items { author { posts(limit: 100) { items { id } } } } } }';
    const aliased = `{ ${Array.from({ length: 31 }, (_, i) => `a${i}: getMe { id }`).join(' ')} }`;
    const bodies = Array.from({ length: 30 }, (_, i) => `a${i}: body`).join(' ');
    const textual = `{ listPostsByAuthor(userId: "${ada.id}", limit: 100) { items { ${bodies} } } }`;
    const two = 'query A { getMe { id } } query B { getMe { id } }';
    for (const query of [deep, costly, aliased, textual, two, ...TOO_MUCH_OF_THE_SCHEMA]) {
      const { result, queries } = await app.queriesOf(() => app.graphql(query, { token: ada.token }));
      expect(result.status, query.slice(0, 60)).toBe(400);
      expect(queries.filter((name) => !beside(name))).toEqual([]);
    }
  });

  it('answers the longest page with all that REST gives, and a profile with its lists', async () => {
    const user = 'id handle displayName bio isPrivate createdAt';
    const post = `id author { ${user} } body imageName language visibility hashtags mentionedUserIds likeCount
      viewer { liked } createdAt updatedAt`;
    const lists = `posts(limit: 30) { items { ${post} } nextCursor } followers(limit: 50) { items { ${user} } }
      following(limit: 50) { items { ${user} } }`;
    for (const query of [
      `{ homeFeed(limit: 100) { items { ${post} } nextCursor } }`,
      `{ homeFeed(limit: 20) { items { ${post} likers(limit: 5) { items { ${user} } } } } }`,
      `{ homeFeed(limit: 20) { items { id body author { handle posts(limit: 5) { items { id body } } } } } }`,
      `{ getUser(userId: "${bob.id}") { ${user} counts { followers following } viewer { following } ${lists} } }`,
    ]) {
      const { status, body } = await app.graphql(query, { token: ada.token });
      expect([status, body.errors]).toEqual([200, undefined]);
    }
    // The example of docs/api.md.
    const costOf = createCostOf((await readApiSurface(app)).schema, 5_000);
    expect(costOf(parse('{ homeFeed(limit: 20) { items { id body author { handle } } } }'), {})).toBe(381);
  });

  it('gives each mutation of a document its own idempotency (I3)', async () => {
    const query = 'mutation { one: createPost(body: "one") { id } two: createPost(body: "two") { id } }';
    const headers = { 'idempotency-key': 'two mutations' };
    const first = (await app.graphql(query, { token: ada.token, headers })).body.data;
    const second = (await app.graphql(query, { token: ada.token, headers })).body.data;
    expect(first.one.id).not.toBe(first.two.id);
    expect(second).toEqual(first);
  });

  it('has the codes and the status of REST when there is no data, and 200 beside data', async () => {
    const unknown = '019b0000-0000-7000-8000-000000000000';
    const missing = await app.graphql(`{ getPost(postId: "${unknown}") { id } }`, { token: ada.token });
    expect(missing.status).toBe(404);
    expect(missing.body.errors[0].extensions).toMatchObject({ code: 'not_found', retryable: false });
    const partly = await app.graphql(`{ getMe { id } getPost(postId: "${unknown}") { id } }`, { token: ada.token });
    expect(partly).toMatchObject({
      status: 200,
      body: {
        data: { getMe: { id: ada.id }, getPost: null },
        errors: [{ path: ['getPost'], extensions: { code: 'not_found' } }],
      },
    });
    const anonymous = await app.graphql('{ getMe { id } }');
    expect(anonymous.status).toBe(401);
  });

  it('never answers a change that was made as if it had failed: a client would repeat it', async () => {
    const postsOf = async () => (await app.rest('GET', `/users/${ada.id}/posts`, { token: ada.token })).body.items;
    const before = (await postsOf()).length;
    const query = 'mutation { a: createPost(body: "made") { id } b: likePost(postId: "nope") { liked } }';
    // Interpreted at first, compiled from then on.
    for (let made = 1; made <= 3; made++) {
      const { status, body } = await app.graphql(query, { token: ada.token });
      expect(status).toBe(200);
      expect(body.data).toEqual({ a: { id: (await postsOf())[0].id }, b: null });
      expect(body.errors).toMatchObject([{ path: ['b'], extensions: { code: 'invalid_request' } }]);
      expect(await postsOf()).toHaveLength(before + made);
    }
    // What fails below the field comes after the change.
    const below = 'mutation { createPost(body: "made") { id author { posts(limit: 0) { nextCursor } } } }';
    for (let made = 4; made <= 6; made++) {
      const { status, body } = await app.graphql(below, { token: ada.token });
      expect([status, body.data]).toEqual([200, { createPost: null }]);
      expect(body.errors[0].path).toEqual(['createPost', 'author', 'posts']);
      expect(await postsOf()).toHaveLength(before + made);
    }
    const none = await app.graphql('mutation { likePost(postId: "nope") { liked } }', { token: ada.token });
    expect([none.status, none.body.data]).toEqual([400, { likePost: null }]);
  });

  it('counts each root field against the plan, as a request of its own', async () => {
    const env = { NOVA_RATE_LIMIT_ENABLED: 'true', NOVA_RATE_LIMIT_ENTERPRISE: '10' };
    const limited = await startTestApp({ database: app.database, env });
    try {
      const posts = times(12, (i) => `a${i}: createPost(body: "many") { id }`);
      const { status, headers, body } = await limited.graphql(`mutation { ${posts} }`, { token: bob.token });
      expect([status, headers.get('ratelimit-remaining')]).toEqual([200, '0']);
      expect(Object.values(body.data).filter((post) => post !== null)).toHaveLength(10);
      expect(body.errors).toMatchObject(
        ['a10', 'a11'].map((field) => ({ path: [field], extensions: { code: 'rate_limited', retryable: true } })),
      );
      expect((await limited.graphql('{ getMe { id } }', { token: bob.token })).status).toBe(429);
    } finally {
      await limited.close();
    }
  });

  it('refuses bodies that are no request, naming the field', async () => {
    const cases: [unknown, string][] = [
      [{}, 'query'],
      [{ query: 5 }, 'query'],
      [{ query: '{ getMe { id } }', variables: 'x' }, 'variables'],
      [{ query: '{ getMe { id } }', extra: 1 }, 'extra'],
      [[], ''],
      [{ query: 'query A { getMe { id } }', operationName: 'B' }, 'operationName'],
      [{ query: `{ getMe { id } } #${'x'.repeat(20_000)}` }, 'query'],
      [{ extensions: { persistedQuery: { version: 1, sha256Hash: 'short' } } }, 'extensions.persistedQuery.sha256Hash'],
    ];
    for (const [body, path] of cases) {
      const answer = await send(body);
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({ code: 'invalid_request' });
      expect(JSON.stringify(answer.body['problems'] ?? answer.body)).toContain(path);
    }
  });

  it('takes persisted queries by hash, after it has once seen the text', async () => {
    const query = '{ getMe { handle bio } }';
    const sha256Hash = createHash('sha256').update(query).digest('hex');
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    const unknown = await send({ extensions });
    expect(unknown.body).toMatchObject({ errors: [{ message: 'PersistedQueryNotFound' }] });
    expect((await send({ query, extensions })).body).toMatchObject({ data: { getMe: { handle: 'ada' } } });
    expect((await send({ extensions })).body).toMatchObject({ data: { getMe: { handle: 'ada' } } });
    expect((await send({ extensions }, bob.token)).body).toMatchObject({ data: { getMe: { handle: 'bob' } } });
    expect((await send({ query: '{ getMe { id } }', extensions })).status).toBe(400);
  });

  it('lets tools ask for the whole schema', async () => {
    const all = {
      inputValueDeprecation: true,
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
    };
    for (const query of [getIntrospectionQuery(), getIntrospectionQuery({ ...all, oneOf: true })]) {
      const [first, ...again] = [await app.graphql(query), await app.graphql(query), await app.graphql(query)];
      expect([first.status, first.body.errors]).toEqual([200, undefined]);
      for (const { body } of again) expect(body).toEqual(first.body);
    }
  });

  it('shows a schema whose every operation can be asked for, and GraphiQL from local files', async () => {
    const { body } = await app.graphql(
      '{ __schema { queryType { fields { name } } mutationType { fields { name } } } }',
    );
    expect(body.data.__schema.queryType.fields.map(({ name }: { name: string }) => name)).toContain('homeFeed');
    const page = await (await fetch(`${app.url}/graphiql`)).text();
    const sources = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source as string);
    expect(sources.length).toBeGreaterThan(3);
    for (const source of sources) {
      expect(source.startsWith('/graphiql/')).toBe(true);
      expect((await fetch(app.url + source)).status).toBe(200);
    }
  });
});
