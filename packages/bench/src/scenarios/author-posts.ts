import { expect } from '../load/load-source.js';
import type { Author } from '../product/database.js';
import { type SharedPages, sharedPages } from './known-pages.js';
import { type WalkedPage, walkPages } from './page-walk.js';
import { defineScenario, type Environment } from './scenario.js';

const LIMIT = 20;
/** As many requests under way as the baseline has selects. */
const CONNECTIONS = 64;
/** Authors of the community beside the prolific one: the busiest, for they have the depth. */
const AUTHORS = 10;
/** Fewer would be a handful of people reading all the time. */
const MIN_READERS = 8;
/** Where "deep" begins: the last tenth of the prolific author's posts. */
const DEEP_FROM = 0.9;

/** Every page of some authors from some depth on, as any reader sees them who follows none of them. */
async function walkAuthors(
  { api, readers, database }: Environment,
  authors: readonly Author[],
  from: number,
): Promise<SharedPages> {
  const strangers = readers.filter(({ followees }) => !authors.some(({ authorId }) => followees.includes(authorId)));
  const [reader] = strangers;
  expect(reader !== undefined && strangers.length >= MIN_READERS, `only ${strangers.length} readers follow no author`);
  const pages: WalkedPage[] = [];
  for (const { authorId } of authors) {
    const walk = await walkPages(api, `/api/v1/users/${authorId}/posts`, reader.token, {
      limit: LIMIT,
      authors: new Set([authorId]),
    });
    const visible = await database.countPosts([authorId], ['public']);
    expect(walk.ids.length === visible, `author ${authorId} shows ${walk.ids.length} posts instead of ${visible}`);
    pages.push(...walk.pages.slice(Math.min(Math.floor(walk.pages.length * from), walk.pages.length - 1)));
  }
  return { pages, tokens: strangers.map(({ token }) => token) };
}

/** An author's posts at random depth: index order and keyset cursors instead of sort and offset. */
export const authorPosts = defineScenario<SharedPages>({
  name: 'author-posts',
  title: "An author's posts, a page at random depth",
  findings: ['D1', 'D8', 'D11', 'D19'],
  connections: CONNECTIONS,
  openLoopShare: 0.5,
  comparison: {
    kind: 'throughput',
    baseline: { kind: 'select' },
    bar: { direction: 'at_least', value: 0.15 },
  },
  goals: [{ finding: 'D8', percentile: 'p95Ms', atMostMs: 50 }],
  prepare: (environment) =>
    walkAuthors(environment, [environment.prolificAuthor, ...environment.database.authors.slice(0, AUTHORS)], 0),
  load: (known, random) => sharedPages(known, random),
});

/** The last tenth only: whoever pays for depth pays here. */
export const authorPostsDeep = defineScenario<SharedPages>({
  name: 'author-posts-deep',
  title: "An author's posts, the deepest tenth of the pages",
  findings: ['D1', 'D8'],
  connections: CONNECTIONS,
  openLoopShare: 0.5,
  comparison: {
    kind: 'throughput',
    baseline: { kind: 'select' },
    bar: { direction: 'at_least', value: 0.15 },
  },
  goals: [{ finding: 'D8', percentile: 'p95Ms', atMostMs: 50 }],
  prepare: (environment) => walkAuthors(environment, [environment.prolificAuthor], DEEP_FROM),
  load: (known, random) => sharedPages(known, random),
});
