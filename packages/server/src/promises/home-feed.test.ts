import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Member, startTestApp, type TestApp } from '../testing/test-app.js';

let app: TestApp;
let reader: Member;
let author: Member;
let stranger: Member;

beforeAll(async () => {
  app = await startTestApp();
  [reader, author, stranger] = (await Promise.all(
    ['reader', 'author', 'stranger'].map((name) => app.signUp(name)),
  )) as [Member, Member, Member];
  await app.rest('PUT', `/users/${author.id}/follow`, { token: reader.token });
});

afterAll(() => app?.close());

const post = async (member: Member, body: string, visibility = 'public') =>
  (await app.rest('POST', '/posts', { token: member.token, body: { body, visibility } })).body.id as string;
const feed = async (member: Member, query = '') =>
  (await app.rest('GET', `/feed${query}`, { token: member.token })).body;

describe('home feed (D3)', () => {
  it('shows what followees and the viewer have posted, newest first, and nothing else', async () => {
    const ids = [
      await post(author, 'for all'),
      await post(author, 'for followers', 'followers'),
      await post(reader, 'my own', 'private'),
    ];
    await post(author, 'for nobody', 'private');
    await post(stranger, 'unseen');
    const page = await feed(reader);
    expect(page.items.map((item: { id: string }) => item.id)).toEqual(ids.reverse());
    expect(page.nextCursor).toBeNull();
  });

  it('has the viewer’s own post and like in the next read (I4)', async () => {
    await feed(reader);
    const id = await post(reader, 'just written');
    expect((await feed(reader)).items[0].id).toBe(id);
    await app.rest('PUT', `/posts/${id}/like`, { token: reader.token });
    expect((await feed(reader)).items[0]).toMatchObject({ likeCount: 1, viewer: { liked: true } });
  });

  it('pages without repeating or skipping, whatever the page size (D8)', async () => {
    for (let i = 0; i < 12; i++) await post(i % 3 === 0 ? reader : author, `post ${i}`);
    const whole = (await feed(reader, '?limit=100')).items.map((item: { id: string }) => item.id);
    for (const limit of [1, 3, 5]) {
      const seen: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page = await feed(reader, `?limit=${limit}${cursor === '' ? '' : `&cursor=${cursor}`}`);
        seen.push(...page.items.map((item: { id: string }) => item.id));
        cursor = page.nextCursor;
      }
      expect(seen).toEqual(whole);
    }
  });

  it('leaves out whom the viewer mutes, at once and without a short page', async () => {
    const mute = (method: string) => app.rest(method, `/users/${author.id}/mute`, { token: reader.token });
    await feed(reader);
    await mute('PUT');
    const muted = await feed(reader, '?limit=3');
    expect(muted.items.map((item: { author: { id: string } }) => item.author.id)).toEqual(Array(3).fill(reader.id));
    await mute('DELETE');
    const ids = (await feed(reader)).items.map((item: { author: { id: string } }) => item.author.id);
    expect(ids).toContain(author.id);
  });

  it('shows posts of private accounts to their followers, and not from the moment that one is removed', async () => {
    await app.rest('PUT', '/me/privacy', { token: author.token, body: { isPrivate: true } });
    const id = await post(author, 'among us');
    const ids = async () => (await feed(reader, '?limit=2')).items.map((item: { id: string }) => item.id);
    expect(await ids()).toContain(id);
    await app.rest('DELETE', `/me/followers/${reader.id}`, { token: author.token });
    // Kept for a second at the most: a page of another size is another page.
    const fresh = (await feed(reader, '?limit=4')).items.map((item: { id: string }) => item.id);
    expect(fresh).not.toContain(id);
    await app.rest('PUT', '/me/privacy', { token: author.token, body: { isPrivate: false } });
    await app.rest('PUT', `/users/${author.id}/follow`, { token: reader.token });
  });

  it('shows posts to close friends to those who are on the list', async () => {
    const asAuthor = { token: author.token };
    const list = await app.rest('POST', '/lists', { ...asAuthor, body: { name: 'close', kind: 'close_friends' } });
    const id = await post(author, 'for friends', 'close_friends');
    const ids = async (limit: number) =>
      (await feed(reader, `?limit=${limit}`)).items.map((item: { id: string }) => item.id);
    const before = await ids(5);
    expect(before).not.toContain(id);
    expect(before).toHaveLength(5);
    await app.rest('PUT', `/lists/${list.body.id}/members/${reader.id}`, asAuthor);
    expect((await ids(6))[0]).toBe(id);
  });

  it('forgets an author at once when the viewer blocks them (I12)', async () => {
    await app.rest('PUT', `/users/${author.id}/block`, { token: reader.token });
    const page = await feed(reader);
    expect(page.items.every((item: { author: { id: string } }) => item.author.id === reader.id)).toBe(true);
  });
});
