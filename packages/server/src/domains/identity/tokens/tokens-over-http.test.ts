import { createSecretKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../../../testing/test-app.js';

/** The whole way of a token that the backend of an app has signed: key, users, token, request. */
describe('a signed token over HTTP', () => {
  let app: TestApp;
  let tenants: Awaited<ReturnType<TestApp['nova']['createTenant']>>[];
  let token: string;
  let userId: string;
  let sign: (claims: object) => Promise<string>;

  beforeAll(async () => {
    app = await startTestApp();
    tenants = [
      await app.nova.createTenant({ name: 'one', plan: 'pro' }),
      await app.nova.createTenant({ name: 'two', plan: 'pro' }),
    ];
    const secret = { token: tenants[0]?.secretKey };
    const { body: made } = await app.rest('POST', '/token-keys', { ...secret, body: { algorithm: 'HS256' } });
    const { body } = await app.rest('PUT', '/users', {
      ...secret,
      body: { users: [{ externalId: 'u-1', handle: 'ada' }] },
    });
    userId = body.items[0].userId;
    const key = createSecretKey(made.secret, 'utf8');
    sign = (claims) =>
      new SignJWT({ sub: 'u-1', ...claims })
        .setProtectedHeader({ alg: 'HS256', kid: made.tokenKey.id })
        .setIssuedAt()
        .setExpirationTime('5m')
        .sign(key);
    token = await sign({});
  });

  afterAll(() => app?.close());

  it('reads and writes as its user, over REST and GraphQL', async () => {
    expect(await app.rest('GET', '/me', { token })).toMatchObject({ status: 200, body: { id: userId, handle: 'ada' } });
    const post = await app.rest('POST', '/posts', { token, body: { body: 'signed' } });
    expect(post).toMatchObject({ status: 201, body: { author: { id: userId } } });
    const graphql = await app.graphql('{ getMe { id role } }', { token });
    expect(graphql.body).toEqual({ data: { getMe: { id: userId, role: 'member' } } });
  });

  it('goes with the key of its own app, and of no other', async () => {
    expect(await app.rest('GET', '/me', { token, key: tenants[0]?.publishableKey })).toMatchObject({ status: 200 });
    expect(await app.rest('GET', '/me', { token, key: tenants[1]?.publishableKey })).toMatchObject({
      status: 401,
      body: { code: 'unauthenticated' },
    });
  });

  it('is refused with a problem that tells why, and may not be huge', async () => {
    const tampered = `${token.slice(0, -4)}AAAA`;
    expect(await app.rest('GET', '/me', { token: tampered })).toMatchObject({
      status: 401,
      body: { code: 'token_signature_invalid', retryable: false },
    });
    const long = await sign({ padding: 'x'.repeat(2_500) });
    expect(long.length).toBeLessThan(4_000);
    expect(await app.rest('GET', '/me', { token: long })).toMatchObject({ status: 200 });
    expect(await app.rest('GET', '/me', { token: await sign({ padding: 'x'.repeat(4_000) }) })).toMatchObject({
      status: 401,
      body: { code: 'unauthenticated' },
    });
  });
});
