import { expect } from '../load/load-source.js';
import { type KnownPage, knownPages } from './known-pages.js';
import { walkPages } from './page-walk.js';
import { defineScenario } from './scenario.js';

export const FEED_LIMIT = 20;
/** Pages of 100 in which one reader's whole feed is compared with what the tables hold. */
const MAX_PAGES_COUNTED = 1_000;

/** The first page of the home feed of readers who come back: the page that almost every visit asks for. */
export const feedFirstPage = defineScenario<readonly KnownPage[]>({
  name: 'feed-first-page',
  title: 'Home feed, page 1, warm',
  findings: ['A4', 'C1', 'C7', 'D3'],
  connections: 16,
  openLoopShare: 0.5,
  comparison: {
    kind: 'throughput',
    baseline: { kind: 'static' },
    bar: { direction: 'at_least', value: 0.1 },
  },
  goals: [
    { finding: 'A4', percentile: 'p50Ms', atMostMs: 50 },
    { finding: 'A4', percentile: 'p95Ms', atMostMs: 100 },
    { finding: 'A4', percentile: 'p99Ms', atMostMs: 150 },
  ],
  async prepare({ api, readers, database }) {
    const pages: KnownPage[] = [];
    for (const { id, token, followees } of readers) {
      const authors = new Set([...followees, id]);
      const walk = await walkPages(api, '/api/v1/feed', token, { limit: FEED_LIMIT, maxPages: 1, authors });
      pages.push(...walk.pages.map((page) => ({ ...page, token })));
    }
    const [first] = readers;
    expect(first !== undefined, 'there are no readers');
    const authors = new Set([...first.followees, first.id]);
    const whole = await walkPages(api, '/api/v1/feed', first.token, {
      limit: 100,
      maxPages: MAX_PAGES_COUNTED,
      authors,
    });
    const visible = await database.countPosts(first.followees, ['public', 'followers']);
    expect(
      !whole.complete || whole.ids.length === visible,
      `a whole home feed has ${whole.ids.length} posts instead of ${visible}`,
    );
    return pages;
  },
  load: (pages, random) => knownPages(pages, random),
});
