import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { type Client, Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FeedTruth, type PostPosition } from '../testing/feed-truth.js';
import { untilConsumed } from '../testing/row-checksums.js';
import { type Member, startTestApp, type TestApp } from '../testing/test-app.js';
import { connectTo } from '../testing/test-cluster.js';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.js';

/*
 * I15: a feed session is a snapshot of ids, fixed at its first page; its pages are that snapshot in order, minus what is
 * invisible to the viewer by now, full as long as there is enough; no id twice, none skipped; new posts wait and are
 * counted; past its end the feed goes on with what is older than its horizon. While people post, date back, delete, hide,
 * like, follow, block and come back, two processes serve the pages in turn, and are started anew between them.
 *
 * Seeded bugs that turn this red, each of them tried:
 * - further pages by the position of the last post, as they were without sessions: dated back posts come in;
 * - the offset counted in visible posts: pages repeat what came after an invisible one;
 * - sessions kept in the memory of one process: the other, and the next, answers `cursor_expired`;
 * - a page not filled up behind invisible posts: it is short;
 * - ranked: what is older than the horizon not compared with the snapshot: an old popular post by a followee comes twice;
 * - a horizon at the first post of the snapshot instead of the last: the whole of it comes twice;
 * - new posts counted without regard to the snapshot, or with private ones: wrong counts.
 */

/** For a machine that does ten things: a run takes half a second, and there are 2 times 15. */
const DEADLINE_MS = 300_000;
const RUNS = 15;
/** Six of seven are by followees: more than a snapshot of 500. */
const POSTS = 720;
const AUTHORS = 6;

let database: TestDatabase;
let apps: TestApp[];
let sql: Pool;
let watcher: Client;
/** The first ones are followed; the last two write what is popular. */
let people: readonly Member[];

// First pages are kept for no time: a snapshot is what the tables hold when it is taken.
const startApp = () =>
  startTestApp({
    database,
    env: { NOVA_PROCESSES: '2', NOVA_CACHE_PAGE_TTL_MS: '0', NOVA_FEED_SOURCE_TIMEOUT_MS: '10000' },
  });

beforeAll(async () => {
  database = await createTestDatabase();
  apps = [await startApp(), await startApp()];
  sql = new Pool({ connectionString: database.superuserUrl, options: '-c search_path=nova', max: 4 });
  watcher = await connectTo(database.superuserUrl);
  people = await Promise.all(
    Array.from({ length: AUTHORS + 2 }, (_, index) => (apps[0] as TestApp).signUp(`person_${index}`)),
  );
}, 120_000);

afterAll(async () => {
  await Promise.all([sql?.end(), watcher?.end()]);
  for (const app of apps ?? []) await app.close();
  await database?.drop();
});

type Mode = 'following' | 'ranked';

type Step =
  | { readonly do: 'page'; readonly limit: number; readonly app: number; readonly meanwhile: readonly Write[] }
  | { readonly do: 'hint' | 'restart'; readonly app: number }
  | Write;
interface Write {
  readonly do:
    | 'post'
    | 'post privately'
    | 'date back'
    | 'delete'
    | 'delete many'
    | 'hide'
    | 'like'
    | 'unfollow'
    | 'follow'
    | 'block'
    | 'be blocked'
    | 'unblock';
  readonly who: number;
}

const who = fc.nat({ max: 999 });
const write: fc.Arbitrary<Write> = fc.record({
  do: fc.constantFrom<Write['do'][]>(
    'post',
    'post',
    'post privately',
    'date back',
    'date back',
    'delete',
    'delete',
    'delete many',
    'hide',
    'like',
    'unfollow',
    'follow',
    'block',
    'be blocked',
    'unblock',
  ),
  who,
});
const app = fc.nat({ max: 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('page' as const),
      limit: fc.constantFrom(1, 7, 50, 100),
      app,
      meanwhile: fc.oneof(
        { weight: 2, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.array(write, { maxLength: 3 }) },
      ),
    }),
  },
  { weight: 5, arbitrary: write },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('hint' as const), app }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const), app }) },
);
const script = fc.array(step, { minLength: 6, maxLength: 16 });

/** A session as it must be: what is left of its snapshot, and where it goes on. */
interface Model {
  readonly snapshot: readonly string[];
  readonly openedAt: string;
  readonly horizon: PostPosition | null;
  readonly session: string;
  readonly seen: string[];
  /** Into the snapshot; behind its end, the last older post that was shown. */
  offset: number;
  older: PostPosition | null;
  cursor: string | null;
}

interface Written {
  readonly id: string;
  readonly author: Member;
}

class World {
  readonly mode: Mode;
  readonly truth: FeedTruth;
  readonly #posts: Written[] = [];
  #model: Model | null = null;

  static async create(mode: Mode): Promise<World> {
    await sql.query('delete from blocks; delete from follows; delete from graph_counts; delete from posts');
    const viewer = await (apps[0] as TestApp).signUp(`viewer_${randomUUID().slice(0, 8)}`);
    const world = new World(mode, viewer);
    for (const { id } of people.slice(0, AUTHORS)) await call(0, 'PUT', `/users/${id}/follow`, viewer);
    await world.#fill();
    if (mode === 'ranked') await (apps[0] as TestApp).nova.repairs['popular']?.(new AbortController().signal);
    return world;
  }

  private constructor(mode: Mode, viewer: Member) {
    this.mode = mode;
    this.truth = new FeedTruth(sql, viewer);
  }

  get #viewer(): Member {
    return this.truth.viewer;
  }

  /** One writes two of five; some share their moment; a few old ones are popular; some are for followers. */
  async #fill(): Promise<void> {
    const rows = Array.from({ length: POSTS }, (_, index) => ({
      id: randomUUID(),
      author: people[index % 5 < 2 ? 0 : index % people.length] as Member,
      minutes: 10 + Math.floor(index / 3),
      likes: index % 40 === 39 ? 500 : 0,
      visibility: index % 9 === 4 ? 'followers' : 'public',
    }));
    await sql.query(
      `insert into posts (tenant_id, id, author_id, body, visibility, like_count, created_at)
       select u.tenant_id, r.id, u.id, 'words', r.visibility, r.likes, now() - r.minutes * interval '1 minute'
       from unnest($1::uuid[], $2::uuid[], $3::int[], $4::int[], $5::text[]) as r (id, author, minutes, likes, visibility)
       join users u on u.id = r.author`,
      [
        rows.map(({ id }) => id),
        rows.map(({ author }) => author.id),
        rows.map(({ minutes }) => minutes),
        rows.map(({ likes }) => likes),
        rows.map(({ visibility }) => visibility),
      ],
    );
    this.#posts.push(...rows);
  }

  async apply({ do: what, who: number }: Write): Promise<void> {
    const other = people[number % people.length] as Member;
    const post = this.#posts[number % this.#posts.length] as Written;
    const by = (member: Member, method: string, path: string, body?: object) =>
      call(number % 2, method, path, member, body);
    switch (what) {
      case 'post':
      case 'post privately': {
        const visibility = what === 'post' ? 'public' : 'private';
        const { id } = await by(other, 'POST', '/posts', { body: 'new words', visibility });
        this.#posts.push({ id, author: other });
        return;
      }
      case 'date back': {
        const id = randomUUID();
        await sql.query(
          `insert into posts (tenant_id, id, author_id, body, visibility, created_at)
           select tenant_id, $1, id, 'old words', 'public', now() - $3::int * interval '1 minute' from users where id = $2`,
          [id, other.id, 5 + (number % 250)],
        );
        return;
      }
      case 'delete':
        return await by(post.author, 'DELETE', `/posts/${post.id}`);
      case 'delete many':
        await sql.query('update posts set deleted_at = now(), updated_at = now() where author_id = $1', [other.id]);
        return;
      case 'hide':
        await sql.query(`update posts set visibility = 'private', updated_at = now() where id = $1`, [post.id]);
        return;
      case 'like':
        return await by(this.#viewer, 'PUT', `/posts/${post.id}/like`);
      case 'follow':
        return await by(this.#viewer, 'PUT', `/users/${other.id}/follow`);
      case 'unfollow':
        return await by(this.#viewer, 'DELETE', `/users/${other.id}/follow`);
      case 'block':
        return await by(this.#viewer, 'PUT', `/users/${other.id}/block`);
      case 'be blocked':
        return await by(other, 'PUT', `/users/${this.#viewer.id}/block`);
      case 'unblock':
        return await by(this.#viewer, 'DELETE', `/users/${other.id}/block`);
    }
  }

  async step(step: Step): Promise<void> {
    switch (step.do) {
      case 'page':
        return await this.page(step.limit, step.app, step.meanwhile);
      case 'hint':
        return await this.#hint(step.app);
      case 'restart': {
        await apps[step.app]?.close();
        apps[step.app] = await startApp();
        return;
      }
      default:
        return await this.apply(step);
    }
  }

  /** The next page of the session, or the first of one. */
  async page(limit: number, at: number, meanwhile: readonly Write[] = []): Promise<void> {
    if (this.#model === null) return await this.#open(limit, at);
    const model = this.#model;
    if (model.cursor === null) return;
    const [before, page] = [await this.#ahead(model), this.#get(at, limit, model.cursor)];
    await Promise.all([page, ...meanwhile.map((each) => this.apply(each))]);
    const after = meanwhile.length === 0 ? before : await this.#ahead(model);
    const { ids, next } = await page;
    this.#compare(ids, next, limit, before, after);
    await this.#shown(model, ids, next);
  }

  async isAtEnd(): Promise<boolean> {
    return this.#model !== null && this.#model.cursor === null;
  }

  /** With whatever was there at the time: the tables are read right before and after it, and nobody writes meanwhile. */
  async #open(limit: number, at: number): Promise<void> {
    // Popular posts are a moment behind.
    if (this.mode === 'ranked') await untilConsumed(watcher);
    const [followed, popular] = [
      await this.truth.followed(501),
      this.mode === 'ranked' ? await this.truth.popular() : [],
    ];
    const { ids, next, session } = await this.#get(at, limit, null);
    const { rows } = await sql.query<{
      post_ids: string[];
      opened_at: string;
      horizon_at: string | null;
      horizon_id: string | null;
    }>(`select post_ids, opened_at::text, horizon_at::text, horizon_id from feed_sessions where viewer_id = $1`, [
      this.#viewer.id,
    ]);
    expect(rows).toHaveLength(1);
    const [{ post_ids: snapshot, opened_at: openedAt, ...horizon }] = rows as [(typeof rows)[0]];
    if (this.mode === 'following') expect(snapshot).toEqual(followed.slice(0, 500));
    else expect([...snapshot].sort()).toEqual([...new Set([...followed.slice(0, 400), ...popular])].sort());
    const last = followed[this.mode === 'following' ? 499 : 399];
    const more = followed.length > (this.mode === 'following' ? 500 : 400);
    const expected = more && last !== undefined ? await this.truth.positionOf(last) : null;
    expect([horizon.horizon_at, horizon.horizon_id]).toEqual([expected?.at ?? null, expected?.id ?? null]);
    const model: Model = {
      snapshot,
      openedAt,
      horizon: expected,
      session,
      seen: [],
      offset: 0,
      older: expected,
      cursor: null,
    };
    this.#model = model;
    const ahead = await this.#ahead(model);
    this.#compare(ids, next, limit, ahead, ahead);
    await this.#shown(model, ids, next);
  }

  /** What the viewer may see from here on, in order. */
  async #ahead({ snapshot, offset, older }: Model): Promise<string[]> {
    const left = snapshot.slice(offset);
    const beyond = older === null ? [] : await this.truth.followed(1_000, older);
    const all = [...left, ...beyond.filter((id) => !snapshot.includes(id))];
    const visible = await this.truth.visible(all);
    return all.filter((id) => visible.has(id));
  }

  #compare(ids: readonly string[], next: string | null, limit: number, before: string[], after: string[]): void {
    if (before === after) {
      expect(ids).toEqual(before.slice(0, limit));
      if (before.length > limit) expect(next).not.toBeNull();
      return;
    }
    // Written while it was read: whatever was there before and after is there, up to the end of the page, in order.
    const last = ids.at(-1);
    const end = (all: string[]) => (next === null || last === undefined ? all.length : all.indexOf(last) + 1);
    const stayed = before.slice(0, end(before)).filter((id) => after.includes(id));
    expect(ids).toEqual(expect.arrayContaining(stayed));
    const order = [...new Set([...before, ...after])];
    const places = ids.filter((id) => before.includes(id)).map((id) => order.indexOf(id));
    expect(places).toEqual([...places].sort((a, b) => a - b));
  }

  async #shown(model: Model, ids: readonly string[], next: string | null): Promise<void> {
    model.seen.push(...ids);
    expect(new Set(model.seen).size).toBe(model.seen.length);
    model.cursor = next;
    const last = ids.at(-1);
    if (last === undefined) return;
    const place = model.snapshot.indexOf(last);
    model.offset = place < 0 ? model.snapshot.length : place + 1;
    if (place < 0) model.older = await this.truth.positionOf(last);
  }

  async #hint(at: number): Promise<void> {
    if (this.#model === null) return;
    const { snapshot, openedAt, horizon, session } = this.#model;
    const expected = await this.truth.newSince(snapshot, openedAt, horizon);
    const answer = await call(at, 'GET', `/feed/new?session=${session}`, this.#viewer);
    expect(answer).toEqual({ posts: Math.min(99, expected), more: expected > 99 });
  }

  async #get(at: number, limit: number, cursor: string | null) {
    const query = `?mode=${this.mode}&limit=${limit}${cursor === null ? '' : `&cursor=${cursor}`}`;
    const { items, nextCursor, session } = await call(at, 'GET', `/feed${query}`, this.#viewer);
    return { ids: items.map(({ id }: { id: string }) => id) as string[], next: nextCursor as string | null, session };
  }
}

/** Refusals of changes are fine: of a post that is gone, of somebody who is blocked. */
async function call(at: number, method: string, path: string, { token }: Member, body?: object) {
  const { status, body: answer } = await (apps[at] as TestApp).rest(method, path, { token, ...(body ? { body } : {}) });
  const refused = method !== 'GET' && [403, 404].includes(status);
  expect(status < 300 || refused, `${method} ${path} ${status} ${JSON.stringify(answer)}`).toBe(true);
  return answer;
}

async function play(mode: Mode, steps: readonly Step[]): Promise<void> {
  const world = await World.create(mode);
  // Half of the scripts begin with writes: the snapshot is not always that of a fresh world.
  for (const step of steps) await world.step(step);
  for (let page = 0; !(await world.isAtEnd()); page += 1) {
    expect(page).toBeLessThan(40);
    await world.page(100, page % 2);
  }
}

describe('feed sessions (I15), over two processes that start anew', () => {
  it.each(['following', 'ranked'] as const)(
    'hold the snapshot of their first page: %s',
    async (mode) => {
      await fc.assert(
        fc.asyncProperty(script, (steps) => play(mode, steps)),
        { numRuns: RUNS, endOnFailure: true },
      );
    },
    DEADLINE_MS,
  );
});
