import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../fixtures/client.js';
import { eventually } from '../fixtures/eventually.js';
import { createTenant, externalSettings, type Tenant, WAYS } from '../fixtures/external-database.js';
import { createPost, type Member, type Post, type Problem, signIn, signUp, type User } from '../fixtures/members.js';
import { Nova } from '../fixtures/nova.js';

/** Every feature once, on a PostgreSQL that somebody else runs: what works on the embedded server works there. */
describe.each(WAYS)('Nova on PostgreSQL of Debian, reached %s', (way) => {
  let nova: Nova;
  let client: Client;
  let tenant: Tenant;
  let ada: Member;
  let bob: Member;

  beforeAll(async () => {
    nova = await Nova.start({ settings: externalSettings(way) });
    client = nova.client;
    tenant = await createTenant(`features ${way}`, externalSettings(way));
    const key = tenant.publishableKey;
    [ada, bob] = await Promise.all([signUp(client, { key }), signUp(client, { key })]);
  });

  afterAll(async () => {
    await nova?.stop();
  });

  const ids = (items: readonly { id: string }[]) => items.map(({ id }) => id);

  it('is ready, alive and described', async () => {
    for (const path of ['/livez', '/readyz', '/openapi.json', '/docs']) {
      expect((await client.request('GET', path)).status, path).toBe(200);
    }
  });

  it('has accounts, profiles and sessions', async () => {
    const token = await signIn(client, ada, { key: tenant.publishableKey });
    await client.expect(200, 'PATCH', '/me', { token, body: { displayName: 'Ada L.', bio: 'Notes' } });
    expect(await client.expect(200, 'GET', '/me', { token })).toMatchObject({ id: ada.id, displayName: 'Ada L.' });
    const seen = { id: ada.id, bio: 'Notes', viewer: { following: false } };
    expect(await client.expect(200, 'GET', `/users/${ada.id}`, { token: bob.token })).toMatchObject(seen);
    expect(await client.expect(200, 'GET', `/users/by-handle/${ada.handle}`, { token: bob.token })).toMatchObject(seen);
    const sessions = await client.list<{ id: string; current: boolean }>('/sessions', { token });
    expect(sessions.filter(({ current }) => current)).toHaveLength(1);
    await client.expect(204, 'DELETE', '/sessions/current', { token });
    await client.expect(401, 'GET', '/me', { token });
    await client.expect(200, 'GET', '/me', { token: ada.token });
  });

  it('has a graph of follows and blocks', async () => {
    const { token } = bob;
    await client.expect(200, 'PUT', `/users/${ada.id}/follow`, { token });
    expect(ids(await client.list<User>(`/users/${ada.id}/followers`, { token }))).toEqual([bob.id]);
    expect(ids(await client.list<User>(`/users/${bob.id}/following`, { token }))).toEqual([ada.id]);
    expect(await client.expect(200, 'GET', `/users/${ada.id}`, { token })).toMatchObject({
      counts: { followers: 1, following: 0 },
      viewer: { following: true },
    });
    await client.expect(200, 'PUT', `/users/${bob.id}/block`, { token: ada.token });
    expect(ids(await client.list<User>('/me/blocks', { token: ada.token }))).toEqual([bob.id]);
    await client.expect(404, 'GET', `/users/${ada.id}`, { token });
    await client.expect(200, 'DELETE', `/users/${bob.id}/block`, { token: ada.token });
    // A block ends what was between the two.
    expect(await client.list<User>(`/users/${ada.id}/followers`, { token })).toEqual([]);
    await client.expect(200, 'PUT', `/users/${ada.id}/follow`, { token });
    await client.expect(200, 'DELETE', `/users/${ada.id}/follow`, { token });
    await client.expect(200, 'PUT', `/users/${ada.id}/follow`, { token });
  });

  it('has posts, likes, hashtags and a home feed, page by page', async () => {
    const key = tenant.publishableKey;
    const posts: Post[] = [];
    for (let number = 1; number <= 7; number++) {
      posts.push(await createPost(client, ada, `number ${number} for @${bob.handle} #numbers`));
    }
    const newestFirst = ids(posts).reverse();
    expect(ids(await client.list<Post>(`/users/${ada.id}/posts`, { key }))).toEqual(newestFirst);
    const pages: string[] = [];
    let cursor: string | null = null;
    do {
      const path: string = `/feed?limit=3${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
      const page: { items: Post[]; nextCursor: string | null } = await client.expect(200, 'GET', path, {
        token: bob.token,
      });
      pages.push(...ids(page.items));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(pages).toEqual(newestFirst);

    const [post] = posts;
    const path = `/posts/${post?.id}`;
    for (let again = 0; again < 2; again++) {
      expect(await client.expect(200, 'PUT', `${path}/like`, { token: bob.token })).toEqual({
        liked: true,
        likeCount: 1,
      });
    }
    expect(ids(await client.list<User>(`${path}/likes`, { key }))).toEqual([bob.id]);
    await client.expect(200, 'DELETE', `${path}/like`, { token: bob.token });
    expect(await client.expect(200, 'GET', path, { token: bob.token })).toMatchObject({
      likeCount: 0,
      viewer: { liked: false },
    });
    await client.expect(204, 'DELETE', path, { token: ada.token });
    await client.expect(404, 'GET', path, { key });
    await eventually('the hashtag is counted', async () => {
      const { posts: counted } = await client.expect<{ posts: number }>(200, 'GET', '/hashtags/Numbers', { key });
      return counted === 6;
    });
    expect(await client.list<Post>('/hashtags/numbers/posts', { key })).toHaveLength(6);
  });

  it('repeats the answer for an Idempotency-Key and refuses it for another request', async () => {
    const options = { token: ada.token, idempotencyKey: randomUUID() };
    const body = { body: 'only once' };
    const answers = await Promise.all(
      Array.from({ length: 3 }, () => client.api<Post>('POST', '/posts', { ...options, body })),
    );
    const again = await client.expect<Post>(201, 'POST', '/posts', { ...options, body });
    for (const { status, body: post } of answers) {
      if (status === 201) expect(post).toMatchObject({ id: again.id });
      else expect(status).toBe(503);
    }
    const conflict = await client.expect<Problem>(409, 'POST', '/posts', { ...options, body: { body: 'else' } });
    expect(conflict.code).toBe('idempotency_conflict');
    const posts = await client.list<Post>(`/users/${ada.id}/posts`, { token: ada.token });
    expect(posts.filter((post) => post.body === 'only once')).toHaveLength(1);
  });

  it('has keys of its tenant', async () => {
    const token = tenant.secretKey;
    const { apiKey, key } = await client.expect<{ apiKey: { id: string }; key: string }>(201, 'POST', '/keys', {
      token,
      body: { kind: 'publishable' },
    });
    await client.expect(200, 'GET', `/users/${ada.id}`, { key });
    expect(ids(await client.list<{ id: string }>('/keys', { token }))).toContain(apiKey.id);
    await client.expect(204, 'DELETE', `/keys/${apiKey.id}`, { token });
    await eventually(
      'the key is refused',
      async () => (await client.api('GET', `/users/${ada.id}`, { key })).status === 401,
    );
  });

  it('has all of it over GraphQL', async () => {
    const { token } = bob;
    const { createPost: post } = await client.graphql<{ createPost: { id: string } }>(
      'mutation ($body: String!) { createPost(body: $body) { id } }',
      { body: 'over GraphQL #graph' },
      { token },
    );
    await client.graphql('mutation ($id: ID!) { likePost(postId: $id) { liked } }', post, { token: ada.token });
    const data = await client.graphql<{
      getPost: { likers: { items: User[] }; author: { posts: { items: User[] } } };
      homeFeed: { items: User[] };
      getMe: { following: { items: User[] } };
    }>(
      `query ($id: ID!) {
        getPost(postId: $id) {
          likeCount viewer { liked } hashtags
          likers { items { id handle } }
          author { id counts { followers following } posts(limit: 3) { items { id author { handle } } } }
        }
        homeFeed(limit: 5) { items { id author { handle followers { items { id } } } } nextCursor }
        getMe { id email following { items { id viewer { following followedBy } } } }
        listSessions { items { id current } }
      }`,
      post,
      { token },
    );
    expect(data.getPost).toMatchObject({ likeCount: 1, viewer: { liked: false }, hashtags: ['graph'] });
    expect(ids(data.getPost.likers.items)).toEqual([ada.id]);
    expect(ids(data.getPost.author.posts.items)).toContain(post.id);
    expect(ids(data.homeFeed.items)).toContain(post.id);
    expect(ids(data.getMe.following.items)).toEqual([ada.id]);
    await client.graphql('mutation ($id: ID!) { deletePost(postId: $id) }', post, { token });
    await client.expect(404, 'GET', `/posts/${post.id}`, { token });
  });
});
