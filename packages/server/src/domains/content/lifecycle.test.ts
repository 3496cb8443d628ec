import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../platform/ids/index.js';
import { createSocial, type Social } from '../../testing/social.js';
import { contentConsumers, repairHashtagUsage } from './index.js';
import type { Post } from './schema.js';

let social: Social;
let author: string;
let reader: string;
beforeAll(async () => {
  social = await createSocial();
});
beforeEach(async () => {
  [author, reader] = (await social.addUsers(2)) as [string, string];
});
afterAll(() => social?.close());

const run = <T = unknown>(viewer: string | null, name: string, input?: object) => social.run<T>(viewer, name, input);
const write = (input: object) => run<Post>(author, 'createPost', input);
const edit = (post: { id: string }, input: object, viewer = author) =>
  run<Post>(viewer, 'editPost', { postId: post.id, ...input });
const read = (post: { id: string }, viewer: string | null = reader) =>
  run<Post>(viewer, 'getPost', { postId: post.id });
interface Version {
  readonly version: number;
  readonly body: string;
  readonly writtenAt: string;
}
const versionsOf = (post: { id: string }, input: object = {}, viewer: string | null = reader) =>
  run<{ items: Version[]; nextCursor: string | null }>(viewer, 'listPostVersions', { postId: post.id, ...input });

/** Lets the outbox reach the counts, from a place on; the consumer is handed each event once. */
let handled = 0;
async function countHashtags(): Promise<void> {
  const events = await social.sql<{ id: string; type: string; key: string; payload: Record<string, unknown> }>(
    'select id, type, key, payload from outbox where id > $1 order by xid::text::bigint, id',
    [handled],
  );
  for (const { id, ...event } of events) {
    handled = Math.max(handled, Number(id));
    for (const consumer of contentConsumers.filter(({ types }) => types.includes(event.type))) {
      await social.database.transaction(social.tenantId, (tx) =>
        consumer.handle(tx, { ...event, id: 1, tenantId: social.tenantId, correlationId: null, createdAt: '' }),
      );
    }
  }
}

describe('editing a post', () => {
  it('answers what reading it answers, to everyone at once, and links what the body says now', async () => {
    const [friend] = (await social.addUsers(1, 'friend_')) as [string];
    const post = await write({ body: 'first #old #kept', language: 'en', custom: { a: 1 } });
    await read(post);
    const edited = await edit(post, { body: 'second #kept #new @friend_0', custom: { b: [1, { c: null }] } });
    expect(edited).toMatchObject({
      body: 'second #kept #new @friend_0',
      language: 'en',
      custom: { b: [1, { c: null }] },
      hashtags: ['kept', 'new'],
      mentionedUserIds: [friend],
      entities: [
        { type: 'hashtag', start: 7, end: 12, hashtag: 'kept', userId: null },
        { type: 'hashtag', start: 13, end: 17, hashtag: 'new', userId: null },
        { type: 'mention', start: 18, end: 27, hashtag: null, userId: friend },
      ],
      version: 2,
      createdAt: post.createdAt,
    });
    expect(edited.editedAt).toBe(edited.updatedAt);
    expect(edited.updatedAt > post.updatedAt).toBe(true);
    expect(await read(post, author)).toEqual(edited);
    expect(await read(post)).toEqual(edited);
    const page = (viewer: string, name: string, input: object) => run<{ items: Post[] }>(viewer, name, input);
    expect((await page(reader, 'listPostsByAuthor', { userId: author })).items).toEqual([edited]);
    expect((await page(reader, 'listPostsByHashtag', { hashtag: 'new' })).items).toEqual([edited]);
    expect((await page(reader, 'listPostsByHashtag', { hashtag: 'old' })).items).toEqual([]);
    const events = await social.sql('select type, payload from outbox where key = $1 order by id', [post.id]);
    expect(events[1]).toEqual({
      type: 'post.edited',
      payload: { postId: post.id, authorId: author, mentionedUserIds: [friend] },
    });
  });

  it('tells of those only whom the post has not mentioned before, and of nobody whom a block hides', async () => {
    const [a, b, foe] = (await social.addUsers(3, 'told_')) as [string, string, string];
    await run(foe, 'blockUser', { userId: author });
    const post = await write({ body: '@told_0' });
    const edited = await edit(post, { body: '@told_0 @told_1 @told_2' });
    expect(edited.mentionedUserIds).toEqual([a, b]);
    const [event] = await social.sql(`select payload from outbox where key = $1 and type = 'post.edited'`, [post.id]);
    expect(event).toMatchObject({ payload: { mentionedUserIds: [b] } });
  });

  it('keeps every version, in pages, for those who see the post', async () => {
    const post = await write({ body: 'version 1', custom: { n: 1 } });
    for (let n = 2; n <= 7; n += 1) await edit(post, { body: `version ${n}`, custom: { n } });
    const found: Version[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof versionsOf>> = await versionsOf(post, {
        limit: 2,
        ...(cursor === null ? {} : { cursor }),
      });
      found.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(found.map(({ version, body }) => [version, body])).toEqual(
      [7, 6, 5, 4, 3, 2, 1].map((n) => [n, `version ${n}`]),
    );
    expect(found.map((version) => (version as unknown as Post).custom)).toEqual(
      [7, 6, 5, 4, 3, 2, 1].map((n) => ({ n })),
    );
    const times = found.map(({ writtenAt }) => writtenAt);
    expect(times).toEqual([...new Set(times)].sort().reverse());
    expect(times.at(-1)).toBe(post.createdAt);
    expect(times[0]).toBe((await read(post)).editedAt);

    await edit(post, { visibility: 'followers' });
    await expect(versionsOf(post)).rejects.toMatchObject({ code: 'not_found' });
    expect((await versionsOf(post, {}, author)).items).toHaveLength(7);
    await run(author, 'deletePost', { postId: post.id });
    await expect(versionsOf(post, {}, author)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('makes no version of what stays the same, nor of who may see it or reply', async () => {
    const post = await write({ body: 'words', custom: { a: { b: 1 }, c: 2 } });
    expect(await edit(post, { body: 'words', custom: { c: 2, a: { b: 1 } }, visibility: 'public' })).toEqual(post);
    const hidden = await edit(post, { visibility: 'private', replyPolicy: 'nobody' });
    expect(hidden).toMatchObject({ version: 1, editedAt: null, visibility: 'private', replyPolicy: 'nobody' });
    await expect(read(post)).rejects.toMatchObject({ code: 'not_found' });
    expect((await versionsOf(post, {}, author)).items).toHaveLength(1);
    const kinds = await social.sql<{ type: string }>('select type from outbox where key = $1 order by id', [post.id]);
    expect(kinds.map(({ type }) => type)).toEqual(['post.created', 'post.edited']);
  });

  it('is for the author, of a post that is there, at the version that was seen', async () => {
    const post = await write({ body: 'mine' });
    const hidden = await write({ body: 'hidden', visibility: 'private' });
    await expect(edit(post, { body: 'x' }, reader)).rejects.toMatchObject({ code: 'not_the_author' });
    await expect(edit(hidden, { body: 'x' }, reader)).rejects.toMatchObject({ code: 'not_found' });
    await expect(edit({ id: newId() }, { body: 'x' })).rejects.toMatchObject({ code: 'not_found' });
    await edit(post, { body: 'second', ifVersion: 1 });
    await expect(edit(post, { body: 'third', ifVersion: 1 })).rejects.toMatchObject({ code: 'post_changed' });
    await edit(post, { body: 'third', ifVersion: 2 });
    await run(author, 'deletePost', { postId: post.id });
    await expect(edit(post, { body: 'x' })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('ends with the window, and with as many versions as are kept', async () => {
    const post = await write({ body: 'old' });
    await social.sql(`update posts set version = 1000 where id = $1`, [post.id]);
    await expect(edit(post, { body: 'x' })).rejects.toMatchObject({ code: 'too_many_versions' });
    await edit(post, { visibility: 'followers' });

    const narrow = await createSocial({}, { editWindowMs: 60_000 });
    try {
      const [writer] = (await narrow.addUsers(1)) as [string];
      const young = await narrow.run<Post>(writer, 'createPost', { body: 'young' });
      expect(await narrow.run(writer, 'editPost', { postId: young.id, body: 'edited' })).toMatchObject({ version: 2 });
      await narrow.sql(`update posts set created_at = now() - interval '61 s'`);
      await expect(narrow.run(writer, 'editPost', { postId: young.id, body: 'x' })).rejects.toMatchObject({
        code: 'edit_window_over',
      });
    } finally {
      await narrow.close();
    }
  });

  it('by many at once loses none, and no reader keeps one that was replaced (I4)', async () => {
    const post = await write({ body: 'start' });
    await Promise.all(
      Array.from({ length: 12 }, async (_, n) => {
        await edit(post, { body: `edit ${n}` });
        await read(post);
      }),
    );
    const { items } = await versionsOf(post);
    expect(items.map(({ version }) => version)).toEqual([13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(new Set(items.map(({ body }) => body)).size).toBe(13);
    expect((await read(post)).body).toBe(items[0]?.body);
  });

  // Seeded bug that turns this red: `updated_at = now()`, which is the beginning of a transaction that has waited.
  it('is a new version even in a transaction that began before the last one', async () => {
    const post = await write({ body: 'start' });
    await social.sql(`update posts set updated_at = updated_at + interval '1 hour' where id = $1`, [post.id]);
    const before = await read(post);
    const after = await edit(post, { body: 'later' });
    expect(after.updatedAt > before.updatedAt).toBe(true);
    expect((await read(post)).body).toBe('later');
  });
});

describe('restoring a post', () => {
  it('brings it back where it stood, with its likes, versions and hashtags', async () => {
    const post = await write({ body: 'gone and back #back' });
    await edit(post, { body: 'gone, and back #back' });
    await run(reader, 'likePost', { postId: post.id });
    const later = await write({ body: 'later' });
    const before = await read(post);
    await run(author, 'deletePost', { postId: post.id });
    const restored = await run<Post>(author, 'restorePost', { postId: post.id });
    expect({ ...before, viewer: { liked: false }, updatedAt: restored.updatedAt }).toEqual(restored);
    expect(await read(post)).toEqual({ ...restored, viewer: { liked: true } });
    expect((await versionsOf(post)).items).toHaveLength(2);
    const ids = (await run<{ items: Post[] }>(reader, 'listPostsByAuthor', { userId: author })).items.map(
      ({ id }) => id,
    );
    expect(ids).toEqual([later.id, post.id]);
    // Once more changes nothing.
    expect(await run(author, 'restorePost', { postId: post.id })).toEqual(restored);
    const kinds = await social.sql<{ type: string }>(
      `select type from outbox where key = $1 and type like 'post.%' order by id`,
      [post.id],
    );
    expect(kinds.map(({ type }) => type)).toEqual(['post.created', 'post.edited', 'post.deleted', 'post.restored']);
  });

  it('is for the author, within the retention', async () => {
    const post = await write({ body: 'mine' });
    await expect(run(reader, 'restorePost', { postId: post.id })).rejects.toMatchObject({ code: 'not_the_author' });
    await run(author, 'deletePost', { postId: post.id });
    await expect(run(reader, 'restorePost', { postId: post.id })).rejects.toMatchObject({ code: 'not_found' });
    await social.sql(`update posts set deleted_at = now() - interval '30 days 1 second' where id = $1`, [post.id]);
    await expect(run(author, 'restorePost', { postId: post.id })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('starts from a list of what can be restored, which nobody else sees', async () => {
    const posts: Post[] = [];
    for (const body of ['a #x', 'b', 'c', 'd']) posts.push(await write({ body }));
    for (const { id } of posts) await run(author, 'deletePost', { postId: id });
    await social.sql(`update posts set deleted_at = now() - interval '31 days' where id = $1`, [posts[0]?.id]);
    interface Deleted {
      readonly items: { post: Post; deletedAt: string; restorableUntil: string }[];
      readonly nextCursor: string | null;
    }
    const first = await run<Deleted>(author, 'listDeletedPosts', { limit: 2 });
    const second = await run<Deleted>(author, 'listDeletedPosts', { limit: 2, cursor: first.nextCursor ?? '' });
    const bodies = [...first.items, ...second.items].map(({ post }) => post.body);
    expect(bodies).toEqual(['d', 'c', 'b']);
    expect(second.nextCursor).toBeNull();
    const [item] = first.items;
    expect(Date.parse(item?.restorableUntil ?? '') - Date.parse(item?.deletedAt ?? '')).toBe(30 * 86_400_000);
    expect(item?.post).toEqual({ ...posts[3], updatedAt: item?.post.updatedAt });
    expect((await run<Deleted>(reader, 'listDeletedPosts')).items).toEqual([]);
  });

  it('is over with the purge, which takes the versions too', async () => {
    const { purgeDeletedPosts } = await import('./index.js');
    const post = await write({ body: 'first' });
    await edit(post, { body: 'second' });
    await run(author, 'deletePost', { postId: post.id });
    await social.sql(`update posts set deleted_at = now() - interval '31 days' where id = $1`, [post.id]);
    await social.database.system.run(purgeDeletedPosts, { limit: 1_000 });
    expect(await social.sql('select 1 from post_versions where post_id = $1', [post.id])).toEqual([]);
  });
});

describe('who may reply', () => {
  it('is what the author says', async () => {
    const [follower, mentioned] = (await social.addUsers(2, 'reply_')) as [string, string];
    await run(follower, 'followUser', { userId: author });
    const allowed = async (replyPolicy: string) => {
      const { id } = await write({ body: 'hello @reply_1', replyPolicy });
      const seen = await Promise.all(
        [author, follower, mentioned, reader, null].map(async (viewer) => {
          const scope = social.scope(viewer);
          const [post] = await social.content.viewPosts(scope, [id]);
          return post !== undefined && (await social.content.mayReply(scope, post));
        }),
      );
      return seen;
    };
    expect(await allowed('everyone')).toEqual([true, true, true, true, false]);
    expect(await allowed('followers')).toEqual([true, true, false, false, false]);
    expect(await allowed('mentioned')).toEqual([true, false, true, false, false]);
    expect(await allowed('nobody')).toEqual([true, false, false, false, false]);
  });
});

describe('usage of hashtags', () => {
  const TAGS = ['red', 'green', 'blue'];
  const step = fc.record({
    post: fc.nat(3),
    kind: fc.constantFrom('edit', 'edit', 'hide', 'show', 'delete', 'restore', 'count', 'repair'),
    tags: fc.subarray(TAGS),
  });

  const wrongUsage = () =>
    social.sql(
      `select u.hashtag, u.posts, actual.posts as actual from hashtag_usage u
       cross join lateral (
         select count(*) as posts from posts p
         where u.hashtag = any(p.hashtags) and p.deleted_at is null and p.visibility = 'public') actual
       where u.posts <> actual.posts`,
    );

  // Seeded bugs that turn this red: a repair that counts what an edit has removed; an edit that deletes rows that are counted; a deletion told after its restore.
  it('is that of a recount, whatever becomes of the posts', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        const posts: Post[] = [];
        for (let n = 0; n < 4; n += 1) posts.push(await write({ body: `start #${TAGS[n % 3]}` }));
        for (const [index, { post, kind, tags }] of steps.entries()) {
          const target = posts[post] as Post;
          const done = {
            edit: () => edit(target, { body: `${index} ${tags.map((tag) => `#${tag}`).join(' ')}` }),
            hide: () => edit(target, { visibility: 'followers' }),
            show: () => edit(target, { visibility: 'public' }),
            delete: () => run(author, 'deletePost', { postId: target.id }),
            restore: () => run(author, 'restorePost', { postId: target.id }),
            count: countHashtags,
            repair: () => repairHashtagUsage(social.database, new AbortController().signal),
          }[kind];
          await done().catch((error: { code?: string }) => {
            if (error.code !== 'not_found') throw error;
          });
          // At once, whatever the events have yet to tell.
          if (kind === 'repair') expect(await wrongUsage()).toEqual([]);
        }
        await countHashtags();
        expect(await wrongUsage()).toEqual([]);
        const rows = await social.sql(
          `select h.post_id from post_hashtags h join posts p on p.id = h.post_id
           where h.removed or not h.hashtag = any(p.hashtags)`,
        );
        expect(rows).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });
});
