import { pg, writeQuery } from '../../../platform/db/index.js';

/**
 * Makes the changes between two users wait for one another until the transaction ends. A follow that has
 * looked for blocks before a concurrent block was committed would survive it otherwise.
 * Taken before every row lock and once per transaction, so it adds no deadlock.
 */
export const lockPair = writeQuery({
  name: 'graph.lockPair',
  params: { userA: pg.uuid, userB: pg.uuid },
  row: { locked: pg.bool },
  sql: `
    select true as locked
    from pg_advisory_xact_lock(hashtextextended(
      'graph.pair/' || :tenant::uuid || '/' || least(:userA::uuid, :userB::uuid) || '/' || greatest(:userA::uuid, :userB::uuid),
      0))`,
});

/** Blocks hold it shared and imports of follows alone: an import sees every block, and none is set meanwhile. */
export const lockImportsOut = writeQuery({
  name: 'graph.lockImportsOut',
  params: {},
  row: { locked: pg.bool },
  sql: `
    select true as locked
    from pg_advisory_xact_lock_shared(hashtextextended('graph.import/' || :tenant::uuid, 0))`,
});

export const lockBlocksOut = writeQuery({
  name: 'graph.lockBlocksOut',
  params: {},
  row: { locked: pg.bool },
  sql: `
    select true as locked
    from pg_advisory_xact_lock(hashtextextended('graph.import/' || :tenant::uuid, 0))`,
});

/**
 * Whether an account is private, until the transaction ends: who has made theirs private gains no follower without
 * consent, whatever was under way.
 */
export const lockPrivacy = writeQuery({
  name: 'graph.lockPrivacy',
  params: { userId: pg.uuid },
  row: { isPrivate: pg.bool },
  sql: `
    select u.is_private as "isPrivate" from users u
    where u.tenant_id = :tenant and u.id = :userId and u.deleted_at is null
    for share`,
});

/**
 * Follows and counts in one statement. A row with how many the follower now follows or asks when the follow is new,
 * none when it was there. The upsert locks in the order of its source, by user id, as every change of counts does.
 */
export const insertFollow = writeQuery({
  name: 'graph.insertFollow',
  params: { followerId: pg.uuid, followeeId: pg.uuid },
  row: { followingOrAsking: pg.int8 },
  sql: `
    with inserted as (
      insert into follows (tenant_id, follower_id, followee_id)
      values (:tenant::uuid, :followerId::uuid, :followeeId::uuid)
      on conflict do nothing
      returning follower_id, followee_id
    ),
    counted as (
      insert into graph_counts as c (tenant_id, user_id, followers, following)
      select :tenant::uuid, side.user_id, side.followers, side.following
      from inserted
      cross join lateral (values (follower_id, 0, 1), (followee_id, 1, 0)) as side (user_id, followers, following)
      order by side.user_id
      on conflict (tenant_id, user_id) do update
        set followers = c.followers + excluded.followers, following = c.following + excluded.following
      returning c.user_id, c.following + c.requests_sent as total
    )
    select counted.total as "followingOrAsking" from counted where counted.user_id = :followerId::uuid`,
});

export const deleteFollow = writeQuery({
  name: 'graph.deleteFollow',
  params: { followerId: pg.uuid, followeeId: pg.uuid },
  row: {},
  sql: `
    delete from follows
    where tenant_id = :tenant and follower_id = :followerId and followee_id = :followeeId`,
});

/** Follows of one user by many; the ids of those that were new. */
export const insertFollowers = writeQuery({
  name: 'graph.insertFollowers',
  params: { followerIds: pg.uuidArray, followeeId: pg.uuid },
  row: { followerId: pg.uuid },
  sql: `
    insert into follows (tenant_id, follower_id, followee_id)
    select :tenant::uuid, f.id, :followeeId::uuid from unnest(:followerIds::uuid[]) as f (id)
    order by f.id
    on conflict do nothing
    returning follower_id as "followerId"`,
});

export const insertBlock = writeQuery({
  name: 'graph.insertBlock',
  params: { blockerId: pg.uuid, blockedId: pg.uuid },
  row: {},
  sql: `
    insert into blocks (tenant_id, blocker_id, blocked_id)
    values (:tenant, :blockerId, :blockedId)
    on conflict do nothing`,
});

export const deleteBlock = writeQuery({
  name: 'graph.deleteBlock',
  params: { blockerId: pg.uuid, blockedId: pg.uuid },
  row: {},
  sql: `
    delete from blocks
    where tenant_id = :tenant and blocker_id = :blockerId and blocked_id = :blockedId`,
});

/** Adds to counts, or takes from them. Their rows exist, for what changes was counted; locked by user id first. */
export const addToCounts = writeQuery({
  name: 'graph.addToCounts',
  params: {
    userIds: pg.uuidArray,
    followers: pg.int8Array,
    following: pg.int8Array,
    received: pg.int8Array,
    sent: pg.int8Array,
  },
  row: {},
  sql: `
    with locked as (
      select l.user_id from graph_counts l
      where l.tenant_id = :tenant and l.user_id = any(:userIds::uuid[])
      order by l.user_id
      for no key update
    )
    update graph_counts c
    set followers = c.followers + d.followers, following = c.following + d.following,
      requests_received = c.requests_received + d.received, requests_sent = c.requests_sent + d.sent
    from locked
    join unnest(:userIds::uuid[], :followers::bigint[], :following::bigint[], :received::bigint[], :sent::bigint[])
      as d (user_id, followers, following, received, sent) on d.user_id = locked.user_id
    where c.tenant_id = :tenant and c.user_id = locked.user_id`,
});

/**
 * Inserts many follows and counts them, in one statement; a row for each that was left out, and why. Both inserts go
 * by id, so two imports cannot lock one another out. Users and blocks are probed by scalar sub-selects: joins would
 * read all users of the tenant for each batch.
 */
export const insertManyFollows = writeQuery({
  name: 'graph.insertManyFollows',
  params: { followerIds: pg.uuidArray, followeeIds: pg.uuidArray, createdAts: pg.timestamptzArray },
  row: { index: pg.int8, reason: pg.text },
  sql: `
    with given as (
      select r.place, r.follower_id, r.followee_id, r.created_at,
        case
          when r.follower_id = r.followee_id then 'self'
          when (select true from users u where u.tenant_id = :tenant and u.id = r.follower_id) is null
            or (select true from users u where u.tenant_id = :tenant and u.id = r.followee_id) is null
            then 'no_such_user'
          when coalesce(
            (select true from blocks b
              where b.tenant_id = :tenant and b.blocker_id = r.follower_id and b.blocked_id = r.followee_id),
            (select true from blocks b
              where b.tenant_id = :tenant and b.blocker_id = r.followee_id and b.blocked_id = r.follower_id))
            then 'blocked'
          when row_number() over (partition by r.follower_id, r.followee_id order by r.place) > 1 then 'known'
        end as reason
      from unnest(:followerIds::uuid[], :followeeIds::uuid[], :createdAts::timestamptz[]) with ordinality
        as r (follower_id, followee_id, created_at, place)
    ),
    inserted as (
      insert into follows (tenant_id, follower_id, followee_id, created_at)
      select :tenant::uuid, g.follower_id, g.followee_id, g.created_at
      from given g
      where g.reason is null
      order by g.follower_id, g.followee_id
      on conflict do nothing
      returning follower_id, followee_id
    ),
    delta as (
      select side.user_id, sum(side.followers)::bigint as followers, sum(side.following)::bigint as following
      from inserted
      cross join lateral (values (follower_id, 0, 1), (followee_id, 1, 0)) as side (user_id, followers, following)
      group by side.user_id
    ),
    counted as (
      insert into graph_counts as c (tenant_id, user_id, followers, following)
      select :tenant::uuid, delta.user_id, delta.followers, delta.following
      from delta
      order by delta.user_id
      on conflict (tenant_id, user_id) do update
        set followers = c.followers + excluded.followers, following = c.following + excluded.following
    )
    select g.place - 1 as index, coalesce(g.reason, 'known') as reason
    from given g
    left join inserted i on i.follower_id = g.follower_id and i.followee_id = g.followee_id
    where g.reason is not null or i.follower_id is null
    order by g.place`,
});
