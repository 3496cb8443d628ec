import { expect } from '../load/load-source.js';
import { type KnownPage, knownPages } from './known-pages.js';
import { walkPages } from './page-walk.js';
import { defineScenario, type Environment } from './scenario.js';

const LIMIT = 20;
/** Authors whose posts are walked: the busiest, for they have the depth. */
const AUTHORS = 5;
const MAX_PAGES = 2_000;
/** Where "deep" begins: the last tenth of an author's posts. */
const DEEP_FROM = 0.9;

async function walkAuthors({ api, readers, database }: Environment, from: number): Promise<KnownPage[]> {
  const known: KnownPage[] = [];
  const [reader] = readers;
  expect(reader !== undefined, 'there are no readers');
  for (const { authorId } of database.authors.slice(0, AUTHORS)) {
    const walk = await walkPages(api, `/api/v1/users/${authorId}/posts`, reader.token, {
      limit: LIMIT,
      maxPages: MAX_PAGES,
      authors: new Set([authorId]),
    });
    const readable = reader.followees.includes(authorId) ? ['public', 'followers'] : ['public'];
    const visible = await database.countPosts([authorId], readable);
    expect(
      !walk.complete || walk.ids.length === visible,
      `author ${authorId} shows ${walk.ids.length} posts instead of ${visible}`,
    );
    const start = Math.min(Math.floor(walk.pages.length * from), walk.pages.length - 1);
    known.push(...walk.pages.slice(start).map((page) => ({ ...page, token: reader.token })));
  }
  return known;
}

/** An author's posts at random depth: index order and keyset cursors instead of sort and offset. */
export const authorPosts = defineScenario<readonly KnownPage[]>({
  name: 'author-posts',
  title: "An author's posts, a page at random depth",
  findings: ['D1', 'D8', 'D11', 'D19'],
  connections: 16,
  openLoopShare: 0.5,
  comparison: {
    kind: 'throughput',
    baseline: { kind: 'select' },
    bar: { direction: 'at_least', value: 0.15 },
  },
  goals: [{ finding: 'D8', percentile: 'p95Ms', atMostMs: 50 }],
  prepare: (environment) => walkAuthors(environment, 0),
  load: (pages, random) => knownPages(pages, random),
});

/** The last tenth only: whoever pays for depth pays here. */
export const authorPostsDeep = defineScenario<readonly KnownPage[]>({
  name: 'author-posts-deep',
  title: "An author's posts, the deepest tenth of the pages",
  findings: ['D1', 'D8'],
  connections: 16,
  openLoopShare: 0.5,
  comparison: {
    kind: 'throughput',
    baseline: { kind: 'select' },
    bar: { direction: 'at_least', value: 0.15 },
  },
  goals: [{ finding: 'D8', percentile: 'p95Ms', atMostMs: 50 }],
  prepare: (environment) => walkAuthors(environment, DEEP_FROM),
  load: (pages, random) => knownPages(pages, random),
});
