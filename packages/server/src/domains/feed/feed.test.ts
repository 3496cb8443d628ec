import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { untilConsumed } from '../../testing/row-checksums.js';
import { type Member, startTestApp, type TestApp } from '../../testing/test-app.js';
import { connectTo } from '../../testing/test-cluster.js';
import { purgeFeedSessions, purgePopularPosts } from './index.js';
import { scoreOf } from './score.js';

let app: TestApp;
let sql: Client;
let reader: Member;
let friend: Member;
let stranger: Member;

beforeAll(async () => {
  // Kept for no time: each first page is a snapshot. Sources that are merely slow on a busy machine are waited for.
  app = await startTestApp({ env: { NOVA_CACHE_PAGE_TTL_MS: '0', NOVA_FEED_SOURCE_TIMEOUT_MS: '10000' } });
  sql = await connectTo(app.database.superuserUrl);
  await sql.query('set search_path = nova');
  [reader, friend, stranger] = (await Promise.all(
    ['reader', 'friend', 'stranger'].map((name) => app.signUp(name)),
  )) as [Member, Member, Member];
  await app.rest('PUT', `/users/${friend.id}/follow`, { token: reader.token });
});

afterAll(async () => {
  await sql?.end();
  await app?.close();
});

interface Page {
  readonly items: readonly { readonly id: string }[];
  readonly nextCursor: string | null;
  readonly session: string;
  readonly missingSources: readonly string[];
  readonly explanations?: readonly {
    readonly postId: string;
    readonly source: string;
    readonly score: number | null;
    readonly parts: Parameters<typeof scoreOf>[0] | null;
  }[];
}

const ask = (path: string, member = reader) => app.rest('GET', path, { token: member.token });
const feed = async (query = '', member = reader): Promise<Page> => {
  const { status, body } = await ask(`/feed${query}`, member);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
};
const idsOf = ({ items }: Pick<Page, 'items'>) => items.map(({ id }) => id);
const post = async (author: Member, body: string, visibility = 'public'): Promise<string> =>
  (await app.rest('POST', '/posts', { token: author.token, body: { body, visibility } })).body.id;
const like = (member: Member, id: string) => app.rest('PUT', `/posts/${id}/like`, { token: member.token });
const tenantOf = async () =>
  (await sql.query<{ id: string }>('select tenant_id as id from users where id = $1', [reader.id])).rows[0]?.id ?? '';

/** Runs `work` while nobody can use a table in any way, or in none but reading. */
async function locked<T>(table: string, mode: 'access exclusive' | 'exclusive', work: () => Promise<T>): Promise<T> {
  await sql.query(`begin; lock table ${table} in ${mode} mode`);
  try {
    return await work();
  } finally {
    await sql.query('rollback');
  }
}

/** But for sources: a statement may take longer than a test. */
const PATIENT = { NOVA_HTTP_REQUEST_TIMEOUT_MS: '60000', NOVA_DATABASE_QUERY_TIMEOUT_MS: '60000' };

describe('a ranked feed', () => {
  it('joins followees with what is popular, best first, and tells why (explain)', async () => {
    const own = await post(reader, 'my own');
    const followed = await post(friend, 'by a friend');
    const liked = await post(stranger, 'liked by two');
    const unseen = await post(stranger, 'liked by nobody');
    const forFollowers = await post(stranger, 'for followers', 'followers');
    for (const member of [reader, friend]) for (const id of [liked, own]) await like(member, id);
    await like(stranger, forFollowers);
    await untilConsumed(sql);
    const page = await feed('?mode=ranked&explain=true');
    expect(idsOf(page)).toEqual([own, followed, liked]);
    expect(idsOf(page)).not.toContain(unseen);
    expect(page.explanations?.map(({ postId, source }) => [postId, source])).toEqual([
      [own, 'own'],
      [followed, 'followee'],
      [liked, 'popular'],
    ]);
    expect(page.explanations?.[0]?.parts).toMatchObject({ likes: 0.792, follow: 3, diversity: 0 });
    for (const { score, parts } of page.explanations ?? []) expect(score).toBe(parts && scoreOf(parts));
    expect(page.missingSources).toEqual([]);
    // The page without a question carries no answer to it.
    expect(await feed('?mode=ranked')).not.toHaveProperty('explanations');
    expect((await feed('?explain=true')).explanations?.map(({ source, score }) => [source, score])).toEqual([
      ['followee', null],
      ['own', null],
    ]);
  });

  it('tells the same of its further pages, from the session', async () => {
    const whole = await feed('?mode=ranked&explain=true');
    const first = await feed('?mode=ranked&explain=true&limit=1');
    const second = await feed(`?mode=ranked&explain=true&limit=1&cursor=${first.nextCursor}`);
    expect(idsOf(second)).toEqual(idsOf(whole).slice(1, 2));
    const { parts, ...rest } = second.explanations?.[0] ?? {};
    expect(rest).toMatchObject({ source: whole.explanations?.[1]?.source });
    // What was told a moment later has aged by less than a thousandth or two.
    expect(parts?.recency).toBeCloseTo(whole.explanations?.[1]?.parts?.recency ?? 1, 2);
  });

  it('has nothing of those whom a block separates from the viewer', async () => {
    await app.rest('PUT', `/users/${reader.id}/block`, { token: stranger.token });
    await sql.query('delete from feed_sessions');
    const { explanations } = await feed('?mode=ranked&explain=true');
    await app.rest('DELETE', `/users/${reader.id}/block`, { token: stranger.token });
    expect(explanations?.map(({ source }) => source)).toEqual(['own', 'followee']);
    // Nor places that theirs would take.
    const { rows } = await sql.query('select cardinality(post_ids) as ids from feed_sessions');
    expect(rows).toEqual([{ ids: 2 }]);
  });

  it('is made of what is left when a source does not answer in time, and says which (R5)', async () => {
    // In this database alone: PostgreSQL would give the source up by itself after a second.
    const setLockTimeout = (to: string) => sql.query(`alter role nova_app in database "${app.database.name}" ${to}`);
    await setLockTimeout(`set lock_timeout = '60s'`);
    const impatient = await startTestApp({
      database: app.database,
      env: { NOVA_CACHE_PAGE_TTL_MS: '0', NOVA_FEED_SOURCE_TIMEOUT_MS: '800', ...PATIENT },
    });
    try {
      const { status, body } = await locked('popular_posts', 'access exclusive', () =>
        impatient.rest('GET', '/feed?mode=ranked&explain=true', { token: reader.token }),
      );
      expect([status, body.missingSources]).toEqual([200, ['popular']]);
      expect(body.explanations.map(({ source }: { source: string }) => source)).toEqual(['own', 'followee']);
      const metrics = await (await fetch(`${impatient.adminUrl}/metrics`)).text();
      expect(metrics).toMatch(/^nova_feed_sources_missing_total\{source="popular"\} 1$/m);
      // The other one needs no popular post and waits for none.
      const { result } = await impatient.queriesOf(() =>
        locked('popular_posts', 'access exclusive', () => impatient.rest('GET', '/feed', { token: reader.token })),
      );
      expect([result.status, result.body.missingSources]).toEqual([200, []]);
    } finally {
      await impatient.close();
      await setLockTimeout('reset lock_timeout');
    }
  });
});

describe('the feed of a hashtag', () => {
  it('holds public posts of everybody, newest first, under the same contract', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.unshift(await post(n % 2 === 0 ? stranger : friend, `post ${n} #Cats`));
    await post(friend, 'not for all #cats', 'followers');
    await post(reader, 'for nobody #cats', 'private');
    const first = await feed('?hashtag=%23CATS&limit=2&explain=true');
    expect(first.explanations?.map(({ source }) => source)).toEqual(['hashtag', 'hashtag']);
    await post(stranger, 'later #cats');
    await post(reader, 'my own later #cats');
    expect((await ask(`/feed/new?session=${first.session}`)).body).toEqual({ posts: 1, more: false });
    const second = await feed(`?hashtag=cats&limit=2&cursor=${first.nextCursor}`);
    const third = await feed(`?hashtag=cats&limit=2&cursor=${second.nextCursor}`);
    expect([first, second, third].flatMap(idsOf)).toEqual(ids);
    expect(third.nextCursor).toBeNull();
  });

  it('passes over those whom a block separates, and keeps its pages full', async () => {
    const before = await feed('?hashtag=cats&limit=2');
    await app.rest('PUT', `/users/${friend.id}/block`, { token: stranger.token });
    const asFriend = await feed('?hashtag=cats&limit=3', friend);
    await app.rest('DELETE', `/users/${friend.id}/block`, { token: stranger.token });
    expect(asFriend.items).toHaveLength(3);
    expect(before.items).toHaveLength(2);
  });

  it('is not ranked, and of hashtags only', async () => {
    for (const [query, path] of [
      ['?hashtag=cats&mode=ranked', 'mode'],
      ['?hashtag=%21', 'hashtag'],
    ]) {
      const { status, body } = await ask(`/feed${query}`);
      expect([status, body.code, body.problems[0].path]).toEqual([400, 'invalid_request', path]);
    }
  });
});

describe('a session', () => {
  it('belongs to its viewer and its feed', async () => {
    const { nextCursor, session } = await feed('?limit=1');
    for (const [path, member] of [
      [`/feed?limit=1&cursor=${nextCursor}`, friend],
      [`/feed?limit=1&mode=ranked&cursor=${nextCursor}`, reader],
      [`/feed?limit=1&hashtag=cats&cursor=${nextCursor}`, reader],
      [`/feed/new?session=${session}`, friend],
      [`/feed/new?session=${nextCursor}`, reader],
    ] as const) {
      const { status, body } = await ask(path, member);
      expect([status, body.code], path).toEqual([400, 'invalid_cursor']);
    }
  });

  it('that nothing has happened in since is the same session, cursor and entity tag, and no second write', async () => {
    const { result, queries } = await app.queriesOf(async () => [
      await ask('/feed?limit=1'),
      await ask('/feed?limit=1'),
    ]);
    expect(result[1]?.body).toEqual(result[0]?.body);
    expect(result[1]?.headers.get('etag')).toBe(result[0]?.headers.get('etag'));
    expect(queries.filter((name) => name === 'feed.openSession').length).toBeLessThanOrEqual(1);
    await post(friend, 'something');
    expect((await feed('?limit=1')).session).not.toBe(result[0]?.body.session);
  });

  it('says that it has ended, on REST and GraphQL, and begins anew', async () => {
    // Half an hour, and the half minute for which a process takes it to be stored.
    const end = () => sql.query(`update feed_sessions set opened_at = opened_at - interval '30 minutes 31 seconds'`);
    const ways = [
      ({ nextCursor }: Page) => ask(`/feed?limit=1&cursor=${nextCursor}`),
      ({ session }: Page) => ask(`/feed/new?session=${session}`),
      ({ nextCursor }: Page) =>
        app.graphql(`{ homeFeed(limit: 1, cursor: "${nextCursor}") { nextCursor } }`, { token: reader.token }),
    ];
    for (const way of ways) {
      const page = await feed('?limit=1');
      await end();
      const { status, body } = await way(page);
      expect([status, body.code ?? body.errors[0].extensions.code]).toEqual([410, 'cursor_expired']);
      // The same feed again: this process had stored its session a moment ago, and must not rest on that.
      const again = await feed('?limit=1');
      expect((await feed(`?limit=1&cursor=${again.nextCursor}`)).items).toHaveLength(1);
    }
  });

  it('goes without where none can be stored, in order of time; a ranked feed would repeat itself', async () => {
    await post(friend, 'a feed that has no session yet');
    const whole = await feed('?limit=100');
    await post(friend, 'nor this one');
    const [first, ranked] = await locked('feed_sessions', 'exclusive', async () => [
      await feed('?limit=2'),
      await ask('/feed?mode=ranked&limit=2'),
    ]);
    expect([first?.session, ranked?.status]).toEqual([null, 503]);
    const second = await feed(`?limit=100&cursor=${first?.nextCursor}`);
    expect(idsOf(second)).toEqual(idsOf(whole).slice(1));
    expect([second.session, second.nextCursor]).toEqual([null, null]);
  });

  it('gives way to the viewer’s newer ones, unless it is as young as they are', async () => {
    const stored = async () =>
      (await sql.query('select id from feed_sessions where viewer_id = $1', [reader.id])).rows.length;
    await sql.query('delete from feed_sessions');
    for (let n = 0; n < 12; n++) {
      await post(reader, `post ${n}`);
      await feed();
    }
    expect(await stored()).toBe(12);
    await sql.query(`update feed_sessions set opened_at = opened_at - interval '2 minutes'`);
    await post(reader, 'one more');
    await feed();
    expect(await stored()).toBe(8);
  });

  it('is purged when it has ended', async () => {
    await feed();
    await sql.query(
      `update feed_sessions set opened_at = now() - interval '31 minutes' where id in (select id from feed_sessions limit 3)`,
    );
    expect(await app.nova.database.systemTransaction((system) => purgeFeedSessions(system, 2))).toBe(2);
    expect(await app.nova.database.systemTransaction((system) => purgeFeedSessions(system, 2))).toBe(1);
    expect(await app.nova.database.systemTransaction((system) => purgeFeedSessions(system, 2))).toBe(0);
  });
});

describe('new posts', () => {
  it('are counted to 99', async () => {
    await post(friend, 'old news');
    const { session } = await feed('?limit=1');
    const count = async () => (await ask(`/feed/new?session=${session}`)).body;
    expect(await count()).toEqual({ posts: 0, more: false });
    const insert = (rows: number) =>
      sql.query(
        `insert into posts (tenant_id, id, author_id, body, visibility)
         select tenant_id, gen_random_uuid(), id, 'words', 'public' from users, generate_series(1, $2) where id = $1`,
        [friend.id, rows],
      );
    await insert(99);
    expect(await count()).toEqual({ posts: 99, more: false });
    await insert(3);
    expect(await count()).toEqual({ posts: 99, more: true });
    await sql.query(`delete from posts where author_id = $1 and body = 'words'`, [friend.id]);
  });

  it('include one that was written before the snapshot and committed after it', async () => {
    // Not the session of before: one that is opened after that post was begun.
    await post(friend, 'on time');
    const id = randomUUID();
    await sql.query('begin');
    await sql.query(
      `insert into posts (tenant_id, id, author_id, body, visibility)
       select tenant_id, $1, id, 'late', 'public' from users where id = $2`,
      [id, friend.id],
    );
    const { session } = await feed('?limit=1');
    await sql.query('commit');
    expect((await ask(`/feed/new?session=${session}`)).body).toEqual({ posts: 1, more: false });
    expect(idsOf(await feed())).toContain(id);
  });
});

describe('popular posts', () => {
  /** As the rules say, from the posts themselves. */
  const recomputed = `
    select id as post_id, log(2, 1 + like_count) / 2 + extract(epoch from created_at) / 43200 as heat from posts
    where deleted_at is null and visibility = 'public' and like_count > 0 and created_at > now() - interval '7 days'`;
  const wrong = async (): Promise<number> => {
    const { rows } = await sql.query<{ wrong: string }>(
      `select count(*) as wrong from (${recomputed}) r full join popular_posts h using (post_id)
       where h.heat is null or r.heat is null or abs(h.heat - r.heat) > 1e-6`,
    );
    return Number(rows[0]?.wrong);
  };

  it('are what the posts say, after any likes, unlikes and deletions', async () => {
    const members = [reader, friend, stranger];
    const ids = await Promise.all(Array.from({ length: 8 }, (_, n) => post(members[n % 3] as Member, `p ${n}`)));
    const random = (count: number) => Math.floor(Math.random() * count);
    await Promise.all(
      Array.from({ length: 120 }, async () => {
        const [member, id] = [members[random(3)] as Member, ids[random(8)] as string];
        const what = random(10);
        if (what === 0) await app.rest('DELETE', `/posts/${id}`, { token: member.token });
        else await app.rest(what < 6 ? 'PUT' : 'DELETE', `/posts/${id}/like`, { token: member.token });
      }),
    );
    await untilConsumed(sql);
    expect(await wrong()).toBe(0);
    // One by one: nothing later brings right what one kind of event has left.
    const last = await post(friend, 'liked and unliked');
    for (const [method, path] of [
      ['PUT', 'like'],
      ['DELETE', 'like'],
      ['PUT', 'like'],
      ['DELETE', ''],
    ]) {
      const { status } = await app.rest(method as string, `/posts/${last}/${path}`.replace(/\/$/, ''), {
        token: friend.token,
      });
      expect(status).toBeLessThan(300);
      await untilConsumed(sql);
      expect(await wrong()).toBe(0);
    }
  });

  it('are repaired, and filled after an import, whose likes tell no event', async () => {
    const community = app.nova.community(await tenantOf());
    const id = await post(stranger, 'imported likes');
    const createdAt = new Date().toISOString();
    await community.transaction((tx) =>
      community.insertLikes(
        tx,
        [reader, friend].map(({ id: userId }) => ({ postId: id, userId, createdAt })),
      ),
    );
    await sql.query(
      'update popular_posts set heat = heat - 1 where post_id in (select post_id from popular_posts limit 1)',
    );
    await sql.query(
      `insert into popular_posts select tenant_id, id, created_at, 1 from posts where like_count = 0 and deleted_at is null limit 1`,
    );
    expect(await wrong()).toBe(3);
    const repair = app.nova.repairs['popular'] as (signal: AbortSignal) => Promise<{ repaired: number }>;
    expect((await repair(new AbortController().signal)).repaired).toBe(3);
    expect(await wrong()).toBe(0);
    expect((await repair(new AbortController().signal)).repaired).toBe(0);
  });

  it('end with the week', async () => {
    await sql.query(
      `update popular_posts set created_at = now() - interval '8 days' where post_id in (select post_id from popular_posts limit 1)`,
    );
    expect(await app.nova.database.systemTransaction((system) => purgePopularPosts(system, 10))).toBe(1);
  });
});
