import { expect, expectStatus } from '../load/load-source.js';
import { postRequest } from '../load/request.js';
import { createRandom } from '../measure/random.js';
import { walkPages } from './page-walk.js';
import { defineScenario } from './scenario.js';

interface Writer {
  readonly id: string;
  readonly token: string;
}

/** The server's default of NOVA_DATABASE_WRITER_CONNECTIONS. */
const WRITER_CONNECTIONS = 8;
const MAX_PAGES = 10_000;
const WORDS = ['morning', 'harbour', 'lantern', 'between', 'quietly', 'orchard', 'another', 'weather', 'thinking'];

/** New posts, each acknowledged after its durable commit, with its event in the outbox. */
export const postCreate = defineScenario<readonly Writer[]>({
  name: 'post-create',
  title: 'Create a post',
  findings: ['D18', 'E1'],
  connections: 16,
  openLoopShare: 0.5,
  comparison: {
    kind: 'throughput',
    baseline: { kind: 'row_insert', connections: WRITER_CONNECTIONS },
    bar: { direction: 'at_least', value: 0.2 },
  },
  goals: [],
  async prepare({ api, writers }) {
    for (const { id, token } of writers.slice(0, 4)) {
      await api.get('/api/v1/feed?limit=20', token);
      const post = await api.post<{ id: string }>('/api/v1/posts', token, { body: 'Now you see me #bench' });
      for (const path of [`/api/v1/users/${id}/posts?limit=1`, '/api/v1/feed?limit=20']) {
        const { items } = await api.get<{ items: { id: string }[] }>(path, token);
        expect(items[0]?.id === post.id, `${path} does not begin with the post that its author has just made (I4)`);
      }
    }
    return writers.map(({ id, token }) => ({ id, token }));
  },
  load(writers, random) {
    const salt = Math.floor(random() * 1e9);
    return {
      next(index) {
        const words = createRandom(salt + index);
        const text = Array.from({ length: 14 }, () => WORDS[Math.floor(words() * WORDS.length)]).join(' ');
        const subject = index % writers.length;
        const body = JSON.stringify({ body: `${text} ${salt}.${index} #bench` });
        return postRequest('/api/v1/posts', writers[subject]?.token ?? '', body, subject);
      },
      check: (_request, response) => expectStatus(response, 201),
      collect: (request, response) =>
        `${request.subject} ${/"id":"([^"]+)"/.exec(response.body.toString('latin1'))?.[1]}`,
    };
  },
  /** Every acknowledged post is there, once, under its author (I1). */
  async finish({ api }, writers, collected) {
    const acknowledged = new Map<number, string[]>();
    for (const entry of collected) {
      const [subject = '', id = ''] = entry.split(' ');
      const ids = acknowledged.get(Number(subject)) ?? [];
      ids.push(id);
      acknowledged.set(Number(subject), ids);
    }
    for (const [subject, ids] of acknowledged) {
      const writer = writers[subject];
      expect(writer !== undefined, 'an answer of nobody');
      const options = { limit: 100, maxPages: MAX_PAGES, authors: new Set([writer.id]) };
      const { ids: kept } = await walkPages(api, `/api/v1/users/${writer.id}/posts`, writer.token, options);
      const there = new Set(kept);
      expect(new Set(ids).size === ids.length, 'an id was given to two posts');
      const lost = ids.filter((id) => !there.has(id));
      expect(lost.length === 0, `${lost.length} acknowledged posts are gone, such as ${lost[0]} (I1)`);
    }
  },
});
