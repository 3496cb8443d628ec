import { createHash } from 'node:crypto';
import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Member, startTestApp, type TestApp } from '../../testing/test-app.js';

let app: TestApp;
let ada: Member;
let bob: Member;

beforeAll(async () => {
  app = await startTestApp();
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
    // What consumers and the watch of revocations ask meanwhile is not the feed's.
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
    const two = 'query A { getMe { id } } query B { getMe { id } }';
    for (const query of [deep, costly, aliased, two]) {
      const { result, queries } = await app.queriesOf(() => app.graphql(query, { token: ada.token }));
      expect(result.status, query.slice(0, 60)).toBe(400);
      expect(queries.filter((name) => !name.startsWith('identity.revocations') && !name.startsWith('outbox.'))).toEqual(
        [],
      );
    }
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
    expect(partly.status).toBe(partly.body.data === null ? 404 : 200);
    const anonymous = await app.graphql('{ getMe { id } }');
    expect(anonymous.status).toBe(401);
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
    const { status, body } = await app.graphql(getIntrospectionQuery());
    expect([status, body.errors]).toEqual([200, undefined]);
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
