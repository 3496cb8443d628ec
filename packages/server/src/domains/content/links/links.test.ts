import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSilentLogger } from '../../../platform/telemetry/index.js';
import { createSocial, type Social } from '../../../testing/social.js';
import { contentConsumers } from '../index.js';
import type { Post } from '../schema.js';
import { fetchDueLinks } from './fetch-due-links.js';
import { firstLink } from './first-link.js';
import { readOpenGraph } from './read-open-graph.js';

let social: Social;
let author: string;
let reader: string;
let server: Server;
let at: string;
let visits: string[] = [];
let outcomes: string[] = [];
let page = '';
let handled = 0;

beforeAll(async () => {
  social = await createSocial();
  server = createServer((request, response) => {
    visits.push(request.url ?? '');
    if (page === '') response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  at = `http://news.example.org:${(server.address() as AddressInfo).port}`;
});
beforeEach(async () => {
  [author, reader] = (await social.addUsers(2)) as [string, string];
  visits = [];
  outcomes = [];
  page = '<title>The news</title>';
});
afterAll(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
  await social?.close();
});

const run = <T = unknown>(viewer: string | null, name: string, input?: object) => social.run<T>(viewer, name, input);
const write = (body: string, input: object = {}) => run<Post>(author, 'createPost', { body, ...input });
const previewOf = async ({ id }: { id: string }, viewer = reader) =>
  (await run<Post>(viewer, 'getPost', { postId: id })).linkPreview;

async function tellConsumers(): Promise<void> {
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

const deps = (database: Pick<Social['database'], 'system' | 'transaction'> = social.database) => ({
  database,
  log: createSilentLogger(),
  concurrency: 4,
  record: (outcome: string) => void outcomes.push(outcome),
  fetch: { lookup: async () => ['127.0.0.1'], allowed: [`127.0.0.1:${new URL(at).port}`], timeoutMs: 20_000 },
});

async function fetchAll(): Promise<void> {
  await tellConsumers();
  while ((await fetchDueLinks(deps())) > 0);
}

describe('the first link of a post', () => {
  it.each([
    ['see https://example.org/a?b=c#d.', 'https://example.org/a?b=c'],
    ['(https://example.org/a) https://other.org', 'https://example.org/a'],
    ['https://en.wikipedia.org/wiki/Nova_(laser)', 'https://en.wikipedia.org/wiki/Nova_(laser)'],
    ['ニュースhttps://example.org/a。続き', null],
    ['ニュース https://example.org/a。続き', 'https://example.org/a'],
    ['HTTP://EXAMPLE.ORG', 'http://example.org/'],
    ['https://例え.jp/パス', 'https://xn--r8jz45g.jp/%E3%83%91%E3%82%B9'],
    ['👉https://example.org/👍🏽!', 'https://example.org/%F0%9F%91%8D%F0%9F%8F%BD'],
    ['http://user:secret@example.org/ https://example.org/b', 'https://example.org/b'],
    ['http://intranet/ http://localhost:80/', null],
    ['https:// http://[ ftp://example.org javascript:alert(1)', null],
    [`https://example.org/${'x'.repeat(2_000)}`, null],
    ['no link', null],
  ])('of %j', (body, expected) => {
    expect(firstLink(body)).toBe(expected);
  });

  // Backtracking would outlast the test's time by far.
  it.each(['http://', 'https://a', 'https://a.', ')', 'https://(', 'h', 'https://a.b)]'])(
    'of nothing but %j is found in linear time',
    (unit) => {
      firstLink(unit.repeat(Math.ceil(200_000 / unit.length)));
    },
  );
});

describe('what a page says of itself', () => {
  const read = (html: string) => readOpenGraph({ url: new URL('https://www.example.org/dir/page'), html });

  it.each([
    ['its title', '<html><title> The\n news </title>', { title: 'The news', siteName: 'www.example.org' }],
    [
      'Open Graph',
      `<title>x</title><meta property="og:title" content="A &amp; B &#39;&#x263a;"><META content='two
       lines' name=description><meta property=og:site_name content=Example><meta property="og:image" content="../a.png">`,
      {
        title: "A & B '☺",
        description: 'two lines',
        siteName: 'Example',
        imageUrl: 'https://www.example.org/a.png',
      },
    ],
    ['a > in quotes', '<meta property="og:title" content="a > b"><title>x</title>', { title: 'a > b' }],
    [
      'a script for a picture',
      '<title>x</title><meta property="og:image" content="javascript:alert(1)">',
      { imageUrl: null },
    ],
    ['nothing', '<p>words</p>', { title: null, description: null, imageUrl: null }],
    ['markup', '<meta property="og:title" content="&lt;script&gt;">', { title: '<script>' }],
    ['texts that turn around', '<title>a\u202eb\u0000c&#0;d&#xd800;</title>', { title: 'a b cd\ufffd' }],
    ['too long a title', `<title>${'あ'.repeat(400)}</title>`, { title: `${'あ'.repeat(299)}…` }],
    [
      'two titles',
      '<meta property="og:title" content="one"><meta property="og:title" content="two">',
      { title: 'one' },
    ],
  ])('is %s', (_what, html, expected) => {
    expect(read(html)).toMatchObject(expected);
  });

  it.each(['<meta ', '<meta "', '<meta a="', '<meta a=', '<title', '<title>', '&#', '<', '"', '<meta a= '])(
    'is read in linear time from nothing but %j',
    (unit) => {
      read(unit.repeat(Math.ceil((512 * 1024) / unit.length)));
    },
  );
});

describe('the preview of a post', () => {
  it('is there once the link has been fetched, wherever the post is', async () => {
    page = '<meta property="og:title" content="The news"><meta name="description" content="of today">';
    const post = await write(`read ${at}/today#top`);
    expect(post.linkPreview).toBeNull();
    await fetchAll();
    const expected = {
      url: `${at}/today`,
      title: 'The news',
      description: 'of today',
      imageUrl: null,
      siteName: 'news.example.org',
    };
    expect(await previewOf(post)).toEqual(expected);
    const listed = await run<{ items: Post[] }>(reader, 'listPostsByAuthor', { userId: author });
    expect(listed.items.map(({ linkPreview }) => linkPreview)).toEqual([expected]);
    expect(outcomes).toEqual(['found']);
    // Shared: another post of it has it at once, and nobody asks again.
    expect((await write(`again ${at}/today`)).linkPreview).toEqual(expected);
    await fetchAll();
    expect(visits).toEqual(['/today']);
  });

  it('follows the body, and costs a page one statement', async () => {
    const post = await write(`${at}/first`);
    await fetchAll();
    page = '<title>Second</title>';
    await run(author, 'editPost', { postId: post.id, body: `now ${at}/second` });
    expect(await previewOf(post)).toBeNull();
    await fetchAll();
    expect(await previewOf(post)).toMatchObject({ title: 'Second' });
    for (const path of ['a', 'b', 'c']) await write(`${at}/${path}`);
    await fetchAll();
    social.statements.length = 0;
    await run(reader, 'listPostsByAuthor', { userId: author });
    expect(social.statements.filter((name) => name === 'content.previewsOfUrls')).toHaveLength(1);
    expect(await run(author, 'editPost', { postId: post.id, body: 'no link' })).toMatchObject({ linkPreview: null });
  });

  it('is not fetched for a private post, nor for a deleted one', async () => {
    await write(`${at}/private`, { visibility: 'private' });
    const deleted = await write(`${at}/deleted`);
    await run(author, 'deletePost', { postId: deleted.id });
    await fetchAll();
    expect(visits).toEqual([]);
  });

  it('is none when there is nothing, until somebody posts the link an hour later', async () => {
    page = '';
    const post = await write(`${at}/gone`);
    await fetchAll();
    expect([await previewOf(post), outcomes]).toEqual([null, ['failed']]);
    page = '<title>Back</title>';
    await write(`${at}/gone`);
    await fetchAll();
    expect(visits).toEqual(['/gone']);
    await social.sql(`update link_previews set expires_at = now() - interval '1 s'`);
    await write(`${at}/gone`);
    await fetchAll();
    expect(await previewOf(post)).toMatchObject({ title: 'Back' });
  });

  it('is fetched once, however many processes look, and by another when one dies', async () => {
    for (let n = 0; n < 10; n += 1) await write(`${at}/many/${n}`);
    await tellConsumers();
    const dying = { system: social.database.system, transaction: () => Promise.reject(new Error('gone')) };
    expect(await fetchDueLinks(deps(dying))).toBe(4);
    const turns = Array.from({ length: 3 }, async () => {
      while ((await fetchDueLinks(deps())) > 0);
    });
    await Promise.all(turns);
    expect(visits).toHaveLength(10);
    await social.sql('update link_previews set due_at = now() where due_at is not null');
    await fetchAll();
    expect(visits).toHaveLength(14);
    // One that no process survives is given up.
    await social.sql(`update link_previews set due_at = now(), attempts = 3 where url like '%/many/1'`);
    visits = [];
    await fetchAll();
    expect(visits).toEqual([]);
  });

  it('is neither fetched nor shown where the app has switched previews off', async () => {
    const before = await write(`${at}/before`);
    await fetchAll();
    expect(await social.runAsBackend('getLinkPreviewSettings')).toEqual({ enabled: true });
    expect(await social.runAsBackend('setLinkPreviewSettings', { enabled: false })).toEqual({ enabled: false });
    const after = await write(`${at}/after`);
    await fetchAll();
    expect(visits).toEqual(['/before']);
    expect([await previewOf(before), await previewOf(after)]).toEqual([null, null]);
    await social.runAsBackend('setLinkPreviewSettings', { enabled: true });
    expect(await social.runAsBackend('getLinkPreviewSettings')).toEqual({ enabled: true });
    expect(await previewOf(before)).toMatchObject({ title: 'The news' });
  });

  it('of one tenant is not that of another (I8)', async () => {
    const post = await write(`${at}/shared`);
    await fetchAll();
    const other = '01900000-0000-7000-8000-00000000000c';
    await social.sql(`insert into tenants (tenant_id, name, plan) values ($1, 'other', 'free')`, [other]);
    await social.sql(
      `insert into link_previews (tenant_id, url, title) values ($1, $2, 'of the other'), ($1, $3, 'theirs alone')`,
      [other, `${at}/shared`, `${at}/theirs`],
    );
    expect(await previewOf(post)).toMatchObject({ title: 'The news' });
    expect((await write(`${at}/theirs`)).linkPreview).toBeNull();
  });
});
