import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../platform/ids/index.js';
import { createSocial, type Social } from '../../testing/social.js';
import type { User } from '../identity/index.js';
import { MAX_FOLLOWING } from './limits.js';

interface Page {
  readonly items: User[];
  readonly nextCursor: string | null;
}

let social: Social;
beforeAll(async () => {
  social = await createSocial();
});
afterAll(() => social.close());

const none = {
  following: false,
  followedBy: false,
  requested: false,
  requestedBy: false,
  blocking: false,
  muting: false,
  mutedUntil: null,
};
const run = <T = unknown>(viewer: string | null, name: string, input?: object) => social.run<T>(viewer, name, input);
const countsOf = async (userId: string) =>
  (await run<{ counts: { followers: number; following: number } }>(null, 'getUser', { userId })).counts;
const idsOf = (page: Page) => page.items.map((user) => user.id);

async function readAll(viewer: string | null, name: string, input: object, limit: number): Promise<string[][]> {
  const pages: string[][] = [];
  let cursor: string | null = null;
  do {
    const page: Page = await run<Page>(viewer, name, { ...input, limit, ...(cursor === null ? {} : { cursor }) });
    pages.push(idsOf(page));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return pages;
}

async function eventsOf(...users: string[]): Promise<string[]> {
  const rows = await social.sql<{ type: string }>(
    `select type from outbox where payload::text like all ($1) order by xid::text::bigint, id`,
    [users.map((user) => `%${user}%`)],
  );
  return rows.map((row) => row.type);
}

describe('following', () => {
  it('is done once, counted once and told once', async () => {
    const [a, b] = (await social.addUsers(2)) as [string, string];
    expect(await run(a, 'followUser', { userId: b })).toEqual({ ...none, following: true });
    expect(await run(a, 'followUser', { userId: b })).toEqual({ ...none, following: true });
    expect(await run(b, 'followUser', { userId: a })).toEqual({ ...none, following: true, followedBy: true });
    expect([await countsOf(a), await countsOf(b)]).toEqual([
      { followers: 1, following: 1 },
      { followers: 1, following: 1 },
    ]);
    expect(await run(a, 'unfollowUser', { userId: b })).toEqual({ ...none, followedBy: true });
    expect(await run(a, 'unfollowUser', { userId: b })).toEqual({ ...none, followedBy: true });
    expect(await countsOf(b)).toEqual({ followers: 0, following: 1 });
    expect(await eventsOf(a, b)).toEqual(['follow.created', 'follow.created', 'follow.removed']);
  });

  it('is refused for oneself, for strangers to the tenant and for the deleted', async () => {
    const [a, gone] = (await social.addUsers(2)) as [string, string];
    await social.sql('update users set deleted_at = now() where id = $1', [gone]);
    await expect(run(a, 'followUser', { userId: a })).rejects.toMatchObject({ code: 'cannot_follow_self' });
    await expect(run(a, 'blockUser', { userId: a })).rejects.toMatchObject({ code: 'cannot_block_self' });
    for (const userId of [gone, '00000000-0000-7000-8000-000000000000']) {
      for (const name of ['followUser', 'unfollowUser', 'blockUser', 'unblockUser']) {
        await expect(run(a, name, { userId })).rejects.toMatchObject({ code: 'not_found' });
      }
      await expect(run(a, 'listFollowers', { userId })).rejects.toMatchObject({ code: 'not_found' });
    }
    await expect(run(null, 'followUser', { userId: gone })).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('stops at the limit, also for follows at the same moment', async () => {
    const [a, ...others] = (await social.addUsers(6)) as [string, ...string[]];
    await social.sql('insert into graph_counts values ($1, $2, 0, $3)', [social.tenantId, a, MAX_FOLLOWING - 2]);
    const results = await Promise.allSettled(others.map((userId) => run(a, 'followUser', { userId })));
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.code as string] : []));
    expect(refused).toEqual(Array(3).fill('follow_limit_reached'));
    expect(await countsOf(a)).toEqual({ followers: 0, following: MAX_FOLLOWING });
  });
});

describe('blocking', () => {
  it('ends follows of both directions and hides each from the other', async () => {
    const [a, b, c] = (await social.addUsers(3)) as [string, string, string];
    for (const [viewer, userId] of [
      [a, b],
      [b, a],
      [c, a],
      [c, b],
      [a, c],
    ]) {
      await run(viewer as string, 'followUser', { userId });
    }
    expect(await run(a, 'blockUser', { userId: b })).toEqual({ ...none, blocking: true });
    expect(await run(a, 'blockUser', { userId: b })).toEqual({ ...none, blocking: true });
    expect(await countsOf(a)).toEqual({ followers: 1, following: 1 });
    expect(await countsOf(b)).toEqual({ followers: 1, following: 0 });
    for (const [viewer, userId] of [
      [a, b],
      [b, a],
    ]) {
      for (const name of ['getUser', 'followUser', 'unfollowUser', 'listFollowers', 'listFollowing']) {
        await expect(run(viewer as string, name, { userId })).rejects.toMatchObject({ code: 'not_found' });
      }
    }
    expect(idsOf(await run<Page>(b, 'listFollowing', { userId: c }))).toEqual([b]);
    expect(idsOf(await run<Page>(null, 'listFollowing', { userId: c }))).toEqual([b, a]);
    expect(idsOf(await run<Page>(a, 'listBlocks'))).toEqual([b]);
    expect(await run(b, 'blockUser', { userId: a })).toEqual({ ...none, blocking: true });
    expect(await run(a, 'unblockUser', { userId: b })).toEqual(none);
    await expect(run(a, 'unblockUser', { userId: b })).rejects.toMatchObject({ code: 'not_found' });
    expect(await run(b, 'unblockUser', { userId: a })).toEqual(none);
    expect(await run(b, 'unblockUser', { userId: a })).toEqual(none);
    expect(await run(a, 'followUser', { userId: b })).toEqual({ ...none, following: true });
    expect(await eventsOf(a, b)).toEqual([
      'follow.created',
      'follow.created',
      'follow.removed',
      'follow.removed',
      'block.created',
      'block.created',
      'block.removed',
      'block.removed',
      'follow.created',
    ]);
  });

  it('leaves no follow that is made at the same moment', async () => {
    const [a, b] = (await social.addUsers(2)) as [string, string];
    for (let round = 0; round < 15; round += 1) {
      await Promise.allSettled([
        run(a, 'followUser', { userId: b }),
        run(b, 'blockUser', { userId: a }),
        run(b, 'followUser', { userId: a }),
        social.database.transaction(social.tenantId, (tx) =>
          social.graph.insertFollows(tx, [{ followerId: a, followeeId: b, createdAt: '2026-01-01T00:00:00Z' }]),
        ),
      ]);
      const rows = await social.sql('select 1 from follows where follower_id = any($1) and followee_id = any($1)', [
        [a, b],
      ]);
      expect(rows).toEqual([]);
      expect(await countsOf(a)).toEqual({ followers: 0, following: 0 });
      await run(b, 'unblockUser', { userId: a });
    }
  });
});

describe('lists', () => {
  let star: string;
  let fans: string[];
  beforeAll(async () => {
    [star] = (await social.addUsers(1)) as [string];
    fans = await social.addUsers(25);
    // Three at a time share an instant: the id breaks the tie.
    await social.database.transaction(social.tenantId, (tx) =>
      social.graph.insertFollows(
        tx,
        fans.map((followerId, index) => ({
          followerId,
          followeeId: star,
          createdAt: `2026-02-01T00:00:${String(Math.floor(index / 3)).padStart(2, '0')}Z`,
        })),
      ),
    );
  });

  it('page through everything once, newest first', async () => {
    const pages = await readAll(null, 'listFollowers', { userId: star }, 4);
    expect(pages.map((page) => page.length)).toEqual([4, 4, 4, 4, 4, 4, 1]);
    expect(pages.flat()).toEqual([...fans].reverse());
    const own = await readAll(fans[0] as string, 'listFollowing', { userId: fans[0] }, 4);
    expect(own).toEqual([[star]]);
  });

  it('leave out whom the viewer must not see without a short page', async () => {
    const [viewer] = (await social.addUsers(1)) as [string];
    for (const index of [3, 4, 5, 6]) await run(viewer, 'blockUser', { userId: fans[index] });
    await run(fans[20] as string, 'blockUser', { userId: viewer });
    await social.sql('update users set deleted_at = now() where id = $1', [fans[10]]);
    const pages = await readAll(viewer, 'listFollowers', { userId: star }, 4);
    const expected = [...fans].reverse().filter((id) => ![3, 4, 5, 6, 10, 20].some((index) => fans[index] === id));
    expect(pages.flat()).toEqual(expected);
    expect(pages.slice(0, -1).every((page) => page.length === 4)).toBe(true);
    await social.sql('update users set deleted_at = null where id = $1', [fans[10]]);
  });

  it("refuse another list's cursor", async () => {
    const { nextCursor: cursor } = await run<Page>(null, 'listFollowers', { userId: star, limit: 2 });
    await expect(run(null, 'listFollowing', { userId: star, cursor })).rejects.toMatchObject({
      code: 'invalid_cursor',
    });
    await expect(run(null, 'listFollowers', { userId: fans[0], cursor })).rejects.toMatchObject({
      code: 'invalid_cursor',
    });
  });

  it('take as many statements for one entry as for many (D19)', async () => {
    const statementsOf = async (limit: number) => {
      social.statements.length = 0;
      await run(fans[1] as string, 'listFollowers', { userId: star, limit });
      return social.statements.length;
    };
    // Reads that a refused call of before has left under way end first: all share one connection.
    await statementsOf(1);
    expect(await statementsOf(1)).toBe(4);
    expect(await statementsOf(25)).toBe(4);
  });

  it('show as edges of many users at once, and go on where the edge stopped', async () => {
    const parents = [{ id: star }, { id: fans[0] }, { id: star }];
    social.statements.length = 0;
    const [first, empty, again] = (await social.edge(null, 'User', 'followers', parents, { limit: 5 })) as Page[];
    expect(social.statements).toEqual(['graph.followersOfMany', 'graph.standings', 'identity.usersByIds']);
    expect(first).toEqual(again);
    expect(empty).toEqual({ items: [], nextCursor: null });
    const next = await run<Page>(null, 'listFollowers', { userId: star, limit: 5, cursor: first?.nextCursor });
    expect([...idsOf(first as Page), ...idsOf(next)]).toEqual([...fans].reverse().slice(0, 10));
    const following = (await social.edge(null, 'User', 'following', [{ id: fans[0] }], {})) as Page[];
    expect(following.map(idsOf)).toEqual([[star]]);
  });

  it('show nothing of those a block separates, in edges too', async () => {
    const [viewer] = (await social.addUsers(1)) as [string];
    await run(viewer, 'blockUser', { userId: star });
    const pages = await social.edge(viewer, 'User', 'followers', [{ id: star }], {});
    expect(pages).toEqual([{ items: [], nextCursor: null }]);
  });

  it('counts and relations of many users take two statements', async () => {
    const viewer = fans[0] as string;
    social.statements.length = 0;
    const parents = [{ id: star }, { id: viewer }, { id: fans[1] }];
    const [counts, relations] = await Promise.all([
      social.edge(viewer, 'User', 'counts', parents),
      social.edge(viewer, 'User', 'viewer', parents),
    ]);
    expect(counts).toEqual([
      { followers: 25, following: 0 },
      { followers: 0, following: 1 },
      { followers: 0, following: 1 },
    ]);
    expect(relations).toEqual([{ ...none, following: true }, null, none]);
  });
});

describe('imported follows', () => {
  it('are counted once, and those that cannot be are left out with the reason', async () => {
    const [a, b, c] = (await social.addUsers(3)) as [string, string, string];
    await run(a, 'blockUser', { userId: c });
    const createdAt = '2020-05-05T05:05:05.123456Z';
    const follows = [
      { followerId: a, followeeId: b, createdAt },
      { followerId: a, followeeId: b, createdAt },
      { followerId: b, followeeId: a, createdAt },
      { followerId: b, followeeId: b, createdAt },
      { followerId: c, followeeId: a, createdAt },
      { followerId: a, followeeId: c, createdAt },
      { followerId: c, followeeId: b, createdAt },
      { followerId: newId(), followeeId: b, createdAt },
      { followerId: b, followeeId: newId(), createdAt },
    ];
    const insert = () => social.database.transaction(social.tenantId, (tx) => social.graph.insertFollows(tx, follows));
    const leftOut = [
      { index: 1, reason: 'known' },
      { index: 3, reason: 'self' },
      { index: 4, reason: 'blocked' },
      { index: 5, reason: 'blocked' },
      { index: 7, reason: 'no_such_user' },
      { index: 8, reason: 'no_such_user' },
    ];
    expect(await insert()).toEqual(leftOut);
    const again = [0, 1, 2, 6].map((index) => ({ index, reason: 'known' }));
    expect((await insert()).filter(({ reason }) => reason === 'known')).toEqual(again);
    expect([await countsOf(a), await countsOf(b), await countsOf(c)]).toEqual([
      { followers: 1, following: 1 },
      { followers: 2, following: 1 },
      { followers: 0, following: 1 },
    ]);
  });
});
