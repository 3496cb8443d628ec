import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NovaError } from '../../platform/errors/index.js';
import { createSocial, type Social } from '../../testing/social.js';
import { repairGraphCounts, sampleGraphDrift } from '../graph/index.js';
import { contentConsumers, repairHashtagUsage, repairLikeCounts, sampleLikeDrift } from './index.js';

/** Few users and posts, so that most commands meet others on the same rows. */
const USERS = 5;
const POSTS = 6;
const LANES = 8;
const EXPECTED_REFUSALS = ['not_found', 'cannot_follow_self', 'cannot_block_self', 'not_the_author'];

const never = new AbortController().signal;
let social: Social;
let failedStatements: string[];
beforeAll(async () => {
  social = await createSocial({
    observe: ({ query, outcome }) => {
      if (outcome === 'error') failedStatements.push(query);
    },
  });
});
afterAll(() => social.close());

const user = fc.nat(USERS - 1);
const post = fc.nat(POSTS - 1);
const command = fc.oneof(
  {
    weight: 18,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        ...['followUser', 'followUser', 'followUser', 'unfollowUser', 'removeFollower', 'blockUser', 'unblockUser'],
        ...['approveFollowRequest', 'approveFollowRequest', 'declineFollowRequest', 'setPrivacy', 'setPrivacy'],
      ),
      actor: user,
      target: user,
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constantFrom('likePost', 'likePost', 'unlikePost', 'deletePost'),
      actor: user,
      target: post,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('importFollows'), actor: user, target: user }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('importLikes'), actor: user, target: post }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('repair'), actor: user, target: user }) },
);

describe('counts', () => {
  // Some 2,000 operations: with room for a machine that does other things.
  it('are those of a recount, whatever happens at the same moment', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 30, maxLength: 120 }), async (commands) => {
        failedStatements = [];
        const users = await social.addUsers(USERS);
        const posts: string[] = [];
        for (let index = 0; index < POSTS; index += 1) {
          posts.push(
            (await social.run<{ id: string }>(users[index % USERS] as string, 'createPost', { body: 'x' })).id,
          );
        }
        const lanes = Array.from({ length: LANES }, (_, lane) => commands.filter((_, index) => index % LANES === lane));
        await Promise.all(
          lanes.map(async (lane) => {
            for (const step of lane) await perform(step.kind, users, posts, step.actor, step.target);
          }),
        );
        // A deadlock would be retried without a trace but this one: no statement may fail at all.
        expect(failedStatements).toEqual([]);
        expect(await driftOfAll()).toEqual({ counts: [], likes: [], separated: [] });
      }),
      { numRuns: 25 },
    );
    expect(await sampleGraphDrift(social.database, 1_000)).toMatchObject({ drifting: 0 });
    expect(await sampleLikeDrift(social.database, 1_000)).toMatchObject({ drifting: 0 });
  });
});

async function perform(kind: string, users: string[], posts: string[], actor: number, target: number): Promise<void> {
  const viewer = users[actor] as string;
  const createdAt = '2026-01-01T00:00:00Z';
  try {
    switch (kind) {
      case 'importFollows': {
        const follows = users.flatMap((followeeId) => [
          { followerId: viewer, followeeId, createdAt },
          { followerId: users[target] as string, followeeId, createdAt },
        ]);
        await social.database.transaction(social.tenantId, (tx) => social.graph.insertFollows(tx, follows));
        return;
      }
      case 'importLikes': {
        const likes = posts.map((postId) => ({ postId, userId: viewer, createdAt }));
        await social.database.transaction(social.tenantId, (tx) => social.content.insertLikes(tx, likes));
        return;
      }
      case 'repair':
        await Promise.all([repairGraphCounts(social.database, never), repairLikeCounts(social.database, never)]);
        return;
      case 'setPrivacy':
        await social.run(viewer, kind, { isPrivate: target % 2 === 0 });
        return;
      case 'likePost':
      case 'unlikePost':
      case 'deletePost':
        await social.run(viewer, kind, { postId: posts[target] });
        return;
      default:
        await social.run(viewer, kind, { userId: users[target] });
    }
  } catch (error) {
    if (!(error instanceof NovaError && EXPECTED_REFUSALS.includes(error.code))) throw error;
  }
}

/** By other statements than those under test. */
async function driftOfAll() {
  const [counts, likes, separated] = [
    await social.sql(`
      with actual as (
        select id, (select count(*) from follows where followee_id = id) as followers,
          (select count(*) from follows where follower_id = id) as following,
          (select count(*) from follow_requests where followee_id = id) as received,
          (select count(*) from follow_requests where follower_id = id) as sent
        from users)
      select a.*, c.* from actual a left join graph_counts c on c.user_id = a.id
      where (a.followers, a.following, a.received, a.sent) is distinct from
        (coalesce(c.followers, 0), coalesce(c.following, 0),
          coalesce(c.requests_received, 0), coalesce(c.requests_sent, 0))`),
    await social.sql(`
      select id, like_count from posts p
      where like_count <> (select count(*) from post_likes where post_id = p.id)`),
    await social.sql(`
      select 1 from (table follows union all table follow_requests) f join blocks b
        on (b.blocker_id, b.blocked_id) in ((f.follower_id, f.followee_id), (f.followee_id, f.follower_id))`),
  ];
  return { counts, likes, separated };
}

/** Runs `first` in a transaction, then `action` until it waits for a lock, then `second`, and commits. */
async function whileHolding<T>(
  first: () => Promise<unknown>,
  action: () => Promise<T>,
  second?: () => Promise<unknown>,
) {
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
    await second?.();
    await social.sql('commit');
  } catch (error) {
    await social.sql('rollback');
    throw error;
  }
  return await outcome;
}

describe('meeting another change', () => {
  let users: string[];
  let posts: string[];
  beforeEach(async () => {
    users = (await social.addUsers(4)).sort();
    posts = [];
    for (const body of ['a', 'b']) {
      posts.push((await social.run<{ id: string }>(users[0] as string, 'createPost', { body })).id);
    }
    posts.sort();
  });
  const like = (userId: unknown, postId: unknown) =>
    social.sql('insert into post_likes (tenant_id, post_id, user_id) values ($1, $2, $3)', [
      social.tenantId,
      postId,
      userId,
    ]);

  it('a like of a post that is being deleted is refused and leaves nothing', async () => {
    const [postId] = posts;
    const outcome = whileHolding(
      () => social.sql('update posts set deleted_at = now() where id = $1', [postId]),
      () => social.run(users[1] as string, 'likePost', { postId }),
    );
    await expect(outcome).rejects.toMatchObject({ code: 'not_found' });
    expect(await social.sql('select 1 from post_likes where post_id = $1', [postId])).toEqual([]);
  });

  it('a repair of likes counts what was committed while it waited', async () => {
    const [postId] = posts;
    await social.sql('update posts set like_count = 5 where id = $1', [postId]);
    await whileHolding(
      async () => {
        await like(users[1], postId);
        await social.sql('update posts set like_count = like_count + 1 where id = $1', [postId]);
      },
      () => repairLikeCounts(social.database, never),
    );
    expect(await social.sql('select like_count::int from posts where id = $1', [postId])).toEqual([{ like_count: 1 }]);
  });

  it('a repair of follows counts what was committed while it waited', async () => {
    const [a, b] = users;
    await social.sql('insert into graph_counts values ($1, $2, 5, 5)', [social.tenantId, b]);
    await whileHolding(
      async () => {
        await social.sql('insert into follows values ($1, $2, $3)', [social.tenantId, a, b]);
        await social.sql('insert into graph_counts values ($1, $2, 0, 1)', [social.tenantId, a]);
        await social.sql('update graph_counts set followers = followers + 1 where user_id = $1', [b]);
      },
      () => repairGraphCounts(social.database, never),
    );
    expect(await driftOfAll()).toMatchObject({ counts: [] });
  });

  it('counts are locked in the order of ids, whoever acts', async () => {
    const [low, high] = users as [string, string];
    const lock = (userId: string) => () =>
      social.sql('select 1 from graph_counts where user_id = $1 for no key update nowait', [userId]);
    await social.sql('insert into graph_counts select $1, unnest($2::uuid[])', [social.tenantId, [low, high]]);
    const createdAt = '2026-01-01T00:00:00Z';
    const bulk = () =>
      social.database.transaction(social.tenantId, (tx) =>
        social.graph.insertFollows(tx, [
          { followerId: high, followeeId: low, createdAt },
          { followerId: low, followeeId: high, createdAt },
        ]),
      );
    const perform = (viewer: string, name: string, userId: string) => () =>
      social.run<unknown>(viewer, name, { userId });
    const actions: (() => Promise<unknown>)[] = [
      perform(low, 'followUser', high),
      perform(low, 'unfollowUser', high),
      perform(high, 'followUser', low),
      perform(high, 'unfollowUser', low),
      bulk,
      perform(high, 'blockUser', low),
    ];
    for (const action of actions) {
      // Held up at the lower id, it must not hold the higher one.
      await whileHolding(lock(low), action, lock(high));
    }
    expect(await driftOfAll()).toMatchObject({ counts: [] });
  });

  it('imported likes lock their posts in the order of ids', async () => {
    const [low, high] = posts as [string, string];
    const lock = (postId: string) => () =>
      social.sql('select 1 from posts where id = $1 for no key update nowait', [postId]);
    const likes = [high, low].map((postId) => ({
      postId,
      userId: users[1] as string,
      createdAt: '2026-01-01T00:00:00Z',
    }));
    const bulk = () => social.database.transaction(social.tenantId, (tx) => social.content.insertLikes(tx, likes));
    await whileHolding(lock(low), bulk, lock(high));
    expect(await driftOfAll()).toMatchObject({ likes: [] });
  });
});

describe('repairs', () => {
  it('find and mend wrong counts, and nothing else', async () => {
    const [a, b, c] = (await social.addUsers(3)) as [string, string, string];
    const { id: postId } = await social.run<{ id: string }>(a, 'createPost', { body: 'x' });
    for (const viewer of [b, c]) {
      await social.run(viewer, 'followUser', { userId: a });
      await social.run(viewer, 'likePost', { postId });
    }
    await social.sql('update graph_counts set followers = 7 where user_id = $1', [a]);
    await social.sql('delete from graph_counts where user_id = $1', [b]);
    await social.sql('update posts set like_count = 9 where id = $1', [postId]);
    expect(await sampleGraphDrift(social.database, 1_000)).toMatchObject({ drifting: 1 });
    expect(await sampleLikeDrift(social.database, 1_000)).toMatchObject({ drifting: 1 });
    expect(await repairGraphCounts(social.database, never)).toMatchObject({ repaired: 2 });
    expect(await repairLikeCounts(social.database, never)).toMatchObject({ repaired: 1 });
    expect(await driftOfAll()).toEqual({ counts: [], likes: [], separated: [] });
    expect(await repairGraphCounts(social.database, never)).toMatchObject({ repaired: 0 });
    expect(await repairLikeCounts(social.database, never)).toMatchObject({ repaired: 0 });
  });

  it('of hashtags count what no event has told yet, once', async () => {
    const [author] = (await social.addUsers(1)) as [string];
    const post = (body: string, visibility = 'public') =>
      social.run<{ id: string }>(author, 'createPost', { body, visibility });
    const kept = await post('#mended #only');
    const removed = await post('#mended');
    await post('#mended', 'private');
    await social.run(author, 'deletePost', { postId: removed.id });
    await social.sql(`insert into hashtag_usage values ($1, 'stale', 4)`, [social.tenantId]);
    expect((await repairHashtagUsage(social.database, never)).repaired).toBe(3);
    const usage = () => social.sql('select hashtag, posts::int from hashtag_usage order by hashtag');
    const expected = [
      { hashtag: 'mended', posts: 1 },
      { hashtag: 'only', posts: 1 },
      { hashtag: 'stale', posts: 0 },
    ];
    expect(await usage()).toEqual(expected);
    for (const consumer of contentConsumers) {
      for (const { id: postId } of [kept, removed]) {
        for (const type of ['post.created', ...(postId === removed.id ? ['post.deleted'] : [])]) {
          const event = { type, key: postId, payload: { postId }, id: 1, tenantId: social.tenantId };
          await social.database.transaction(social.tenantId, (tx) =>
            consumer.handle(tx, { ...event, correlationId: null, createdAt: '' }),
          );
        }
      }
    }
    expect(await usage()).toEqual(expected);
    expect((await repairHashtagUsage(social.database, never)).repaired).toBe(0);
  });

  it('purge what was deleted long ago, once its hashtags are uncounted', async () => {
    const { purgeDeletedPosts } = await import('./index.js');
    const [author] = (await social.addUsers(1)) as [string];
    const ids: string[] = [];
    for (const body of ['old #purged', 'counted #purged', 'recent']) {
      ids.push((await social.run<{ id: string }>(author, 'createPost', { body })).id);
    }
    const [old, counted, recent] = ids as [string, string, string];
    await social.run(author, 'likePost', { postId: old });
    await social.sql(`update posts set deleted_at = now() - interval '31 days' where id = any($1)`, [[old, counted]]);
    await social.sql(`update posts set deleted_at = now() - interval '29 days' where id = $1`, [recent]);
    await social.sql('update post_hashtags set counted = true where post_id = $1', [counted]);
    expect(await social.database.system.run(purgeDeletedPosts, { limit: 100 })).toBe(1);
    const left = await social.sql<{ id: string }>('select id from posts where author_id = $1', [author]);
    expect(left.map((row) => row.id).sort()).toEqual([counted, recent].sort());
    expect(await social.sql('select 1 from post_likes where post_id = $1', [old])).toEqual([]);
  });
});
