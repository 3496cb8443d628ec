import { expect } from '../load/load-source.js';
import { getRequest } from '../load/request.js';
import { FEED_LIMIT } from './feed-first-page.js';
import { type KnownPage, knownPages } from './known-pages.js';
import { walkPages } from './page-walk.js';
import { defineScenario } from './scenario.js';

interface Neighbours {
  readonly pages: readonly KnownPage[];
  /** Of the tenant that asks for too much. */
  readonly secretKey: string;
}

/** Of the noisy tenant as a whole. */
const QUOTA_PER_MINUTE = 6_000;
/** Ten times its quota. */
const NOISE_PER_SECOND = (10 * QUOTA_PER_MINUTE) / 60;
const NOISE = '/api/v1/hashtags/bench';

/** Feeds of one tenant while another sends ten times what it may, against the same feeds by themselves. */
export const noisyNeighbour = defineScenario<Neighbours>({
  name: 'noisy-neighbour',
  title: 'Home feed, page 1, beside a tenant at ten times its quota',
  findings: ['R12'],
  connections: 16,
  openLoopShare: 0.4,
  comparison: {
    kind: 'latency',
    title: 'the same without the other tenant, p95',
    load: ({ pages }, random) => knownPages(pages, random),
    bar: { direction: 'at_most', value: 1.25 },
  },
  goals: [{ finding: 'A4', percentile: 'p99Ms', atMostMs: 150 }],
  async prepare({ api, readers, run }) {
    const made = await run(['tenant', 'create', '--name', 'Noisy', '--plan', 'enterprise']);
    const tenant = /^tenant +(\S+)$/m.exec(made)?.[1] ?? '';
    const secretKey = /^secret key +(\S+)$/m.exec(made)?.[1] ?? '';
    const quotas = JSON.stringify({ quotas: { tenantRatePerMinute: QUOTA_PER_MINUTE } });
    await run(['tenant', 'set', tenant, '--settings', quotas]);
    // A minute's quota may come at once: the first of it is gone before anything is measured.
    let refused = false;
    for (let sent = 0; !refused && sent < 2 * QUOTA_PER_MINUTE; sent++) {
      refused = (await api.send(getRequest(NOISE, secretKey))).status === 429;
    }
    expect(refused, 'the noisy tenant is not held to its quota');
    const pages: KnownPage[] = [];
    for (const { id, token, followees } of readers) {
      const authors = new Set([...followees, id]);
      const walk = await walkPages(api, '/api/v1/feed', token, { limit: FEED_LIMIT, maxPages: 1, authors });
      pages.push(...walk.pages.map((page) => ({ ...page, token })));
    }
    return { pages, secretKey };
  },
  load: ({ pages }, random) => knownPages(pages, random),
  neighbour: {
    rate: NOISE_PER_SECOND,
    connections: 32,
    load: ({ secretKey }) => ({
      next: () => getRequest(NOISE, secretKey),
      check: (_request, { status }) => expect([200, 429, 503].includes(status), `the noise was answered ${status}`),
    }),
  },
});
