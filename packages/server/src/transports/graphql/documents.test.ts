import { buildSchema } from 'graphql';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiSurface, documentOf, readApiSurface } from '../../testing/api-surface.js';
import { type Member, startTestApp, type TestApp } from '../../testing/test-app.js';
import { Documents } from './documents.js';

/*
 * A document is interpreted when it comes for the first time, and compiled from the second on: both must answer the
 * same. Seeded bug: without the alias of `graphql` in vitest.config.ts nothing is compiled, and the first test fails.
 */

const LIMITS = { maxDepth: 10, maxCost: 5_000, maxAliases: 30 };
const lines: Record<string, unknown>[] = [];
const log = pino({ level: 'error' }, { write: (line) => void lines.push(JSON.parse(line)) });

let app: TestApp;
let surface: ApiSurface;
let ada: Member;

beforeAll(async () => {
  app = await startTestApp({ log });
  surface = await readApiSurface(app);
  ada = await app.signUp('ada');
  const bob = await app.signUp('bob');
  await app.rest('PUT', `/users/${bob.id}/follow`, { token: ada.token });
  for (const { token } of [ada, bob, bob]) await app.rest('POST', '/posts', { token, body: { body: 'a #post' } });
});

afterAll(() => app?.close());

/** The answers to a document that comes three times, without what differs by nature. */
async function askThrice(query: string, variables: Readonly<Record<string, unknown>> = {}) {
  const answers: { status: number; text: string }[] = [];
  for (let i = 0; i < 3; i++) {
    const { status, body } = await app.graphql(query, { token: ada.token, variables });
    answers.push({ status, text: JSON.stringify(body).replaceAll(/,"requestId":"[^"]*"/g, '') });
  }
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  const [{ status, text } = { status: 0, text: '{}' }] = answers;
  return { status, body: JSON.parse(text) };
}

describe('a document that comes again', () => {
  it('is compiled, whichever field it asks for', () => {
    const documents = new Documents(surface.schema, LIMITS);
    for (const field of surface.graphql) {
      const text = documentOf(surface.schema, field, field.kind === 'query' ? 1 : 0);
      expect(documents.byText(text, log), text).toMatchObject({ compiled: null });
      expect(documents.byText(text, log), text).toMatchObject({ compiled: { query: expect.any(Function) } });
    }
  });

  it('is answered the same', async () => {
    const inputs: Record<string, Record<string, unknown>> = {
      getUser: { userId: ada.id },
      getUserByHandle: { handle: 'bob' },
      getHashtag: { hashtag: 'post' },
      listPostsByHashtag: { hashtag: 'post' },
      listPostsByAuthor: { userId: ada.id },
      listFollowing: { userId: ada.id, limit: 1 },
      homeFeed: { limit: 2 },
    };
    for (const field of surface.graphql.filter(({ kind }) => kind === 'query')) {
      await askThrice(documentOf(surface.schema, field, 1), inputs[field.field] ?? {});
    }
    const { body } = await askThrice(documentOf(surface.schema, surface.graphql[0] as never, 1));
    expect(body.data.getMe.handle).toBe('ada');
  });

  it.each([
    ['null', 'query($h: String!) { getHashtag(hashtag: $h) { posts } }', { h: null }, '$h'],
    ['nothing', 'query($h: String!) { getHashtag(hashtag: $h) { posts } }', {}, '$h'],
    ['a wrong type', 'query($h: String!) { getHashtag(hashtag: $h) { posts } }', { h: [1] }, '$h'],
    ['half a number', 'query($n: Int) { homeFeed(limit: $n) { nextCursor } }', { n: 2.5 }, '$n'],
    [
      'no value of an enum',
      'mutation($v: Visibility) { createPost(body: "x", visibility: $v) { id } }',
      { v: 'x' },
      '$v',
    ],
  ])('is refused each time for %s as a variable', async (_what, query, variables, named) => {
    const { status, body } = await askThrice(query, variables);
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([
      { message: expect.stringContaining(named), extensions: { code: 'invalid_request' } },
    ]);
  });

  it.each(['constructor', 'toString', 'valueOf', 'hasOwnProperty', '__proto__'])(
    'is refused when it names something %s, as every object does',
    async (name) => {
      for (const query of [
        `query($${name}: Int) { homeFeed(limit: $${name}) { nextCursor } }`,
        `{ ${name}: getMe { id } }`,
        `{ getMe { ${name}: handle } }`,
        `{ getMe { ...F } } fragment F on User { ${name}: handle }`,
      ]) {
        const { status, body } = await askThrice(query);
        expect(status).toBe(400);
        expect(body.errors).toMatchObject([
          { message: expect.stringContaining(name), extensions: { code: 'query_refused' } },
        ]);
      }
    },
  );

  it('has the default of a variable that must not be null', async () => {
    const { body } = await askThrice('query($n: Int! = 1) { homeFeed(limit: $n) { items { body } } }');
    expect(body.data.homeFeed.items).toHaveLength(1);
  });

  it('leaves out a fragment where it is not included, and there only', async () => {
    const query = `query($yes: Boolean!) { a: getMe { ...F @include(if: $yes) } b: getMe { ...F } }
      fragment F on User { handle }`;
    expect((await askThrice(query, { yes: false })).body.data).toEqual({ a: {}, b: { handle: 'ada' } });
  });

  it('ends when null is given in place of a default', async () => {
    const query = `mutation($id: ID = "none") { a: updateProfile(bio: "a bio") { bio } b: likePost(postId: $id) { liked } }`;
    const { status, body } = await askThrice(query, { id: null });
    expect([status, body.data]).toEqual([200, { a: { bio: 'a bio' }, b: null }]);
    const skipped = await askThrice('query($yes: Boolean = true) { getMe { id @include(if: $yes) } }', { yes: null });
    expect(skipped.body.errors).toHaveLength(1);
  });

  it('is never left interpreted in silence', () => {
    const told = () => lines.filter(({ msg }) => String(msg).includes('compiled'));
    expect(told()).toEqual([]);
    const broken = buildSchema('type Query { id: ID }');
    const field = broken.getQueryType()?.getFields()['id'] as object;
    Object.defineProperty(field, 'resolve', {
      get: () => {
        throw new Error('not to be compiled');
      },
    });
    const documents = new Documents(broken, LIMITS);
    for (let i = 0; i < 3; i++) documents.byText('{ id }', log);
    expect(told()).toMatchObject([{ level: 50, err: { message: 'not to be compiled' } }]);
  });
});
