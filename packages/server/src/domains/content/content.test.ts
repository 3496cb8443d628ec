import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../platform/ids/index.js';
import { createSocial, type Social } from '../../testing/social.js';
import type { User } from '../identity/index.js';
import type { ImportedPost } from './insert-posts.js';
import type { Post, Visibility } from './schema.js';

interface Page<T> {
  readonly items: T[];
  readonly nextCursor: string | null;
}

let social: Social;
beforeAll(async () => {
  social = await createSocial();
});
afterAll(() => social.close());

const run = <T = unknown>(viewer: string | null, name: string, input?: object) => social.run<T>(viewer, name, input);
const write = (author: string, body: string, visibility: Visibility = 'public') =>
  run<Post>(author, 'createPost', { body, visibility });
const idsOf = (page: { items: readonly { id: string }[] }) => page.items.map((item) => item.id);

async function readAll(viewer: string | null, name: string, input: object, limit: number): Promise<string[][]> {
  const pages: string[][] = [];
  let cursor: string | null = null;
  do {
    const page: Page<{ id: string }> = await run(viewer, name, {
      ...input,
      limit,
      ...(cursor === null ? {} : { cursor }),
    });
    pages.push(idsOf(page));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return pages;
}

/** Hands the outbox to the consumer once more from the start: a second time must change nothing. */
async function countHashtags(): Promise<void> {
  const { contentConsumers } = await import('./index.js');
  const events = await social.sql<{ type: string; key: string; payload: Record<string, unknown> }>(
    'select type, key, payload from outbox order by xid::text::bigint, id',
  );
  for (const consumer of contentConsumers) {
    for (const event of events.filter(({ type }) => consumer.types.includes(type))) {
      await social.database.transaction(social.tenantId, (tx) =>
        consumer.handle(tx, { ...event, id: 1, tenantId: social.tenantId, correlationId: null, createdAt: '' }),
      );
    }
  }
}

describe('writing a post', () => {
  it('answers what reading it answers, with hashtags and mentions found', async () => {
    const [author, friend, foe] = (await social.addUsers(3, 'writer')) as [string, string, string];
    await run(foe, 'blockUser', { userId: author });
    const body = 'Hi @writer1, @writer2 and @nobody_here: #Nova #ノヴァ\n😀';
    const post = await run<Post>(author, 'createPost', { body, language: 'en-GB' });
    expect(post).toMatchObject({
      body,
      author: { id: author, handle: 'writer0' },
      language: 'en-GB',
      visibility: 'public',
      hashtags: ['nova', 'ノヴァ'],
      mentionedUserIds: [friend],
      likeCount: 0,
      viewer: { liked: false },
    });
    expect(await run(author, 'getPost', { postId: post.id })).toEqual(post);
    expect(await run(null, 'getPost', { postId: post.id })).toEqual({ ...post, viewer: null });
    const events = await social.sql('select type, payload from outbox where key = $1', [post.id]);
    expect(events).toEqual([{ type: 'post.created', payload: { postId: post.id, authorId: author } }]);
  });

  it('takes 5,000 code points and refuses what is no post', async () => {
    const [author] = (await social.addUsers(1)) as [string];
    expect((await write(author, '😀'.repeat(5_000))).body).toHaveLength(10_000);
    for (const input of [
      { body: '' },
      { body: ' \n\t ' },
      { body: 'x'.repeat(5_001) },
      { body: 'x', visibility: 'secret' },
      { body: 'x', language: 'not a language' },
      { body: 'x\0' },
      { body: 'x', likeCount: 5 },
      {},
    ]) {
      await expect(run(author, 'createPost', input)).rejects.toMatchObject({ code: 'invalid_request' });
    }
    await expect(run(null, 'createPost', { body: 'x' })).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});

describe('deleting a post', () => {
  it('is for its author, once, and leaves nothing to see or like', async () => {
    const [author, other] = (await social.addUsers(2)) as [string, string];
    const post = await write(author, 'soon gone #brief');
    const hidden = await write(author, 'mine', 'private');
    await expect(run(other, 'deletePost', { postId: post.id })).rejects.toMatchObject({ code: 'not_the_author' });
    await expect(run(other, 'deletePost', { postId: hidden.id })).rejects.toMatchObject({ code: 'not_found' });
    await run(other, 'likePost', { postId: post.id });
    expect(await run(author, 'deletePost', { postId: post.id })).toBeNull();
    for (const [viewer, name] of [
      [author, 'deletePost'],
      [author, 'getPost'],
      [other, 'getPost'],
      [other, 'likePost'],
      [other, 'unlikePost'],
      [other, 'listLikers'],
    ] as const) {
      await expect(run(viewer, name, { postId: post.id })).rejects.toMatchObject({ code: 'not_found' });
    }
    expect(idsOf(await run(author, 'listPostsByAuthor', { userId: author }))).toEqual([hidden.id]);
    expect(idsOf(await run(other, 'listPostsByHashtag', { hashtag: 'brief' }))).toEqual([]);
  });
});

describe('likes', () => {
  it('are counted once', async () => {
    const [author, fan] = (await social.addUsers(2)) as [string, string];
    const { id: postId } = await write(author, 'like me');
    expect(await run(fan, 'likePost', { postId })).toEqual({ liked: true, likeCount: 1 });
    expect(await run(fan, 'likePost', { postId })).toEqual({ liked: true, likeCount: 1 });
    expect(await run(author, 'likePost', { postId })).toEqual({ liked: true, likeCount: 2 });
    expect(await run(fan, 'getPost', { postId })).toMatchObject({ likeCount: 2, viewer: { liked: true } });
    expect(idsOf(await run(null, 'listLikers', { postId }))).toEqual([author, fan]);
    expect(await run(fan, 'unlikePost', { postId })).toEqual({ liked: false, likeCount: 1 });
    expect(await run(fan, 'unlikePost', { postId })).toEqual({ liked: false, likeCount: 1 });
    const events = await social.sql<{ type: string }>(
      `select type from outbox where key = $1 and type like 'like.%' order by id`,
      [postId],
    );
    expect(events.map(({ type }) => type)).toEqual(['like.created', 'like.created', 'like.removed']);
  });

  it('list all but hidden users, without a short page', async () => {
    const [author, viewer] = (await social.addUsers(2)) as [string, string];
    const fans = await social.addUsers(9);
    const { id: postId } = await write(author, 'popular');
    for (const fan of fans) await run(fan, 'likePost', { postId });
    await run(viewer, 'blockUser', { userId: fans[2] });
    await run(fans[5] as string, 'blockUser', { userId: viewer });
    const pages = await readAll(viewer, 'listLikers', { postId }, 3);
    expect(pages.map((page) => page.length)).toEqual([3, 3, 1]);
    expect(pages.flat()).toEqual([...fans].reverse().filter((fan) => fan !== fans[2] && fan !== fans[5]));
    const [edge] = (await social.edge(viewer, 'Post', 'likers', [{ id: postId }], { limit: 3 })) as Page<User>[];
    const next = await run<Page<User>>(viewer, 'listLikers', { postId, limit: 3, cursor: edge?.nextCursor });
    expect([...idsOf(edge as Page<User>), ...idsOf(next)]).toEqual(pages.slice(0, 2).flat());
  });
});

describe('who sees what', () => {
  const levels = ['public', 'followers', 'close_friends', 'private'] as const;
  let author: string;
  const viewers: Record<string, string | null> = { nobody: null };
  const posts = {} as Record<Visibility, string>;
  beforeAll(async () => {
    author = (await social.addUsers(1))[0] as string;
    for (const name of [
      'stranger',
      'follower',
      'followed',
      'blocking',
      'blocked',
      'formerFollower',
      'friend',
      'formerFriend',
    ]) {
      viewers[name] = (await social.addUsers(1))[0] as string;
    }
    viewers['author'] = author;
    await run(viewers['follower'] as string, 'followUser', { userId: author });
    await run(author, 'followUser', { userId: viewers['followed'] });
    await run(viewers['formerFollower'] as string, 'followUser', { userId: author });
    await run(viewers['formerFollower'] as string, 'unfollowUser', { userId: author });
    await run(viewers['blocking'] as string, 'followUser', { userId: author });
    await run(viewers['blocking'] as string, 'blockUser', { userId: author });
    await run(viewers['blocked'] as string, 'followUser', { userId: author });
    await run(author, 'blockUser', { userId: viewers['blocked'] });
    const { id: listId } = await run<{ id: string }>(author, 'createList', { name: 'close', kind: 'close_friends' });
    const { id: named } = await run<{ id: string }>(author, 'createList', { name: 'others' });
    const friends = [viewers['friend'], viewers['formerFriend']];
    for (const userId of friends) await run(author, 'addListMember', { listId, userId });
    await run(author, 'removeListMember', { listId, userId: viewers['formerFriend'] });
    for (const name of ['stranger', 'follower']) {
      await run(author, 'addListMember', { listId: named, userId: viewers[name] });
    }
    for (const level of levels) posts[level] = (await write(author, `for ${level} #matrix`, level)).id;
  });

  it.each([
    ['nobody', ['public']],
    ['stranger', ['public']],
    ['follower', ['public', 'followers']],
    ['followed', ['public']],
    ['formerFollower', ['public']],
    ['blocking', []],
    ['blocked', []],
    ['friend', ['public', 'close_friends']],
    ['formerFriend', ['public']],
    ['author', ['public', 'followers', 'close_friends', 'private']],
  ] as const)('%s sees %j', async (name, visible) => {
    const viewer = viewers[name] ?? null;
    const expected = levels
      .filter((level) => (visible as readonly string[]).includes(level))
      .map((level) => posts[level]);
    for (const level of levels) {
      const calls = ['getPost', 'listLikers', ...(viewer === null ? [] : ['likePost', 'unlikePost'])];
      for (const operation of calls) {
        const outcome = run(viewer, operation, { postId: posts[level] });
        if (expected.includes(posts[level])) await expect(outcome).resolves.toBeDefined();
        else await expect(outcome).rejects.toMatchObject({ code: 'not_found' });
      }
    }
    const list = run<Page<Post>>(viewer, 'listPostsByAuthor', { userId: author });
    if (expected.length === 0) await expect(list).rejects.toMatchObject({ code: 'not_found' });
    else expect(idsOf(await list)).toEqual([...expected].reverse());
    const [edge] = (await social.edge(viewer, 'User', 'posts', [{ id: author }])) as Page<Post>[];
    expect(idsOf(edge as Page<Post>)).toEqual([...expected].reverse());
    const tagged = await run<Page<Post>>(viewer, 'listPostsByHashtag', { hashtag: '#Matrix' });
    expect(idsOf(tagged)).toEqual(expected.includes(posts.public) ? [posts.public] : []);
    const views = await social.content.viewPosts(
      social.scope(viewer),
      [...levels].map((level) => posts[level]),
    );
    expect(views.map(({ stored }) => stored.id)).toEqual(expected);
  });

  it('nothing of a deleted author', async () => {
    const [gone] = (await social.addUsers(1)) as [string];
    const post = await write(gone, 'last words #gone');
    await social.sql('update users set deleted_at = now() where id = $1', [gone]);
    await expect(run(null, 'getPost', { postId: post.id })).rejects.toMatchObject({ code: 'not_found' });
    await expect(run(null, 'listPostsByAuthor', { userId: gone })).rejects.toMatchObject({ code: 'not_found' });
    expect(await run(null, 'listPostsByHashtag', { hashtag: 'gone' })).toEqual({ items: [], nextCursor: null });
    expect(await social.edge(null, 'User', 'posts', [{ id: gone }])).toEqual([{ items: [], nextCursor: null }]);
  });
});

describe('imports and lists', () => {
  const COUNT = 4_000;
  let authors: string[];
  let fans: string[];
  const rows: ImportedPost[] = [];
  beforeAll(async () => {
    authors = await social.addUsers(4);
    fans = await social.addUsers(3);
    for (let index = 0; index < COUNT; index += 1) {
      rows.push({
        id: newId(),
        authorId: authors[index % 100 === 0 ? 1 : 0] as string,
        body: index % 50 === 0 ? '' : `post {${index}} "quoted", \\ and NULL`,
        imageName: index % 50 === 0 ? `${index}.jpg` : null,
        language: index % 2 === 0 ? 'de' : null,
        visibility: index % 7 === 0 ? 'private' : index % 11 === 0 ? 'followers' : 'public',
        hashtags: index % 20 === 0 ? ['#Some_Tag', 'two words', 'ＷＩＤＥ'] : [],
        // Pairs share an instant.
        createdAt: new Date(Date.UTC(2020, 0, 1) + Math.floor(index / 2) * 1_000).toISOString(),
      });
    }
    for (let start = 0; start < COUNT; start += 1_000) {
      const batch = rows.slice(start, start + 1_000);
      expect(await social.database.transaction(social.tenantId, (tx) => social.content.insertPosts(tx, batch))).toEqual(
        [],
      );
    }
    await social.sql('analyze');
  });
  beforeEach(() => social.statements.splice(0));

  it('keep everything, and leave out what is known or has no author', async () => {
    const [first, second] = rows as [ImportedPost, ImportedPost];
    const again = [first, { ...second, id: newId(), authorId: newId() }, first];
    expect(await social.database.transaction(social.tenantId, (tx) => social.content.insertPosts(tx, again))).toEqual([
      { index: 0, reason: 'known' },
      { index: 1, reason: 'no_such_user' },
      { index: 2, reason: 'known' },
    ]);
    const post = await run<Post>(authors[1] as string, 'getPost', { postId: rows[0]?.id });
    expect(post).toMatchObject({
      body: '',
      imageName: '0.jpg',
      language: 'de',
      visibility: 'private',
      hashtags: ['some_tag', 'wide'],
      createdAt: '2020-01-01T00:00:00.000000Z',
    });
    const other = await run<Post>(null, 'getPost', { postId: rows[1]?.id });
    expect(other).toMatchObject({
      body: 'post {1} "quoted", \\ and NULL',
      imageName: null,
      language: null,
      hashtags: [],
    });
  });

  it('a hashtag lists its public posts, all of them, once', async () => {
    const pages = await readAll(null, 'listPostsByHashtag', { hashtag: 'SOME_TAG' }, 50);
    const expected = rows.filter((row) => row.hashtags?.length && row.visibility === 'public').map((row) => row.id);
    expect(pages.flat()).toEqual(expected.reverse());
    expect(pages.slice(0, -1).every((page) => page.length === 50)).toBe(true);
  });

  it('an author lists every visible post, once, at any depth, with one statement (D1, D19)', async () => {
    const visible = rows.filter((row) => row.authorId === authors[0] && row.visibility === 'public');
    const pages = await readAll(null, 'listPostsByAuthor', { userId: authors[0] }, 100);
    expect(pages.flat()).toEqual(visible.map((row) => row.id).reverse());
    social.statements.length = 0;
    await run(fans[0] as string, 'listPostsByAuthor', { userId: authors[0], limit: 100 });
    expect(social.statements).toEqual(['content.postsByAuthor']);
  });

  it('are read by index order, without a sort (D1)', async () => {
    const { postsByAuthor } = await import('./queries/posts.js');
    const values: Record<string, unknown> = {
      tenant: social.tenantId,
      viewerId: fans[0],
      authorId: authors[0],
      beforeAt: '2020-01-01T00:20:00Z',
      beforeId: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
      limit: 51,
    };
    const plan = await social.explain(
      postsByAuthor.text,
      postsByAuthor.order.map((name) => values[name]),
    );
    expect(plan).toContain('posts_by_author');
    expect(plan).not.toMatch(/Sort|Seq Scan on posts/);
    // Whether the viewer likes a post is asked of the posts on the page alone.
    expect(plan).not.toContain('hashed');
  });

  it('show as edges of many authors at once', async () => {
    const parents = authors.map((id) => ({ id }));
    const pages = (await social.edge(fans[0] as string, 'User', 'posts', parents, { limit: 3 })) as Page<Post>[];
    expect(social.statements).toHaveLength(3);
    const expected = authors.map((author) =>
      rows
        .filter((row) => row.authorId === author && row.visibility === 'public')
        .map((row) => row.id)
        .reverse(),
    );
    expect(pages.map(idsOf)).toEqual(expected.map((ids) => ids.slice(0, 3)));
    const next = await run<Page<Post>>(fans[0] as string, 'listPostsByAuthor', {
      userId: authors[0],
      limit: 3,
      cursor: pages[0]?.nextCursor,
    });
    expect(idsOf(next)).toEqual(expected[0]?.slice(3, 6));
  });

  it('many posts are presented in the order asked for, with three statements', async () => {
    const ids = rows
      .filter((row) => row.visibility === 'public')
      .slice(0, 100)
      .map((row) => row.id)
      .reverse();
    const viewer = social.scope(fans[0] as string);
    await social.content.viewPosts(viewer, ids);
    social.statements.length = 0;
    const views = await social.content.viewPosts(viewer, [...ids, newId()]);
    expect(views.map(({ stored }) => stored.id)).toEqual(ids);
    expect(social.statements.sort()).toEqual(['content.postStates', 'graph.standings', 'identity.usersByIds']);
  });

  it('imported likes are counted once', async () => {
    const likes = rows
      .slice(0, 50)
      .flatMap((row) => fans.map((userId) => ({ postId: row.id, userId, createdAt: '2021-01-01T00:00:00Z' })));
    const known = { postId: rows[1]?.id as string, userId: fans[0] as string };
    await run(known.userId, 'likePost', { postId: known.postId });
    const strange = [
      { postId: newId(), userId: known.userId, createdAt: '2021-01-01T00:00:00Z' },
      { postId: known.postId, userId: newId(), createdAt: '2021-01-01T00:00:00Z' },
    ];
    const insert = () =>
      social.database.transaction(social.tenantId, (tx) =>
        social.content.insertLikes(tx, [...likes, ...likes, ...strange]),
      );
    const leftOut = await insert();
    expect(leftOut.filter(({ reason }) => reason === 'known')).toHaveLength(likes.length + 1);
    expect(leftOut.slice(-2)).toEqual([
      { index: 2 * likes.length, reason: 'no_such_post' },
      { index: 2 * likes.length + 1, reason: 'no_such_user' },
    ]);
    expect(await insert()).toHaveLength(2 * likes.length + 2);
    expect(await run(null, 'getPost', { postId: known.postId })).toMatchObject({ likeCount: 3 });
  });

  it('hashtag usage follows the events, whatever is repeated', async () => {
    const used = () => run<{ posts: number }>(null, 'getHashtag', { hashtag: '#Some_Tag' });
    const expected = rows.filter((row) => row.hashtags?.length && row.visibility === 'public').length;
    await countHashtags();
    expect(await used()).toEqual({ hashtag: 'some_tag', posts: expected });
    await countHashtags();
    expect(await used()).toEqual({ hashtag: 'some_tag', posts: expected });
    const post = rows.find((row) => row.hashtags?.length && row.visibility === 'public') as ImportedPost;
    await run(post.authorId, 'deletePost', { postId: post.id });
    await write(authors[0] as string, '#some_tag');
    await write(authors[0] as string, '#some_tag', 'followers');
    await countHashtags();
    await countHashtags();
    expect((await used()).posts).toBe(expected);
    expect(await run(null, 'getHashtag', { hashtag: 'never used' })).toEqual({ hashtag: 'never used', posts: 0 });
  });
});
