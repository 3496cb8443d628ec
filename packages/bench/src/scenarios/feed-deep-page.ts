import { expect } from '../load/load-source.js';
import { FEED_LIMIT } from './feed-first-page.js';
import { type KnownPage, knownPages } from './known-pages.js';
import { walkPages } from './page-walk.js';
import { defineScenario } from './scenario.js';

/** Readers and pages of each that are walked beforehand. */
const READERS = 16;
const MAX_PAGES = 50;

/** Pages of home feeds after the first, at random depth: never cached, ordered by position and not by offset. */
export const feedDeepPage = defineScenario<readonly KnownPage[]>({
  name: 'feed-deep-page',
  title: 'Home feed, a page at random depth',
  findings: ['A4', 'D3', 'D8', 'D19'],
  connections: 16,
  openLoopShare: 0.5,
  comparison: {
    kind: 'throughput',
    baseline: { kind: 'select' },
    bar: { direction: 'at_least', value: 0.02 },
  },
  goals: [
    { finding: 'A4', percentile: 'p95Ms', atMostMs: 100 },
    { finding: 'D8', percentile: 'p95Ms', atMostMs: 50 },
  ],
  async prepare({ api, readers }) {
    const pages: KnownPage[] = [];
    for (const { id, token, followees } of readers.slice(0, READERS)) {
      const authors = new Set([...followees, id]);
      const walk = await walkPages(api, '/api/v1/feed', token, { limit: FEED_LIMIT, maxPages: MAX_PAGES, authors });
      pages.push(...walk.pages.slice(1).map((page) => ({ ...page, token })));
    }
    expect(pages.length > 0, 'no home feed has a second page: the readers follow too few');
    return pages;
  },
  load: (pages, random) => knownPages(pages, random),
});
