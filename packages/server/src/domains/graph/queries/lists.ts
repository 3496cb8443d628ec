import { nullable, pg, readQuery } from '../../../platform/db/index.js';
import { notSeparatedFrom } from './separation.js';

/*
 * Every list below leaves out deleted users and those whom a block separates from the viewer in the
 * statement itself, so that no page is short; a viewer of null is separated from nobody.
 */

export const followers = readQuery({
  name: 'graph.followers',
  params: {
    userId: pg.uuid,
    viewerId: nullable(pg.uuid),
    beforeAt: pg.timestamptz,
    beforeId: pg.uuid,
    limit: pg.int4,
  },
  row: { userId: pg.uuid, at: pg.timestamptz },
  sql: `
    select f.follower_id as "userId", f.created_at as at
    from follows f
    join users u on u.tenant_id = :tenant and u.id = f.follower_id and u.deleted_at is null
    where f.tenant_id = :tenant and f.followee_id = :userId
      and (f.created_at, f.follower_id) < (:beforeAt::timestamptz, :beforeId::uuid)
      and ${notSeparatedFrom('f.follower_id')}
    order by f.created_at desc, f.follower_id desc
    limit :limit::int`,
});

export const following = readQuery({
  name: 'graph.following',
  params: {
    userId: pg.uuid,
    viewerId: nullable(pg.uuid),
    beforeAt: pg.timestamptz,
    beforeId: pg.uuid,
    limit: pg.int4,
  },
  row: { userId: pg.uuid, at: pg.timestamptz },
  sql: `
    select f.followee_id as "userId", f.created_at as at
    from follows f
    join users u on u.tenant_id = :tenant and u.id = f.followee_id and u.deleted_at is null
    where f.tenant_id = :tenant and f.follower_id = :userId
      and (f.created_at, f.followee_id) < (:beforeAt::timestamptz, :beforeId::uuid)
      and ${notSeparatedFrom('f.followee_id')}
    order by f.created_at desc, f.followee_id desc
    limit :limit::int`,
});

export const blocked = readQuery({
  name: 'graph.blocked',
  params: { viewerId: pg.uuid, beforeAt: pg.timestamptz, beforeId: pg.uuid, limit: pg.int4 },
  row: { userId: pg.uuid, at: pg.timestamptz },
  sql: `
    select b.blocked_id as "userId", b.created_at as at
    from blocks b
    join users u on u.tenant_id = :tenant and u.id = b.blocked_id and u.deleted_at is null
    where b.tenant_id = :tenant and b.blocker_id = :viewerId
      and (b.created_at, b.blocked_id) < (:beforeAt::timestamptz, :beforeId::uuid)
    order by b.created_at desc, b.blocked_id desc
    limit :limit::int`,
});

/** First `limit` followers of each of many users (B1). */
export const followersOfMany = readQuery({
  name: 'graph.followersOfMany',
  params: { userIds: pg.uuidArray, viewerId: nullable(pg.uuid), limit: pg.int4 },
  row: { ownerId: pg.uuid, userId: pg.uuid, at: pg.timestamptz },
  sql: `
    select owner.id as "ownerId", page.user_id as "userId", page.created_at as at
    from unnest(:userIds::uuid[]) as owner (id)
    cross join lateral (
      select f.follower_id as user_id, f.created_at
      from follows f
      join users u on u.tenant_id = :tenant and u.id = f.follower_id and u.deleted_at is null
      where f.tenant_id = :tenant and f.followee_id = owner.id
        and ${notSeparatedFrom('f.follower_id')}
      order by f.created_at desc, f.follower_id desc
      limit :limit::int
    ) page
    order by owner.id, page.created_at desc, page.user_id desc`,
});

/** First `limit` followees of each of many users (B1). */
export const followingOfMany = readQuery({
  name: 'graph.followingOfMany',
  params: { userIds: pg.uuidArray, viewerId: nullable(pg.uuid), limit: pg.int4 },
  row: { ownerId: pg.uuid, userId: pg.uuid, at: pg.timestamptz },
  sql: `
    select owner.id as "ownerId", page.user_id as "userId", page.created_at as at
    from unnest(:userIds::uuid[]) as owner (id)
    cross join lateral (
      select f.followee_id as user_id, f.created_at
      from follows f
      join users u on u.tenant_id = :tenant and u.id = f.followee_id and u.deleted_at is null
      where f.tenant_id = :tenant and f.follower_id = owner.id
        and ${notSeparatedFrom('f.followee_id')}
      order by f.created_at desc, f.followee_id desc
      limit :limit::int
    ) page
    order by owner.id, page.created_at desc, page.user_id desc`,
});

/** Reads the counts of all users of the tenant: for demonstrations, not for requests. */
export const usersByFollowers = readQuery({
  name: 'graph.usersByFollowers',
  params: { limit: pg.int4 },
  row: { userId: pg.uuid },
  sql: `
    select user_id as "userId"
    from graph_counts
    where tenant_id = :tenant
    order by followers desc, user_id
    limit :limit::int`,
});
