import { pg, readQuery, writeQuery } from '../../../platform/db/index.js';

/*
 * What the graph holds of one user, for handing it out and for taking it away. Nothing is left out for others' sake:
 * it is the user's own, but for who blocks them.
 */

const entry = { userId: pg.uuid, at: pg.timestamptz };
const position = { ownerId: pg.uuid, beforeAt: pg.timestamptz, beforeId: pg.uuid, limit: pg.int4 };

export const exportFollowing = readQuery({
  name: 'graph.exportFollowing',
  params: position,
  row: entry,
  sql: `
    select followee_id as "userId", created_at as at
    from follows
    where tenant_id = :tenant and follower_id = :ownerId and (created_at, followee_id) < (:beforeAt, :beforeId)
    order by created_at desc, followee_id desc
    limit :limit::int`,
});

export const exportFollowers = readQuery({
  name: 'graph.exportFollowers',
  params: position,
  row: entry,
  sql: `
    select follower_id as "userId", created_at as at
    from follows
    where tenant_id = :tenant and followee_id = :ownerId and (created_at, follower_id) < (:beforeAt, :beforeId)
    order by created_at desc, follower_id desc
    limit :limit::int`,
});

export const exportBlocks = readQuery({
  name: 'graph.exportBlocks',
  params: position,
  row: entry,
  sql: `
    select blocked_id as "userId", created_at as at
    from blocks
    where tenant_id = :tenant and blocker_id = :ownerId and (created_at, blocked_id) < (:beforeAt, :beforeId)
    order by created_at desc, blocked_id desc
    limit :limit::int`,
});

/** Some of the follows of a user, of both directions. */
export const followsToErase = readQuery({
  name: 'graph.followsToErase',
  params: { userId: pg.uuid, limit: pg.int4 },
  row: { followerId: pg.uuid, followeeId: pg.uuid },
  sql: `
    (select follower_id as "followerId", followee_id as "followeeId"
     from follows where tenant_id = :tenant and follower_id = :userId limit :limit::int)
    union all
    (select follower_id as "followerId", followee_id as "followeeId"
     from follows where tenant_id = :tenant and followee_id = :userId limit :limit::int)
    limit :limit::int`,
});

/**
 * As `lockPair`, for one user and many others: whoever has looked at a follow of theirs under that lock counts on it.
 * Before every row lock, and in the order of the others.
 */
export const lockPairsToErase = writeQuery({
  name: 'graph.lockPairsToErase',
  params: { userId: pg.uuid, otherIds: pg.uuidArray },
  row: { locked: pg.int8 },
  sql: `
    select count(lock) as locked
    from (
      select pg_advisory_xact_lock(hashtextextended(
        'graph.pair/' || :tenant::uuid || '/' || least(:userId::uuid, o.id) || '/' || greatest(:userId::uuid, o.id), 0)) as lock
      from (select distinct id from unnest(:otherIds::uuid[]) as given (id) order by id) o
    ) locks`,
});

/** Only after `lockPairsToErase`, in a statement of its own; those that were still there. */
export const eraseFollows = writeQuery({
  name: 'graph.eraseFollows',
  params: { followerIds: pg.uuidArray, followeeIds: pg.uuidArray },
  row: { followerId: pg.uuid, followeeId: pg.uuid },
  sql: `
    delete from follows f
    using unnest(:followerIds::uuid[], :followeeIds::uuid[]) as g (follower_id, followee_id)
    where f.tenant_id = :tenant and f.follower_id = g.follower_id and f.followee_id = g.followee_id
    returning f.follower_id as "followerId", f.followee_id as "followeeId"`,
});

export const eraseBlocks = writeQuery({
  name: 'graph.eraseBlocks',
  params: { userId: pg.uuid, limit: pg.int4 },
  row: { blockerId: pg.uuid, blockedId: pg.uuid },
  sql: `
    with gone as (
      (select blocker_id, blocked_id from blocks where tenant_id = :tenant and blocker_id = :userId limit :limit::int)
      union all
      (select blocker_id, blocked_id from blocks where tenant_id = :tenant and blocked_id = :userId limit :limit::int)
      limit :limit::int
    )
    delete from blocks b
    using gone
    where b.tenant_id = :tenant and b.blocker_id = gone.blocker_id and b.blocked_id = gone.blocked_id
    returning b.blocker_id as "blockerId", b.blocked_id as "blockedId"`,
});

/** Once there is nothing to count any more. */
export const eraseCounts = writeQuery({
  name: 'graph.eraseCounts',
  params: { userId: pg.uuid },
  row: {},
  sql: `
    delete from graph_counts
    where tenant_id = :tenant and user_id = :userId and followers = 0 and following = 0`,
});
