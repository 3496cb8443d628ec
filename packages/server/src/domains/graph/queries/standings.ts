import { nullable, pg, readQuery } from '../../../platform/db/index.js';
import { closeFriendOf } from './separation.js';

/*
 * Scalar sub-selects stay index probes: SQL's `exists` may be hashed, which reads every follower of the viewer. So does
 * a lateral sub-select with a limit.
 */

/**
 * How a viewer stands to many users; one row each. `isPrivate` is null for unknown and deleted users; a viewer of null
 * stands in no relation.
 */
export const standings = readQuery({
  name: 'graph.standings',
  params: { viewerId: nullable(pg.uuid), userIds: pg.uuidArray },
  row: {
    userId: pg.uuid,
    isPrivate: nullable(pg.bool),
    following: pg.bool,
    followedBy: pg.bool,
    requested: pg.bool,
    requestedBy: pg.bool,
    closeFriend: pg.bool,
    blocking: pg.bool,
    blockedBy: pg.bool,
    muting: pg.bool,
    mutedUntil: nullable(pg.timestamptz),
  },
  sql: `
    select u.id as "userId",
      (
        select known.is_private from users known
        where known.tenant_id = :tenant and known.id = u.id and known.deleted_at is null
      ) as "isPrivate",
      (
        select true from follows f
        where f.tenant_id = :tenant and f.follower_id = :viewerId::uuid and f.followee_id = u.id
      ) is not null as "following",
      (
        select true from follows f
        where f.tenant_id = :tenant and f.follower_id = u.id and f.followee_id = :viewerId::uuid
      ) is not null as "followedBy",
      (
        select true from follow_requests r
        where r.tenant_id = :tenant and r.follower_id = :viewerId::uuid and r.followee_id = u.id
      ) is not null as "requested",
      (
        select true from follow_requests r
        where r.tenant_id = :tenant and r.follower_id = u.id and r.followee_id = :viewerId::uuid
      ) is not null as "requestedBy",
      ${closeFriendOf('u.id')} as "closeFriend",
      (
        select true from blocks b
        where b.tenant_id = :tenant and b.blocker_id = :viewerId::uuid and b.blocked_id = u.id
      ) is not null as "blocking",
      (
        select true from blocks b
        where b.tenant_id = :tenant and b.blocker_id = u.id and b.blocked_id = :viewerId::uuid
      ) is not null as "blockedBy",
      mute.found is not null as "muting",
      mute.expires_at as "mutedUntil"
    from unnest(:userIds::uuid[]) as u (id)
    left join lateral (
      select true as found, m.expires_at from mutes m
      where m.tenant_id = :tenant and m.muter_id = :viewerId::uuid and m.muted_id = u.id
        and (m.expires_at is null or m.expires_at > now())
      limit 1
    ) mute on true`,
});

/** Which of many users a block separates from the viewer, in either direction. */
export const hidden = readQuery({
  name: 'graph.hidden',
  params: { viewerId: pg.uuid, userIds: pg.uuidArray },
  row: { userId: pg.uuid },
  sql: `
    select u.id as "userId"
    from unnest(:userIds::uuid[]) as u (id)
    where (
        select true from blocks b where b.tenant_id = :tenant and b.blocker_id = :viewerId and b.blocked_id = u.id
      ) is not null or (
        select true from blocks b where b.tenant_id = :tenant and b.blocker_id = u.id and b.blocked_id = :viewerId
      ) is not null`,
});

/** Which of many users the viewer mutes now. */
export const muted = readQuery({
  name: 'graph.muted',
  params: { viewerId: pg.uuid, userIds: pg.uuidArray },
  row: { userId: pg.uuid },
  sql: `
    select u.id as "userId"
    from unnest(:userIds::uuid[]) as u (id)
    where (
        select true from mutes m
        where m.tenant_id = :tenant and m.muter_id = :viewerId and m.muted_id = u.id
          and (m.expires_at is null or m.expires_at > now())
      ) is not null`,
});

/** No row stands for zero of all. */
export const counts = readQuery({
  name: 'graph.counts',
  params: { userIds: pg.uuidArray },
  row: { userId: pg.uuid, followers: pg.int8, following: pg.int8 },
  sql: `
    select c.user_id as "userId", c.followers, c.following
    from graph_counts c
    where c.tenant_id = :tenant and c.user_id = any(:userIds::uuid[])`,
});
