import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dumpRows } from '../testing/row-checksums.js';
import { type Member, type RestAnswer, startTestApp, type TestApp } from '../testing/test-app.js';
import { connectTo } from '../testing/test-cluster.js';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.js';

/*
 * I3 over the wire: any unsafe call of REST or GraphQL may be retried under its Idempotency-Key, at once and on
 * another process, and has one effect. The lower level is platform/idempotency.
 */

const RETRIES = 50;
/** How long a busy machine takes is not what is tested here. */
const PATIENT = {
  NOVA_HTTP_REQUEST_TIMEOUT_MS: '25000',
  NOVA_DATABASE_QUERY_TIMEOUT_MS: '20000',
  NOVA_DATABASE_ACQUIRE_TIMEOUT_MS: '20000',
};

let database: TestDatabase;
let apps: readonly [TestApp, TestApp];
let superuser: Client;
let tenant: Awaited<ReturnType<TestApp['nova']['createTenant']>>;
let member: Member;

beforeAll(async () => {
  database = await createTestDatabase();
  apps = [await startTestApp({ database, env: PATIENT }), await startTestApp({ database, env: PATIENT })];
  superuser = await connectTo(database.superuserUrl);
  tenant = await apps[0].nova.createTenant({ name: 'retried', plan: 'pro' });
  member = await apps[0].signUp('member', { key: tenant.publishableKey });
});

afterAll(async () => {
  await superuser?.end();
  for (const app of apps ?? []) await app.close();
  await database?.drop();
});

const keyed = (key: string) => ({ headers: { 'idempotency-key': key } });

/** All at once, half of them on each process. */
const retry = (send: (app: TestApp) => Promise<RestAnswer>): Promise<RestAnswer[]> =>
  Promise.all(Array.from({ length: RETRIES }, (_, index) => send(apps[index % 2] as TestApp)));

const count = async (table: string, where: string, value: string): Promise<number> =>
  (await superuser.query(`select count(*)::int as rows from nova.${table} where ${where} = $1`, [value])).rows[0].rows;

const replayed = ({ headers }: RestAnswer) => headers.get('idempotency-replayed') === 'true';

describe(`${RETRIES} retries at once over two processes (I3)`, () => {
  it('write one post and answer the same', async () => {
    const body = { body: 'written once #once' };
    const answers = await retry((app) => app.rest('POST', '/posts', { token: member.token, body, ...keyed('post') }));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    expect(answers.filter((answer) => !replayed(answer))).toHaveLength(1);
    expect(await count('posts', 'author_id', member.id)).toBe(1);
    expect(await count('outbox', 'key', answers[0]?.body.id)).toBe(1);
  });

  it('write one post over GraphQL', async () => {
    const query = 'mutation { createPost(body: "written once over GraphQL") { id body } }';
    const before = await count('posts', 'author_id', member.id);
    const answers = await retry((app) => app.graphql(query, { token: member.token, ...keyed('graphql post') }));
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body.data))).size).toBe(1);
    expect(answers[0]?.body.data.createPost.body).toBe('written once over GraphQL');
    expect(await count('posts', 'author_id', member.id)).toBe(before + 1);
  });

  it('make one account; one answer has the token, and nobody else ever', { timeout: 60_000 }, async () => {
    const body = { handle: 'retried', email: 'retried@example.org', password: 'a password to keep' };
    const send = (app: TestApp) =>
      app.rest('POST', '/users', { key: tenant.publishableKey, body, ...keyed('account') });
    const answers = await retry(send);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map((answer) => answer.body.user.id)).size).toBe(1);
    const tokens = answers.map((answer) => answer.body.token).filter((token) => token !== null);
    expect(tokens).toEqual([expect.stringMatching(/^nova_st_/)]);
    expect(await count('users', 'handle', 'retried')).toBe(1);
    expect(await count('sessions', 'user_id', answers[0]?.body.user.id)).toBe(1);
    expect((await send(apps[1])).body).toEqual({ ...answers[0]?.body, token: null });
    // A retry is answered from its record, before a password is hashed in vain (R11).
    const { queries } = await apps[0].queriesOf(() => send(apps[0]));
    expect(queries.filter((name) => /^(idempotency|identity\.insert)/.test(name))).toEqual(['idempotency.keyByName']);
  });

  it('raise a count once', async () => {
    const author = await apps[0].signUp('author', { key: tenant.publishableKey });
    const path = `/users/${author.id}/follow`;
    const answers = await retry((app) => app.rest('PUT', path, { token: member.token, ...keyed('follow') }));
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    const profile = await apps[1].rest('GET', `/users/${author.id}`, { token: member.token });
    expect(profile.body).toMatchObject({ counts: { followers: 1 }, viewer: { following: true } });
  });
});

describe('a key (I3)', () => {
  const post = (app: TestApp, key: string, body: string, token = member.token) =>
    app.rest('POST', '/posts', { token, body: { body }, ...keyed(key) });

  it('is refused with another body or for another operation, on any process', async () => {
    await post(apps[0], 'conflict', 'the first');
    for (const app of apps) {
      expect(await post(app, 'conflict', 'the second')).toMatchObject({
        status: 409,
        body: { code: 'idempotency_conflict' },
      });
      const other = await app.rest('PATCH', '/me', {
        token: member.token,
        body: { bio: 'the first' },
        ...keyed('conflict'),
      });
      expect(other).toMatchObject({ status: 409, body: { code: 'idempotency_conflict' } });
    }
    expect(await count('posts', 'body', 'the second')).toBe(0);
  });

  it('of one user is not the key of another', async () => {
    const other = await apps[0].signUp('other', { key: tenant.publishableKey });
    const [mine, theirs] = [
      await post(apps[0], 'shared', 'a body'),
      await post(apps[1], 'shared', 'a body', other.token),
    ];
    expect(theirs.status).toBe(201);
    expect(theirs.body.id).not.toBe(mine.body.id);
    expect(theirs.body.author.id).toBe(other.id);
  });

  it('leaves no record of a call that failed', async () => {
    const send = (handle: string) =>
      apps[0].rest('POST', '/users', {
        key: tenant.publishableKey,
        body: { handle, email: 'second@example.org', password: 'long enough' },
        ...keyed('failed'),
      });
    expect(await send('member')).toMatchObject({ status: 409, body: { code: 'handle_taken' } });
    expect(await count('idempotency_keys', 'key', 'failed')).toBe(0);
    expect((await send('second')).status).toBe(201);
  });

  it('is free again when it has expired', async () => {
    const first = await post(apps[0], 'expired', 'before');
    await superuser.query(`update nova.idempotency_keys set expires_at = now() - interval '1 s' where key = 'expired'`);
    const second = await post(apps[1], 'expired', 'after');
    expect(second.status).toBe(201);
    expect(second.body.id).not.toBe(first.body.id);
  });

  it('goes to each field of a GraphQL document on its own', async () => {
    const query = `mutation { a: createPost(body: "one of two") { id } b: createPost(body: "two of two") { id } }`;
    const send = (app: TestApp) => app.graphql(query, { token: member.token, ...keyed('fields') });
    const [first, again] = [await send(apps[0]), await send(apps[1])];
    expect(first.body.data.a.id).not.toBe(first.body.data.b.id);
    expect(again.body).toEqual(first.body);
  });

  it('answers a call without a body again', async () => {
    const { body } = await apps[0].rest('POST', '/posts', { token: member.token, body: { body: 'to be deleted' } });
    const remove = (app: TestApp) =>
      app.rest('DELETE', `/posts/${body.id}`, { token: member.token, ...keyed('delete') });
    expect([await remove(apps[0]), await remove(apps[1])].map(({ status }) => status)).toEqual([204, 204]);
    expect((await apps[0].rest('DELETE', `/posts/${body.id}`, { token: member.token })).status).toBe(404);
  });
});

it('stores no token, key or password with an answer (I3)', async () => {
  const password = 'a password that must not be found';
  const key = { key: tenant.publishableKey };
  const credentials = { handle: 'secretive', email: 'secretive@example.org', password };
  const signUp = await apps[0].rest('POST', '/users', { ...key, body: credentials, ...keyed('s1') });
  const signIn = await apps[0].rest('POST', '/sessions', {
    ...key,
    body: { login: 'secretive', password },
    ...keyed('s2'),
  });
  const secretKey = { token: tenant.secretKey };
  const apiKey = await apps[0].rest('POST', '/keys', { ...secretKey, body: { kind: 'secret' }, ...keyed('s3') });
  const query = 'mutation ($password: String!) { signIn(login: "secretive", password: $password) { token } }';
  const overGraphql = await apps[0].graphql(query, { ...key, variables: { password }, ...keyed('s4') });
  const secrets = [signUp.body.token, signIn.body.token, apiKey.body.key, overGraphql.body.data.signIn.token, password];
  expect(secrets.every((secret) => typeof secret === 'string' && secret.length > 20)).toBe(true);
  const rows = await dumpRows(superuser, tenant.tenant.id);
  expect(rows.filter(({ table }) => table === 'idempotency_keys').length).toBeGreaterThan(4);
  expect(rows.filter(({ row }) => secrets.some((secret) => row.includes(secret)))).toEqual([]);
  // Each replay answers null in its place.
  const again = await apps[1].rest('POST', '/keys', { ...secretKey, body: { kind: 'secret' }, ...keyed('s3') });
  expect(again.body).toEqual({ ...apiKey.body, key: null });
});
