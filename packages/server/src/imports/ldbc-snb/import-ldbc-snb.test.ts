import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNewcomer, fixture, type Newcomer, readRows, sharedData } from '../../testing/imported-community.js';
import { checksumRows, untilConsumed } from '../../testing/row-checksums.js';
import { startTestApp, type TestApp } from '../../testing/test-app.js';
import type { ImportReport } from '../import-report.js';
import { importLdbcSnb } from './import-ldbc-snb.js';
import { ImportFormatError } from './read-table.js';

interface DataSet {
  readonly dir: string;
  readonly persons: number;
  readonly friendships: number;
  readonly posts: number;
  readonly likes: number;
}

const SMALL: DataSet = { dir: fixture('ldbc-snb'), persons: 12, friendships: 20, posts: 60, likes: 45 };
/** The benchmark's own sample of 250 persons and a year. */
const SAMPLE: DataSet = { dir: sharedData('ldbc-snb'), persons: 222, friendships: 825, posts: 5_924, likes: 759 };

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
});

afterAll(() => app?.close());

const importInto = ({ tenantId }: Newcomer, dir: string): Promise<ImportReport> =>
  importLdbcSnb(app.nova.community(tenantId), dir, () => {});

const written = (report: ImportReport) => ({
  persons: report.counts('persons').written,
  friendships: report.counts('friendships').written,
  posts: report.counts('posts').written,
  likes: report.counts('likes').written,
});

/** The sample where it is there; the small set holds to the same everywhere. */
const sets = existsSync(SAMPLE.dir) ? [SMALL, SAMPLE] : [SMALL];

describe.each(sets)('a community of $persons persons', (set) => {
  let community: Newcomer;
  let report: ImportReport;
  const file = (name: string) => readRows(path.join(set.dir, name));

  beforeAll(async () => {
    community = await createNewcomer(app);
    report = await importInto(community, set.dir);
    await untilConsumed(community.superuser);
  }, 60_000);

  afterAll(() => community?.close());

  it('arrives whole', async () => {
    const { dir: _, ...counts } = set;
    expect(written(report)).toEqual(counts);
    expect(report.refusals).toEqual([]);
    expect([...report.kinds.keys()]).toEqual(['persons', 'friendships', 'posts', 'likes']);
    for (const [kind, { read, written: stored, known, refused }] of report.kinds) {
      expect({ kind, read }).toEqual({ kind, read: stored + known + refused });
    }
    const rows = (table: string) => community.count(`select count(*) from ${table} where tenant_id = $1`);
    expect(await rows('users')).toBe(set.persons);
    expect(await rows('follows')).toBe(2 * set.friendships);
    expect(await rows('posts')).toBe(set.posts);
    expect(await rows('post_likes')).toBe(set.likes);
  });

  it('keeps names, texts, pictures and dates to the millisecond', async () => {
    const { superuser, tenantId } = community;
    const iso = `to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') as at`;
    const users = await superuser.query(`select display_name as name, ${iso} from users where tenant_id = $1`, [
      tenantId,
    ]);
    const day = (date = '') => date.replace('+0000', '000');
    const sorted = <T>(rows: T[]) => rows.map((row) => JSON.stringify(row)).sort();
    expect(sorted(users.rows)).toEqual(
      sorted(
        file('dynamic/person_0_0.csv').map(([, first, last, , , date]) => ({
          name: `${first} ${last}`,
          at: day(date),
        })),
      ),
    );
    const posts = await superuser.query(
      `select body, image_name as image, language, ${iso} from posts where tenant_id = $1`,
      [tenantId],
    );
    expect(sorted(posts.rows)).toEqual(
      sorted(
        file('dynamic/post_0_0.csv').map(([, image, date, , , language, body]) => ({
          body,
          image: image || null,
          language: language || null,
          at: day(date),
        })),
      ),
    );
    const likes = await superuser.query(`select ${iso} from post_likes where tenant_id = $1`, [tenantId]);
    expect(sorted(likes.rows)).toEqual(
      sorted(file('dynamic/person_likes_post_0_0.csv').map(([, , date]) => ({ at: day(date) }))),
    );
    const follows = await superuser.query(`select ${iso} from follows where tenant_id = $1`, [tenantId]);
    const both = file('dynamic/person_knows_person_0_0.csv').flatMap(([, , date]) => [
      { at: day(date) },
      { at: day(date) },
    ]);
    expect(sorted(follows.rows)).toEqual(sorted(both));
  });

  it('counts follows, likes and hashtags exactly', async () => {
    const off = (sql: string) => community.count(sql);
    expect(
      await off(`select count(*) from users u
        left join graph_counts c on c.tenant_id = u.tenant_id and c.user_id = u.id
        where u.tenant_id = $1 and (coalesce(c.followers, 0), coalesce(c.following, 0)) <> (
          (select count(*) from follows f where f.tenant_id = u.tenant_id and f.followee_id = u.id),
          (select count(*) from follows f where f.tenant_id = u.tenant_id and f.follower_id = u.id))`),
    ).toBe(0);
    expect(
      await off(`select count(*) from posts p where p.tenant_id = $1 and p.like_count <>
        (select count(*) from post_likes l where l.tenant_id = p.tenant_id and l.post_id = p.id)`),
    ).toBe(0);
    expect(
      await off(`select count(*) from (
          select hashtag, count(*) as posts from post_hashtags where tenant_id = $1 group by hashtag
        ) h full join (select * from hashtag_usage where tenant_id = $1) u using (hashtag)
        where h.posts is distinct from u.posts`),
    ).toBe(0);
    expect(await off(`select count(*) from post_hashtags where tenant_id = $1`)).toBeGreaterThan(0);
  });

  it('adds nothing when it is imported again', { timeout: 60_000 }, async () => {
    const before = await checksumRows(community.superuser, community.tenantId);
    const again = await importInto(community, set.dir);
    await untilConsumed(community.superuser);
    expect(written(again)).toEqual({ persons: 0, friendships: 0, posts: 0, likes: 0 });
    for (const kind of ['persons', 'friendships', 'posts', 'likes']) {
      expect(again.counts(kind)).toMatchObject({ known: report.counts(kind).written, refused: 0 });
    }
    expect(await checksumRows(community.superuser, community.tenantId)).toEqual(before);
  });

  it('shows its best-connected person the feed that SQL finds, page by page', async () => {
    const { superuser, tenantId } = community;
    const { rows: best } = await superuser.query<{ id: string }>(
      `select follower_id as id from follows where tenant_id = $1 group by 1 order by count(*) desc, 1 limit 1`,
      [tenantId],
    );
    const viewerId = best[0]?.id ?? '';
    const { rows: expected } = await superuser.query(
      `select p.id, p.body, p.image_name as "imageName", p.like_count::int as "likeCount", u.display_name as author,
         exists (
           select from post_likes l where l.tenant_id = $1 and l.post_id = p.id and l.user_id = $2
         ) as liked
       from posts p join users u on u.tenant_id = $1 and u.id = p.author_id
       where p.tenant_id = $1 and (p.author_id = $2 or p.author_id in (
         select followee_id from follows where tenant_id = $1 and follower_id = $2))
       order by p.created_at desc, p.id desc`,
      [tenantId, viewerId],
    );
    expect(expected.length).toBeGreaterThan(set.persons);
    const token = await community.tokenOf(viewerId);
    const shown: unknown[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? '' : `&cursor=${cursor}`;
      const { status, body } = await app.rest('GET', `/feed?limit=37${query}`, { token });
      expect(status).toBe(200);
      for (const { id, body: text, imageName, likeCount, author, viewer } of body.items) {
        shown.push({ id, body: text, imageName, likeCount, author: author.displayName, liked: viewer.liked });
      }
      cursor = body.nextCursor;
    } while (cursor !== null);
    expect(shown).toEqual(expected);
  });
});

describe('the small community', () => {
  it('has handles that can be typed and hashtags that can be found', async () => {
    const community = await createNewcomer(app);
    try {
      await importInto(community, SMALL.dir);
      const values = async (sql: string) =>
        (await community.superuser.query<{ value: string }>(sql, [community.tenantId])).rows.map(({ value }) => value);
      const handles = await values('select handle as value from users where tenant_id = $1 order by created_at');
      expect(handles.slice(0, 4)).toEqual([
        expect.stringMatching(/^jose_nunez_\w+$/),
        expect.stringMatching(/^ukasz_z\w+$/),
        expect.stringMatching(/^nguyen_thi_hanh_\w+$/),
        expect.stringMatching(/^user_\w+$/),
      ]);
      const hashtags = await values(
        'select distinct hashtag as value from post_hashtags where tenant_id = $1 order by 1',
      );
      expect(hashtags.sort()).toEqual(['arthur_c_clarke', 'rock_roll', 'são_paulo', 'ĝardeno', '東京'].sort());
    } finally {
      await community.close();
    }
  });
});

describe('rows that are wrong', () => {
  it('are refused one by one, with file, line and reason; the others arrive', async () => {
    const community = await createNewcomer(app);
    try {
      const report = await importInto(community, fixture('ldbc-snb-refused'));
      const told = report.refusals.map(({ file, line, reason }) => `${path.basename(file)}:${line} ${reason}`);
      expect(told).toEqual([
        'person_0_0.csv:4 id is not a number',
        'person_0_0.csv:5 creationDate is not a date',
        'person_0_0.csv:6 person 2 is there twice',
        'person_0_0.csv:7 name is empty or too long',
        'person_0_0.csv:8 4 values instead of 9',
        'person_0_0.csv:9 name is empty or too long',
        'person_knows_person_0_0.csv:3 one of the persons is not there',
        'person_knows_person_0_0.csv:4 a person cannot be their own friend',
        'person_knows_person_0_0.csv:5 the friendship is there twice',
        'person_knows_person_0_0.csv:6 creationDate is not a date',
        'post_0_0.csv:3 creationDate is not a date',
        'post_0_0.csv:4 creator 9 is not there',
        'post_0_0.csv:5 post 10 is there twice',
        'post_0_0.csv:6 neither content nor image',
        'post_0_0.csv:7 content is longer than 5000',
        'post_0_0.csv:8 12 values instead of 11',
        'person_likes_post_0_0.csv:3 person 9 is not there',
        'person_likes_post_0_0.csv:4 post 99 is not there',
        'person_likes_post_0_0.csv:5 creationDate is not a date',
      ]);
      expect(written(report)).toEqual({ persons: 2, friendships: 1, posts: 1, likes: 1 });
      expect(report.counts('likes')).toEqual({ read: 5, written: 1, known: 1, refused: 3 });
      expect(await community.count('select count(*) from post_hashtags where tenant_id = $1')).toBe(1);
    } finally {
      await community.close();
    }
  });

  it('are told a hundred times at the most, and counted all', async () => {
    const community = await createNewcomer(app);
    const dir = await mkdtemp(path.join(os.tmpdir(), 'nova-import-'));
    try {
      await cp(fixture('ldbc-snb-refused'), dir, { recursive: true });
      const header = 'Person.id|Post.id|creationDate';
      const rows = Array.from({ length: 250 }, (_, index) => `${index + 100}|10|2010-05-05T10:20:30.456+0000`);
      await writeFile(path.join(dir, 'dynamic/person_likes_post_0_0.csv'), [header, ...rows].join('\r\n'));
      const report = await importInto(community, dir);
      expect(report.refusals).toHaveLength(100);
      expect(report.counts('likes')).toEqual({ read: 250, written: 0, known: 0, refused: 250 });
    } finally {
      await rm(dir, { recursive: true, force: true });
      await community.close();
    }
  });
});

describe('a folder of another layout', () => {
  const FILE = 'dynamic/person_knows_person_0_0.csv';

  it.each([
    ['a file that is missing', async (file: string) => rm(file), /person_knows_person_0_0\.csv is missing/],
    ['an empty file', async (file: string) => writeFile(file, ''), /person_knows_person_0_0\.csv is empty/],
    [
      'another header',
      async (file: string) => writeFile(file, 'a,b,c\n1,2,3\n'),
      /starts with "a,b,c", not with "Person\.id\|Person\.id\|creationDate"/,
    ],
  ])('is refused as a whole for %s', async (_what, spoil, reason) => {
    const community = await createNewcomer(app);
    const dir = await mkdtemp(path.join(os.tmpdir(), 'nova-import-'));
    try {
      await cp(SMALL.dir, dir, { recursive: true });
      await spoil(path.join(dir, FILE));
      const failure = importInto(community, dir);
      await expect(failure).rejects.toThrow(reason);
      await expect(failure).rejects.toBeInstanceOf(ImportFormatError);
    } finally {
      await rm(dir, { recursive: true, force: true });
      await community.close();
    }
  });
});
