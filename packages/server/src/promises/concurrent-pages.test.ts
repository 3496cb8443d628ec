import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Member, startTestApp, type TestApp } from '../testing/test-app.js';

/*
 * D8: who pages through a list while others write sees, once and in order, whatever was there all the time. Posts and
 * follows come and go and people block one another, before a page is read and while it is being read; a few moments
 * are shared by many rows.
 *
 * Seeded bugs that turn this red: see the end, which pages by offset and without the id that breaks ties.
 */

/** For a machine that does ten things: a run takes a tenth of a second, and there are 30. */
const DEADLINE_MS = 120_000;

let app: TestApp;
let sql: Pool;
/** The first owns the lists; the others write, follow and block. */
let people: readonly Member[];
let owner: Member;

beforeAll(async () => {
  app = await startTestApp();
  sql = new Pool({ connectionString: app.database.superuserUrl, options: '-c search_path=nova', max: 4 });
  people = await Promise.all(Array.from({ length: 12 }, (_, index) => app.signUp(`person_${index}`)));
  owner = people[0] as Member;
});

afterAll(async () => {
  await sql?.end();
  await app?.close();
});

type Write =
  | { readonly kind: 'post' | 'follow'; readonly who: number; readonly moment: number }
  | { readonly kind: 'delete' | 'unfollow' | 'block' | 'be blocked'; readonly who: number };

interface Step {
  readonly limit: number;
  readonly before: readonly Write[];
  readonly meanwhile: readonly Write[];
}

const who = fc.nat({ max: 99 });
const moment = fc.nat({ max: 3 });
const post = fc.record({ kind: fc.constant('post' as const), who, moment });
const follow = fc.record({ kind: fc.constant('follow' as const), who, moment });
const removal = fc.record({ kind: fc.constantFrom('delete', 'unfollow'), who });
const block = fc.record({ kind: fc.constantFrom('block', 'be blocked'), who });
const write: fc.Arbitrary<Write> = fc.oneof(
  { weight: 4, arbitrary: post },
  { weight: 2, arbitrary: follow },
  { weight: 4, arbitrary: removal },
  { weight: 1, arbitrary: block },
);
const writes = fc.array(write, { maxLength: 3 });
const script = fc.record({
  start: fc.array(fc.oneof(post, follow), { minLength: 20, maxLength: 30 }),
  steps: fc.array(fc.record({ limit: fc.integer({ min: 1, max: 5 }), before: writes, meanwhile: writes }), {
    minLength: 3,
    maxLength: 8,
  }),
});

interface Page {
  readonly ids: readonly string[];
  readonly next: string | null;
}

type ReadPage = (viewer: Member, limit: number, cursor: string | null) => Promise<Page>;

const listAt =
  (path: () => string): ReadPage =>
  async (viewer, limit, cursor) => {
    const query = `?limit=${limit}${cursor === null ? '' : `&cursor=${cursor}`}`;
    const { status, body } = await app.rest('GET', path() + query, { token: viewer.token });
    expect(status, JSON.stringify(body)).toBe(200);
    return { ids: body.items.map(({ id }: { id: string }) => id), next: body.nextCursor };
  };

const LISTS: Readonly<Record<string, ReadPage>> = {
  'posts of an author': listAt(() => `/users/${owner.id}/posts`),
  'home feed': listAt(() => '/feed'),
  followers: listAt(() => `/users/${owner.id}/followers`),
};

/** The time of a moment: what a cursor must not lose is a microsecond. */
const AT = `timestamptz '2026-01-01' + $3::int * interval '1 microsecond'`;

/** A viewer who follows everybody, among rows that come once and go once: nothing comes back in another place. */
class World {
  readonly viewer: Member;
  /** When each row of a list is of: a post, or a follower of the owner. */
  readonly moments = new Map<string, number>();
  readonly #posts: { readonly id: string; readonly author: Member }[] = [];
  readonly #followers: Member[] = [];

  static async create(): Promise<World> {
    await sql.query('delete from blocks; delete from follows; delete from posts');
    const world = new World(await app.signUp(`viewer_${randomUUID().slice(0, 8)}`));
    for (const followee of people) await world.#insertFollow(world.viewer, followee, 9);
    return world;
  }

  private constructor(viewer: Member) {
    this.viewer = viewer;
    this.moments.set(viewer.id, 9);
  }

  async apply(write: Write): Promise<void> {
    const other = people[1 + (write.who % (people.length - 1))] as Member;
    switch (write.kind) {
      case 'post':
        return await this.#post(write.who % 2 === 0 ? owner : other, write.moment);
      case 'follow':
        return await this.#follow(other, write.moment);
      case 'delete': {
        const [post] = this.#posts.splice(write.who % (this.#posts.length + 1), 1);
        if (post !== undefined) await request('DELETE', `/posts/${post.id}`, post.author);
        return;
      }
      case 'unfollow': {
        const [follower] = this.#followers.splice(write.who % (this.#followers.length + 1), 1);
        if (follower !== undefined) await request('DELETE', `/users/${owner.id}/follow`, follower);
        return;
      }
      case 'block':
        return await request('PUT', `/users/${other.id}/block`, this.viewer);
      case 'be blocked':
        return await request('PUT', `/users/${this.viewer.id}/block`, other);
    }
  }

  /** By SQL, for the product would say when it is; with an id that is not in the order of time. */
  async #post(author: Member, moment: number): Promise<void> {
    const id = randomUUID();
    this.moments.set(id, moment);
    await sql.query(
      `insert into posts (tenant_id, id, author_id, body, visibility, created_at)
       select tenant_id, $1, id, 'words', 'public', ${AT} from users where id = $2`,
      [id, author.id, moment],
    );
    this.#posts.push({ id, author });
  }

  async #follow(follower: Member, moment: number): Promise<void> {
    if (this.moments.has(follower.id)) return;
    this.moments.set(follower.id, moment);
    await this.#insertFollow(follower, owner, moment);
    this.#followers.push(follower);
  }

  async #insertFollow(follower: Member, followee: Member, moment: number): Promise<void> {
    await sql.query(
      `insert into follows (tenant_id, follower_id, followee_id, created_at)
       select tenant_id, id, $2, ${AT} from users where id = $1`,
      [follower.id, followee.id, moment],
    );
  }
}

async function request(method: string, path: string, { token }: Member): Promise<void> {
  const { status, body } = await app.rest(method, path, { token });
  expect(status, `${method} ${path} ${JSON.stringify(body)}`).toBeLessThan(300);
}

/** Pages through the lists as the script says, then to their ends, and compares with the whole before and after. */
async function pageThrough(
  lists: readonly ReadPage[],
  { start, steps }: { readonly start: readonly Write[]; readonly steps: readonly Step[] },
): Promise<void> {
  const world = await World.create();
  const { viewer, moments } = world;
  await Promise.all(start.map((write) => world.apply(write)));
  // Limits that no page has: the home feed keeps its first page for a second, by limit.
  const before = await Promise.all(lists.map((read) => read(viewer, 100, null)));
  const seen = lists.map((): string[] => []);
  const cursors = lists.map((): string | null => null);
  const open = new Set(lists.keys());
  for (let turn = 0; open.size > 0; turn += 1) {
    const { limit, before: first, meanwhile } = steps[turn] ?? { limit: 5, before: [], meanwhile: [] };
    await Promise.all(first.map((write) => world.apply(write)));
    await Promise.all([
      ...[...open].map(async (list) => {
        const { ids, next } = await (lists[list] as ReadPage)(viewer, limit, cursors[list] ?? null);
        seen[list]?.push(...ids);
        cursors[list] = next;
        if (next === null) open.delete(list);
      }),
      ...meanwhile.map((write) => world.apply(write)),
    ]);
  }
  const after = await Promise.all(lists.map((read) => read(viewer, 99, null)));

  for (const [list, ids] of seen.entries()) {
    const places = ids.map((id) => `${moments.get(id)} ${id}`);
    expect(places).toEqual([...new Set(places)].sort().reverse());
    const stayed = before[list]?.ids.filter((id) => after[list]?.ids.includes(id)) ?? [];
    expect(ids).toEqual(expect.arrayContaining(stayed));
  }
}

describe('pages of a list that changes (D8)', () => {
  it(
    `hold whatever stays, once and in order: ${Object.keys(LISTS).join(', ')}`,
    async () => {
      await fc.assert(
        fc.asyncProperty(script, (given) => pageThrough(Object.values(LISTS), given)),
        { numRuns: 30 },
      );
    },
    DEADLINE_MS,
  );

  const postsBy =
    (
      where: string,
      nextOf: (row: { id: string; at: string }, cursor: string | null, limit: number) => string,
    ): ReadPage =>
    async (_viewer, limit, cursor) => {
      const { rows } = await sql.query(
        `select id, created_at::text as at from posts where author_id = $1 and deleted_at is null ${where}`,
        [owner.id, cursor, limit + 1],
      );
      const last = rows[limit - 1];
      return {
        ids: rows.slice(0, limit).map(({ id }) => id),
        next: rows.length > limit ? nextOf(last, cursor, limit) : null,
      };
    };

  it.each([
    [
      'by offset',
      postsBy('order by created_at desc, id desc offset coalesce($2::int, 0) limit $3', (_row, cursor, limit) =>
        String(Number(cursor) + limit),
      ),
    ],
    [
      'without the id that breaks ties',
      postsBy(
        `and created_at < coalesce($2::timestamptz, 'infinity') order by created_at desc, id desc limit $3`,
        ({ at }) => at,
      ),
    ],
  ])(
    'would be found: %s',
    async (_what, read) => {
      const result = await fc.check(
        fc.asyncProperty(script, (given) => pageThrough([read], given)),
        { numRuns: 30, endOnFailure: true },
      );
      expect(result.errorInstance).toHaveProperty('name', 'AssertionError');
    },
    DEADLINE_MS,
  );
});
