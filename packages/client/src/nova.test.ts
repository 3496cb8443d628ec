import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../../server/src/testing/test-app.js';
import { createNova, isNovaError, type Nova } from './index.js';

let app: TestApp;
let ada: Nova;
let adaId: string;

beforeAll(async () => {
  app = await startTestApp();
  const member = await app.signUp('ada');
  adaId = member.id;
  ada = createNova({ baseUrl: app.url, token: member.token });
});
afterAll(async () => {
  await app.close();
});

const failure = async (work: Promise<unknown>) => {
  try {
    await work;
  } catch (error) {
    if (isNovaError(error)) return error;
    throw error;
  }
  throw new Error('the call has succeeded');
};

describe('calls over the wire', () => {
  test('path, body and query come to their places', async () => {
    const bob = await app.signUp('bob');
    const asBob = createNova({ baseUrl: `${app.url}/`, token: bob.token });
    expect(await ada.graph.followUser({ userId: bob.id })).toMatchObject({ following: true });
    const post = await asBob.content.createPost({ body: 'Hello #world/?&', visibility: 'followers' });
    expect(post).toMatchObject({ body: 'Hello #world/?&', author: { id: bob.id }, hashtags: ['world'] });
    const { items, nextCursor } = await ada.feed.readHomeFeed({ limit: 1 });
    expect([items.map(({ id }) => id), nextCursor]).toEqual([[post.id], null]);
    expect(await asBob.content.deletePost({ postId: post.id })).toBeUndefined();
    expect(await ada.feed.readHomeFeed()).toMatchObject({ items: [], nextCursor: null });
  });

  test('a refusal says its code, its fields and its request', async () => {
    const error = await failure(ada.content.createPost({ body: ' ' }));
    expect(error).toMatchObject({ code: 'invalid_request', status: 400, retryable: false, path: 'body' });
    expect(error.requestId).toMatch(/^[0-9a-f]{32}$/);
    expect(error.message).toContain('body');
    expect(await failure(ada.content.getPost({ postId: adaId }))).toMatchObject({ code: 'not_found', status: 404 });
  });

  test('an answer can be had with what came around it', async () => {
    const answer = await ada.identity.getMe.withResponse();
    expect(answer).toMatchObject({ status: 200, replayed: false, attempts: 1, data: { id: adaId, handle: 'ada' } });
    expect(answer.etag).toMatch(/^W\//);
    expect(answer.headers.get('x-request-id')).toBe(answer.requestId);
  });

  test('a key of the caller repeats a write across clients', async () => {
    const options = { idempotencyKey: 'the same twice' };
    const first = await ada.content.createPost.withResponse({ body: 'once' }, options);
    const again = await ada.content.createPost.withResponse({ body: 'once' }, options);
    expect([first.replayed, again.replayed]).toEqual([false, true]);
    expect(again.data).toEqual(first.data);
    const error = await failure(ada.content.createPost({ body: 'something else' }, options));
    expect(error.code).toBe('idempotency_conflict');
  });

  test('traceparent is passed through: its trace is the id of the request', async () => {
    const trace = 'ab'.repeat(16);
    const traceparent = `00-${trace}-${'cd'.repeat(8)}-01`;
    expect((await ada.identity.getMe.withResponse({}, { traceparent })).requestId).toBe(trace);
  });
});

describe('answers that are kept', () => {
  test('are confirmed by the server, for whom they are and only as long as they hold', async () => {
    const member = await app.signUp('keeper');
    const keeping = createNova({ baseUrl: app.url, token: member.token, revalidate: 2 });
    const read = () => keeping.identity.getMe.withResponse();
    const first = await read();
    const again = await read();
    expect([first.status, again.status]).toEqual([200, 304]);
    expect(again.data).toBe(first.data);
    const other = await app.signUp('other_keeper');
    expect((await keeping.identity.getMe({}, { token: other.token })).handle).toBe('other_keeper');
    await keeping.identity.updateProfile({ bio: 'changed' });
    expect(await read()).toMatchObject({ status: 200, data: { bio: 'changed' } });
    // The oldest makes room.
    await keeping.feed.readHomeFeed();
    await keeping.identity.getUser({ userId: other.id });
    expect((await read()).status).toBe(200);
  });

  test('are none unless asked for', async () => {
    const statuses = [await ada.identity.getMe.withResponse(), await ada.identity.getMe.withResponse()];
    expect(statuses.map(({ status }) => status)).toEqual([200, 200]);
  });
});

describe('lists', () => {
  const followers: string[] = [];
  beforeAll(async () => {
    for (let index = 0; index < 7; index += 1) {
      const { id, token } = await app.signUp(`follower_${index}`);
      await createNova({ baseUrl: app.url, token }).graph.followUser({ userId: adaId });
      followers.unshift(id);
    }
  });

  const ids = async (items: AsyncIterable<{ id: string }>) => {
    const found: string[] = [];
    for await (const { id } of items) found.push(id);
    return found;
  };

  test('are walked through to their end, page by page', async () => {
    expect(await ids(ada.graph.listFollowers.all({ userId: adaId, limit: 3 }))).toEqual(followers);
    const sizes: number[] = [];
    for await (const { items } of ada.graph.listFollowers.pages({ userId: adaId, limit: 3 })) sizes.push(items.length);
    expect(sizes).toEqual([3, 3, 1]);
  });

  test('end where the caller says, and fetch no page more', async () => {
    const { queries } = await app.queriesOf(async () => {
      const found = await ids(ada.graph.listFollowers.all({ userId: adaId, limit: 3 }, { maxItems: 5 }));
      expect(found).toEqual(followers.slice(0, 5));
    });
    // What the server does beside it is not the page's.
    expect(queries.filter((name) => name === 'graph.followers')).toHaveLength(2);
  });

  test('stop when their signal says so', async () => {
    const controller = new AbortController();
    const seen: string[] = [];
    const walk = async () => {
      const { signal } = controller;
      for await (const { id } of ada.graph.listFollowers.all({ userId: adaId, limit: 3 }, { signal })) {
        seen.push(id);
        if (seen.length === 3) controller.abort(new Error('enough'));
      }
    };
    await expect(walk()).rejects.toThrow('enough');
    expect(seen).toEqual(followers.slice(0, 3));
  });

  test('refuse a cursor of another list', async () => {
    const { nextCursor } = await ada.graph.listFollowers({ userId: adaId, limit: 3 });
    const elsewhere = ada.graph.listFollowing.all({ userId: adaId, cursor: nextCursor ?? '' });
    expect(await failure(ids(elsewhere))).toMatchObject({ code: 'invalid_cursor', retryable: false });
  });
});
