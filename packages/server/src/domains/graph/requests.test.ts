import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSocial, type Social } from '../../testing/social.js';
import { graphConsumers } from './index.js';
import { APPROVE_BATCH, MAX_FOLLOWING } from './limits.js';
import type { ListedUser, Relation } from './schema.js';

interface Page {
  readonly items: ListedUser[];
  readonly nextCursor: string | null;
  readonly count?: number;
}

let social: Social;
beforeAll(async () => {
  social = await createSocial();
});
afterAll(() => social.close());

const none: Relation = {
  following: false,
  followedBy: false,
  requested: false,
  requestedBy: false,
  blocking: false,
  muting: false,
  mutedUntil: null,
};
const run = <T = unknown>(viewer: string | null, name: string, input?: object) => social.run<T>(viewer, name, input);
const follow = (viewer: string, userId: string) => run<Relation>(viewer, 'followUser', { userId });
const idsOf = (page: Page) => page.items.map((user) => user.id);
const received = (viewer: string) => run<Page>(viewer, 'listFollowRequests');
const sent = async (viewer: string) => idsOf(await run<Page>(viewer, 'listSentFollowRequests'));
const followers = async (viewer: string | null, userId: string) =>
  idsOf(await run<Page>(viewer, 'listFollowers', { userId }));
const countsOf = async (userId: string) =>
  (await run<{ counts: { followers: number; following: number } }>(null, 'getUser', { userId })).counts;
const eventsOf = async (...users: string[]) =>
  (
    await social.sql<{ type: string }>(
      `select type from outbox where payload::text like all ($1) order by xid::text::bigint, id`,
      [users.map((user) => `%${user}%`)],
    )
  ).map((row) => row.type);

async function addPrivate(count: number): Promise<[string, ...string[]]> {
  const [owner, ...others] = (await social.addUsers(count)) as [string, ...string[]];
  await run(owner, 'setPrivacy', { isPrivate: true });
  return [owner, ...others];
}

describe('a private account', () => {
  it('is asked, once, and lets follow whom it approves', async () => {
    const [owner, fan] = (await addPrivate(2)) as [string, string];
    expect(await run(null, 'getUser', { userId: owner })).toMatchObject({ isPrivate: true });
    for (let again = 0; again < 2; again += 1) {
      expect(await follow(fan, owner)).toEqual({ ...none, requested: true });
      expect(await received(owner)).toMatchObject({ count: 1, items: [{ id: fan, viewer: { requestedBy: true } }] });
      expect(await sent(fan)).toEqual([owner]);
    }
    expect(await countsOf(owner)).toEqual({ followers: 0, following: 0 });
    for (let again = 0; again < 2; again += 1) {
      expect(await run(owner, 'approveFollowRequest', { userId: fan })).toEqual({ ...none, followedBy: true });
    }
    expect(await received(owner)).toEqual({ items: [], nextCursor: null, count: 0 });
    expect(await sent(fan)).toEqual([]);
    expect(await countsOf(owner)).toEqual({ followers: 1, following: 0 });
    expect(await follow(fan, owner)).toEqual({ ...none, following: true });
    expect(await eventsOf(owner, fan)).toEqual(['follow_request.created', 'follow_request.approved', 'follow.created']);
  });

  it('declines, and is asked again; requests are withdrawn', async () => {
    const [owner, fan] = (await addPrivate(2)) as [string, string];
    await follow(fan, owner);
    for (let again = 0; again < 2; again += 1) {
      expect(await run(owner, 'declineFollowRequest', { userId: fan })).toEqual(none);
    }
    await expect(run(owner, 'approveFollowRequest', { userId: fan })).rejects.toMatchObject({ code: 'not_found' });
    expect(await run(fan, 'getUser', { userId: owner })).toMatchObject({ viewer: none });
    await follow(fan, owner);
    expect(await run(fan, 'unfollowUser', { userId: owner })).toEqual(none);
    expect(await received(owner)).toMatchObject({ items: [], count: 0 });
    expect(await eventsOf(owner, fan)).toEqual([
      'follow_request.created',
      'follow_request.declined',
      'follow_request.created',
      'follow_request.withdrawn',
    ]);
  });

  it('keeps its followers, removes one, and shows its people to followers only', async () => {
    const [owner, fan, stranger] = (await social.addUsers(3)) as [string, string, string];
    await follow(fan, owner);
    await follow(owner, stranger);
    await run(owner, 'setPrivacy', { isPrivate: true });
    expect(await followers(owner, owner)).toEqual([fan]);
    expect(await followers(fan, owner)).toEqual([fan]);
    for (const viewer of [stranger, null]) {
      expect(await followers(viewer, owner)).toEqual([]);
      expect(await run(viewer, 'listFollowing', { userId: owner })).toEqual({ items: [], nextCursor: null });
      expect(await social.edge(viewer, 'User', 'followers', [{ id: owner }])).toEqual([
        { items: [], nextCursor: null },
      ]);
    }
    expect(await run(owner, 'removeFollower', { userId: fan })).toEqual(none);
    expect(await run(owner, 'removeFollower', { userId: fan })).toEqual(none);
    expect(await followers(fan, owner)).toEqual([]);
    expect(await countsOf(owner)).toEqual({ followers: 0, following: 1 });
    expect(await eventsOf(owner, fan)).toEqual(['follow.created', 'follow.removed']);
  });

  it('ends requests of both directions with a block, and shows none', async () => {
    const [a, b] = (await addPrivate(2)) as [string, string];
    await run(b, 'setPrivacy', { isPrivate: true });
    await follow(a, b);
    await follow(b, a);
    expect(await run(a, 'blockUser', { userId: b })).toEqual({ ...none, blocking: true });
    for (const user of [a, b]) {
      expect(await received(user)).toMatchObject({ items: [], count: 0 });
      expect(await sent(user)).toEqual([]);
    }
    await expect(run(b, 'approveFollowRequest', { userId: a })).rejects.toMatchObject({ code: 'not_found' });
    expect(await eventsOf(a, b)).toEqual([
      'follow_request.created',
      'follow_request.created',
      'follow_request.withdrawn',
      'follow_request.declined',
      'block.created',
    ]);
  });

  it('counts requests in the limit of whom one follows', async () => {
    const [owner, fan, other] = (await addPrivate(3)) as [string, string, string];
    await social.sql('insert into graph_counts values ($1, $2, 0, $3)', [social.tenantId, fan, MAX_FOLLOWING - 1]);
    await follow(fan, owner);
    await expect(follow(fan, other)).rejects.toMatchObject({ code: 'follow_limit_reached' });
    expect(await run(owner, 'approveFollowRequest', { userId: fan })).toMatchObject({ followedBy: true });
  });
});

describe('an account that becomes public', () => {
  /** As `count` users who have asked, by SQL: the counts of both sides with them. */
  async function askAll(owner: string, fans: readonly string[]): Promise<void> {
    await social.sql('insert into follow_requests select $1, id, $2 from unnest($3::uuid[]) id', [
      social.tenantId,
      owner,
      fans,
    ]);
    await social.sql(
      `insert into graph_counts (tenant_id, user_id, requests_received, requests_sent)
       select $1::uuid, $2::uuid, $4::int, 0 union all select $1::uuid, id, 0, 1 from unnest($3::uuid[]) id`,
      [social.tenantId, owner, fans, fans.length],
    );
  }
  const leftOf = async (owner: string) =>
    (await social.sql(`select 1 from follow_requests where followee_id = $1`, [owner])).length;

  async function handleEvents(owner: string): Promise<void> {
    for (const consumer of graphConsumers) {
      const events = await social.sql<{ type: string; key: string; payload: Record<string, unknown> }>(
        `delete from outbox where type = any($1) and key = $2 returning type, key, payload`,
        [consumer.types, owner],
      );
      for (const event of events) {
        await social.database.transaction(social.tenantId, (tx) =>
          consumer.handle(tx, { ...event, id: 1, tenantId: social.tenantId, correlationId: null, createdAt: '' }),
        );
      }
    }
  }

  it('is followed by all who have asked: a batch at once, the others by the outbox', async () => {
    const [owner, ...fans] = await addPrivate(2 * APPROVE_BATCH + 4);
    await askAll(owner, fans);
    await run(owner, 'setPrivacy', { isPrivate: false });
    expect(await leftOf(owner)).toBe(APPROVE_BATCH + 3);
    await handleEvents(owner);
    expect(await leftOf(owner)).toBe(3);
    await handleEvents(owner);
    expect(await leftOf(owner)).toBe(0);
    expect(await countsOf(owner)).toEqual({ followers: fans.length, following: 0 });
    expect(await countsOf(fans[0] as string)).toEqual({ followers: 0, following: 1 });
    expect(await received(owner)).toMatchObject({ count: 0 });
  });

  it('takes as many statements for a batch as for one (D19)', async () => {
    const statementsFor = async (count: number) => {
      const [owner, ...fans] = await addPrivate(1 + count);
      await askAll(owner, fans);
      social.statements.length = 0;
      await run(owner, 'setPrivacy', { isPrivate: false });
      return [...social.statements];
    };
    const expected = ['identity.setPrivacy', 'graph.takeRequests', 'graph.insertFollowers', 'graph.addToCounts'];
    expect(await statementsFor(1)).toEqual([...expected, 'outbox.insertEvents']);
    expect(await statementsFor(APPROVE_BATCH)).toEqual([...expected, 'outbox.insertEvents']);
  });

  it('keeps the others waiting when it is private again, and lets those follow at once who come themselves', async () => {
    const [owner, ...fans] = await addPrivate(APPROVE_BATCH + 3);
    await askAll(owner, fans);
    await run(owner, 'setPrivacy', { isPrivate: false });
    const [waiting, other] = (
      await social.sql<{ id: string }>('select follower_id as id from follow_requests where followee_id = $1', [owner])
    ).map(({ id }) => id) as [string, string];
    expect(await follow(waiting, owner)).toEqual({ ...none, following: true });
    await run(owner, 'setPrivacy', { isPrivate: true });
    await handleEvents(owner);
    expect(await received(owner)).toMatchObject({ items: [{ id: other }], count: 1 });
    expect(await countsOf(owner)).toEqual({ followers: APPROVE_BATCH + 1, following: 0 });
  });

  it('leaves no follow of who withdraws or is blocked at the same moment', async () => {
    const [owner, fan, foe] = (await addPrivate(3)) as [string, string, string];
    for (let round = 0; round < 10; round += 1) {
      await Promise.all([follow(fan, owner), follow(foe, owner)]);
      await Promise.all([
        run(owner, 'setPrivacy', { isPrivate: false }),
        run(fan, 'unfollowUser', { userId: owner }),
        run(owner, 'blockUser', { userId: foe }),
      ]);
      expect(await followers(owner, owner)).toEqual([]);
      expect(await countsOf(owner)).toEqual({ followers: 0, following: 0 });
      await run(owner, 'unblockUser', { userId: foe });
      await run(owner, 'setPrivacy', { isPrivate: true });
    }
  });

  /** Runs `first` in a transaction, then `action` until it waits for a lock, and commits. */
  async function whileHolding<T>(first: () => Promise<unknown>, action: () => Promise<T>): Promise<T> {
    await social.sql('begin');
    let outcome: Promise<T>;
    try {
      await first();
      outcome = action();
      outcome.catch(() => {});
      const deadline = Date.now() + 10_000;
      let waiting = 0;
      while (waiting === 0 && Date.now() < deadline) {
        // Inside a transaction the statistics stand still otherwise.
        await social.sql('select pg_stat_clear_snapshot()');
        const rows = await social.sql(
          `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        );
        waiting = rows.length;
      }
      expect(waiting).toBe(1);
      await social.sql('commit');
    } catch (error) {
      await social.sql('rollback');
      throw error;
    }
    return await outcome;
  }

  // Seeded bug: looking for the follow before the request leaves one that the withdrawal, or the block, should have ended.
  it.each([
    ['withdraws', 'unfollowUser'],
    ['blocks', 'blockUser'],
  ])('leaves no follow of who %s while the request is being approved', async (_what, name) => {
    const [owner, fan] = (await addPrivate(2)) as [string, string];
    await follow(fan, owner);
    const pair = [social.tenantId, fan, owner];
    const ended = await whileHolding(
      async () => {
        await social.sql(
          'delete from follow_requests where tenant_id = $1 and follower_id = $2 and followee_id = $3',
          pair,
        );
        await social.sql('insert into follows (tenant_id, follower_id, followee_id) values ($1, $2, $3)', pair);
        await social.sql(
          `update graph_counts set followers = followers + (user_id = $2)::int, requests_received = 0, requests_sent = 0,
             following = following + (user_id = $1)::int
           where user_id in ($1, $2)`,
          [fan, owner],
        );
      },
      () => run<Relation>(fan, name, { userId: owner }),
    );
    expect(ended).toMatchObject({ following: false, requested: false });
    expect(await social.sql('select 1 from follows where follower_id = $1', [fan])).toEqual([]);
    expect(await countsOf(owner)).toEqual({ followers: 0, following: 0 });
  });

  // Seeded bug: without its lock a follow that has seen a public account is made after the account became private.
  it('gains no follower without consent from the moment it is private', async () => {
    const [owner, fan] = (await social.addUsers(2)) as [string, string];
    const asked = await whileHolding(
      () => social.sql('update users set is_private = true where id = $1', [owner]),
      () => follow(fan, owner),
    );
    expect(asked).toEqual({ ...none, requested: true });
  });
});
