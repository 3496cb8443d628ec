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

/** Requests of the user that wait for an answer. */
export const exportRequests = readQuery({
  name: 'graph.exportRequests',
  params: position,
  row: entry,
  sql: `
    select followee_id as "userId", created_at as at
    from follow_requests
    where tenant_id = :tenant and follower_id = :ownerId and (created_at, followee_id) < (:beforeAt, :beforeId)
    order by created_at desc, followee_id desc
    limit :limit::int`,
});

export const exportMutes = readQuery({
  name: 'graph.exportMutes',
  params: position,
  row: entry,
  sql: `
    select muted_id as "userId", created_at as at
    from mutes
    where tenant_id = :tenant and muter_id = :ownerId and (created_at, muted_id) < (:beforeAt, :beforeId)
    order by created_at desc, muted_id desc
    limit :limit::int`,
});

export const exportLists = readQuery({
  name: 'graph.exportLists',
  params: position,
  row: {
    id: pg.uuid,
    name: pg.text,
    kind: pg.text,
    isPrivate: pg.bool,
    memberCount: pg.int8,
    createdAt: pg.timestamptz,
    updatedAt: pg.timestamptz,
  },
  sql: `
    select id, name, kind, is_private as "isPrivate", member_count as "memberCount", created_at as "createdAt",
      updated_at as "updatedAt"
    from user_lists
    where tenant_id = :tenant and owner_id = :ownerId and (created_at, id) < (:beforeAt, :beforeId)
    order by created_at desc, id desc
    limit :limit::int`,
});

/** Who is on the lists of a user; `place` is one row's alone, made of the list and the member. */
export const exportListMembers = readQuery({
  name: 'graph.exportListMembers',
  params: position,
  row: { place: pg.uuid, listId: pg.uuid, userId: pg.uuid, createdAt: pg.timestamptz },
  sql: `
    select found.place, found.list_id as "listId", found.member_id as "userId", found.created_at as "createdAt"
    from (
      select md5(m.list_id::text || m.member_id::text)::uuid as place, m.list_id, m.member_id, m.created_at
      from user_lists l
      join user_list_members m on m.tenant_id = :tenant and m.list_id = l.id
      where l.tenant_id = :tenant and l.owner_id = :ownerId and m.created_at <= :beforeAt::timestamptz
    ) found
    where (found.created_at, found.place) < (:beforeAt::timestamptz, :beforeId::uuid)
    order by found.created_at desc, found.place desc
    limit :limit::int`,
});

/** Some of the requests of a user, of both directions. */
export const requestsToErase = readQuery({
  name: 'graph.requestsToErase',
  params: { userId: pg.uuid, limit: pg.int4 },
  row: { followerId: pg.uuid, followeeId: pg.uuid },
  sql: `
    (select follower_id as "followerId", followee_id as "followeeId"
     from follow_requests where tenant_id = :tenant and follower_id = :userId limit :limit::int)
    union all
    (select follower_id as "followerId", followee_id as "followeeId"
     from follow_requests where tenant_id = :tenant and followee_id = :userId limit :limit::int)
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

export const eraseRequests = writeQuery({
  name: 'graph.eraseRequests',
  params: { followerIds: pg.uuidArray, followeeIds: pg.uuidArray },
  row: { followerId: pg.uuid, followeeId: pg.uuid },
  sql: `
    delete from follow_requests f
    using unnest(:followerIds::uuid[], :followeeIds::uuid[]) as g (follower_id, followee_id)
    where f.tenant_id = :tenant and f.follower_id = g.follower_id and f.followee_id = g.followee_id
    returning f.follower_id as "followerId", f.followee_id as "followeeId"`,
});

/** Mutes of both directions. */
export const eraseMutes = writeQuery({
  name: 'graph.eraseMutes',
  params: { userId: pg.uuid, limit: pg.int4 },
  row: { erased: pg.int8 },
  sql: `
    with given as (
      (select ctid from mutes where tenant_id = :tenant and muter_id = :userId limit :limit::int)
      union all
      (select ctid from mutes where tenant_id = :tenant and muted_id = :userId limit :limit::int)
      limit :limit::int
    ),
    gone as (
      delete from mutes m where m.tenant_id = :tenant and m.ctid = any (array(select given.ctid from given))
      returning 1
    )
    select count(*) as erased from gone`,
});

/** Takes a user from the lists of others, which are locked in the order of their ids, and counts. */
export const eraseListMembers = writeQuery({
  name: 'graph.eraseListMembers',
  params: { userId: pg.uuid, limit: pg.int4 },
  row: { erased: pg.int8 },
  sql: `
    with given as (
      select m.ctid, m.list_id from user_list_members m
      where m.tenant_id = :tenant and m.member_id = :userId
      order by m.owner_id, m.list_id
      limit :limit::int
    ),
    locked as (
      select l.id from user_lists l
      where l.tenant_id = :tenant and l.id = any (array(select given.list_id from given))
      order by l.id
      for update
    ),
    gone as (
      delete from user_list_members m
      where m.tenant_id = :tenant and m.ctid = any (array(
        select given.ctid from given where given.list_id = any (array(select locked.id from locked))
      ))
      returning m.list_id
    ),
    counted as (
      update user_lists l set member_count = l.member_count - 1
      from gone
      where l.tenant_id = :tenant and l.id = gone.list_id
    )
    select count(*) as erased from gone`,
});

/** The lists of a user, each with its members: a thousand at the most. */
export const eraseLists = writeQuery({
  name: 'graph.eraseLists',
  params: { userId: pg.uuid, limit: pg.int4 },
  row: { erased: pg.int8 },
  sql: `
    with gone as (
      delete from user_lists l
      where l.tenant_id = :tenant and l.id = any (array(
        select o.id from user_lists o
        where o.tenant_id = :tenant and o.owner_id = :userId
        order by o.created_at desc, o.id desc
        limit :limit::int
      ))
      returning 1
    )
    select count(*) as erased from gone`,
});

/** Notes for the memories of processes, which have long read them. */
export const eraseRelationChanges = writeQuery({
  name: 'graph.eraseRelationChanges',
  params: { userId: pg.uuid, limit: pg.int4 },
  row: { erased: pg.int8 },
  sql: `
    with given as (
      (select ctid from relation_changes where tenant_id = :tenant and user_id = :userId limit :limit::int)
      union all
      (select ctid from relation_changes where tenant_id = :tenant and changed_by = :userId limit :limit::int)
      limit :limit::int
    ),
    gone as (
      delete from relation_changes c
      where c.tenant_id = :tenant and c.ctid = any (array(select given.ctid from given))
      returning 1
    )
    select count(*) as erased from gone`,
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
    where tenant_id = :tenant and user_id = :userId and followers = 0 and following = 0
      and requests_received = 0 and requests_sent = 0`,
});
