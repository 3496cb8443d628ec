import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../platform/ids/index.js';
import { createNewcomer } from '../../testing/imported-community.js';
import { dumpRows, untilConsumed } from '../../testing/row-checksums.js';
import { startTestApp, type TestApp } from '../../testing/test-app.js';
import { connectTo } from '../../testing/test-cluster.js';
import { type SeedSize, seedCommunity } from './seed-community.js';

const SIZE: SeedSize = { users: 600, followsPerUser: 15, postsPerUser: 4, likesPerPost: 2 };
/** Of these nothing depends on the moment of seeding. */
const TABLES = ['users', 'follows', 'graph_counts', 'posts', 'post_hashtags', 'post_likes', 'hashtag_usage'];

interface Seeded {
  readonly checksums: Readonly<Record<string, string>>;
  readonly rows: Readonly<Record<string, number>>;
  /** Followers of each user, most first. */
  readonly followers: readonly number[];
  readonly written: Readonly<Record<string, number>>;
  readonly languages: number;
  readonly lost: number;
}

/** Seeds the default tenant, whose id is the same everywhere, of a database of its own. */
async function seed(app: TestApp, number: number): Promise<Seeded> {
  const superuser = await connectTo(app.database.superuserUrl);
  try {
    const tenantId = app.nova.defaultTenant.id;
    const report = await seedCommunity(app.nova.community(tenantId), number, SIZE, () => {});
    await untilConsumed(superuser);
    const dump = await dumpRows(superuser, tenantId);
    const of = (table: string) =>
      dump
        .filter((entry) => entry.table === table)
        .map(({ row }) => row)
        .sort();
    const checksum = (rows: readonly string[]) => createHash('sha256').update(rows.join('\n')).digest('hex');
    const { rows } = await superuser.query<{ followers: number }>(
      `select coalesce(c.followers, 0)::int as followers from nova.users u
       left join nova.graph_counts c on c.tenant_id = u.tenant_id and c.user_id = u.id
       where u.tenant_id = $1 order by 1 desc`,
      [tenantId],
    );
    const { rows: posts } = await superuser.query<{ languages: number; lost: number }>(
      `select count(distinct language)::int as languages, (count(*) filter (where created_at >= '2026-01-01'))::int as lost
       from nova.posts where tenant_id = $1`,
      [tenantId],
    );
    return {
      checksums: Object.fromEntries(TABLES.map((table) => [table, checksum(of(table))])),
      rows: Object.fromEntries(TABLES.map((table) => [table, of(table).length])),
      followers: rows.map(({ followers }) => followers),
      written: Object.fromEntries([...report.kinds].map(([kind, counts]) => [kind, counts.written])),
      languages: posts[0]?.languages ?? 0,
      lost: posts[0]?.lost ?? -1,
    };
  } finally {
    await superuser.end();
  }
}

describe('a seeded community', () => {
  let apps: TestApp[];
  let first: Seeded;

  beforeAll(async () => {
    apps = [await startTestApp(), await startTestApp(), await startTestApp()];
    first = await seed(apps[0] as TestApp, 7);
  }, 120_000);

  afterAll(async () => {
    for (const app of apps ?? []) await app.close();
  });

  it('has the users and posts asked for, and about the follows and likes', () => {
    expect(first.rows).toMatchObject({ users: SIZE.users, posts: SIZE.users * SIZE.postsPerUser });
    expect(first.written).toMatchObject({ users: first.rows['users'], follows: first.rows['follows'] });
    expect(first.written).toMatchObject({ posts: first.rows['posts'], likes: first.rows['post_likes'] });
    const expectedFollows = SIZE.users * SIZE.followsPerUser;
    expect(first.rows['follows']).toBeGreaterThan(expectedFollows * 0.8);
    expect(first.rows['follows']).toBeLessThan(expectedFollows * 1.25);
    const expectedLikes = SIZE.users * SIZE.postsPerUser * SIZE.likesPerPost;
    expect(first.rows['post_likes']).toBeGreaterThan(expectedLikes * 0.5);
    expect(first.rows['post_likes']).toBeLessThan(expectedLikes * 1.5);
    expect(first.languages).toBe(9);
    expect(first.lost).toBe(0);
  });

  it('has followers by a power law: few have many, most have few', () => {
    const total = first.followers.reduce((sum, count) => sum + count, 0);
    const top = first.followers.slice(0, SIZE.users / 100).reduce((sum, count) => sum + count, 0);
    // Everybody alike would give the top hundredth a hundredth.
    expect(top / total).toBeGreaterThan(0.08);
    expect(top / total).toBeLessThan(0.4);
    const median = first.followers[SIZE.users / 2] ?? 0;
    expect(median).toBeLessThan((total / SIZE.users) * 0.75);
  });

  it('is the same for the same seed, row by row, in another database', { timeout: 60_000 }, async () => {
    const again = await seed(apps[1] as TestApp, 7);
    expect(again.checksums).toEqual(first.checksums);
  });

  it('adds nothing when it is seeded again', { timeout: 60_000 }, async () => {
    const again = await seed(apps[0] as TestApp, 7);
    expect(again.written).toEqual({ users: 0, follows: 0, posts: 0, likes: 0 });
    expect(again.checksums).toEqual(first.checksums);
  });

  it('is another one for another seed', { timeout: 60_000 }, async () => {
    const other = await seed(apps[2] as TestApp, 8);
    for (const table of ['users', 'follows', 'posts', 'post_likes']) {
      expect(other.checksums[table]).not.toBe(first.checksums[table]);
    }
    expect(other.rows).toMatchObject({ users: SIZE.users, posts: SIZE.users * SIZE.postsPerUser });
  });
});

// Handles that were cut to the first digits of the seed, and said nothing of the size, turned this red.
it('stands beside those of other sizes and seeds', { timeout: 60_000 }, async () => {
  const app = await startTestApp();
  const community = await createNewcomer(app);
  try {
    const others = { followsPerUser: 2, postsPerUser: 1, likesPerPost: 1 };
    for (const [number, users] of [
      [1, 60],
      [1, 200],
      [2_026_001, 3_000],
      [2_026_002, 3_000],
      [2 ** 32 - 1, 200],
    ] as const) {
      const report = await seedCommunity(
        app.nova.community(community.tenantId),
        number,
        { users, ...others },
        () => {},
      );
      for (const [kind, { read, ...counts }] of report.kinds) {
        expect({ kind, ...counts }).toEqual({ kind, written: read, known: 0, refused: 0 });
      }
    }
    expect(await community.count('select count(*) from users where tenant_id = $1')).toBe(6_460);
  } finally {
    await community.close();
    await app.close();
  }
});

it('refuses, with the reason, who has the handle of a member, and what they would have done', async () => {
  const app = await startTestApp();
  const [model, community] = [await createNewcomer(app), await createNewcomer(app)];
  try {
    const into = ({ tenantId }: { tenantId: string }) => app.nova.community(tenantId);
    await seedCommunity(into(model), 3, SIZE, () => {});
    const { rows } = await model.superuser.query<{ id: string; handle: string }>(
      `select u.id, u.handle from users u join graph_counts c on c.tenant_id = u.tenant_id and c.user_id = u.id
       where u.tenant_id = $1 order by c.followers desc limit 1`,
      [model.tenantId],
    );
    const star = rows[0] as { id: string; handle: string };
    await into(community).transaction((tx) =>
      into(community).insertUsers(tx, [
        {
          id: newId(),
          handle: star.handle,
          displayName: 'First come',
          bio: '',
          email: null,
          createdAt: '2026-01-01T00:00:00Z',
        },
      ]),
    );
    const report = await seedCommunity(into(community), 3, SIZE, () => {});
    expect(report.counts('users')).toMatchObject({ written: SIZE.users - 1, known: 0, refused: 1 });
    expect(report.refusals[0]).toMatchObject({ file: 'users', reason: 'another user has its handle' });
    const lost = (sql: string) => model.count(sql, star.id);
    expect(report.counts('follows').refused).toBe(
      await lost('select count(*) from follows where tenant_id = $1 and $2 in (follower_id, followee_id)'),
    );
    expect(report.counts('posts').refused).toBe(
      await lost('select count(*) from posts where tenant_id = $1 and author_id = $2'),
    );
    expect(report.counts('likes').refused).toBe(
      await lost(`select count(*) from post_likes l join posts p on p.tenant_id = l.tenant_id and p.id = l.post_id
        where l.tenant_id = $1 and $2 in (l.user_id, p.author_id)`),
    );
    for (const [kind, { read, written, known, refused }] of report.kinds) {
      expect({ kind, read }).toEqual({ kind, read: written + known + refused });
    }
  } finally {
    await model.close();
    await community.close();
    await app.close();
  }
});
