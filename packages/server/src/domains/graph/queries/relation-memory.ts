import { nullable, pg, readQuery, systemQuery } from '../../../platform/db/index.js';
import { closeFriendOf } from './separation.js';

/**
 * Everybody whom a block separates from the viewer, and whom the viewer mutes, `limit` of each at most: more says that
 * it is too much to be kept.
 */
export const relationSet = readQuery({
  name: 'graph.relationSet',
  params: { viewerId: pg.uuid, limit: pg.int4 },
  row: {
    blocking: pg.uuidArray,
    blockedBy: pg.uuidArray,
    muting: pg.uuidArray,
    mutingForATime: pg.uuidArray,
    mutedUntil: pg.timestamptzArray,
  },
  sql: `
    select
      array(
        select b.blocked_id from blocks b where b.tenant_id = :tenant and b.blocker_id = :viewerId limit :limit::int
      ) as blocking,
      array(
        select b.blocker_id from blocks b where b.tenant_id = :tenant and b.blocked_id = :viewerId limit :limit::int
      ) as "blockedBy",
      array(
        select m.muted_id from mutes m
        where m.tenant_id = :tenant and m.muter_id = :viewerId and m.expires_at is null
        limit :limit::int
      ) as muting,
      timed.ids as "mutingForATime", timed.ends as "mutedUntil"
    from (
      select coalesce(array_agg(m.muted_id), '{}') as ids, coalesce(array_agg(m.expires_at), '{}') as ends
      from (
        select x.muted_id, x.expires_at from mutes x
        where x.tenant_id = :tenant and x.muter_id = :viewerId and x.expires_at > now()
        limit :limit::int
      ) m
    ) timed`,
});

/** What of a standing is not kept in memory; as `standings`. */
export const followStandings = readQuery({
  name: 'graph.followStandings',
  params: { viewerId: pg.uuid, userIds: pg.uuidArray },
  row: {
    userId: pg.uuid,
    isPrivate: nullable(pg.bool),
    following: pg.bool,
    followedBy: pg.bool,
    requested: pg.bool,
    requestedBy: pg.bool,
    closeFriend: pg.bool,
  },
  sql: `
    select u.id as "userId",
      (
        select known.is_private from users known
        where known.tenant_id = :tenant and known.id = u.id and known.deleted_at is null
      ) as "isPrivate",
      (
        select true from follows f where f.tenant_id = :tenant and f.follower_id = :viewerId and f.followee_id = u.id
      ) is not null as "following",
      (
        select true from follows f where f.tenant_id = :tenant and f.follower_id = u.id and f.followee_id = :viewerId
      ) is not null as "followedBy",
      (
        select true from follow_requests r
        where r.tenant_id = :tenant and r.follower_id = :viewerId and r.followee_id = u.id
      ) is not null as "requested",
      (
        select true from follow_requests r
        where r.tenant_id = :tenant and r.follower_id = u.id and r.followee_id = :viewerId
      ) is not null as "requestedBy",
      ${closeFriendOf('u.id')} as "closeFriend"
    from unnest(:userIds::uuid[]) as u (id)`,
});

/** Differs after each change of blocks and mutes that the viewer has made (I4). No row: none for some hours. */
export const ownRelationVersion = readQuery({
  name: 'graph.ownRelationVersion',
  params: { viewerId: pg.uuid },
  row: { version: pg.text },
  sql: `
    select c.xid::text as version from relation_changes c
    where c.tenant_id = :tenant and c.user_id = :viewerId and c.changed_by = :viewerId`,
});

/** As `identity.revocationsSince`: exact whatever the order of commits. The first read (null) only takes the snapshot. */
export const relationChangesSince = systemQuery({
  name: 'graph.relationChangesSince',
  kind: 'read',
  params: { since: nullable(pg.text) },
  row: { snapshot: pg.text, readAt: pg.timestamptz, tenantIds: pg.uuidArray, userIds: pg.uuidArray },
  sql: `
    select pg_current_snapshot()::text as snapshot, now() as "readAt", changed."tenantIds", changed."userIds"
    from (
      select coalesce(array_agg(c.tenant_id), '{}') as "tenantIds", coalesce(array_agg(c.user_id), '{}') as "userIds"
      from relation_changes c
      where c.xid >= pg_snapshot_xmin((:since::text)::pg_snapshot)
        and not pg_visible_in_snapshot(c.xid, (:since::text)::pg_snapshot)
    ) changed`,
});

/** Notes that every living process has read long ago. */
export const purgeRelationChanges = systemQuery({
  name: 'graph.purgeRelationChanges',
  kind: 'write',
  params: { limit: pg.int4 },
  row: {},
  sql: `
    delete from relation_changes
    where ctid = any (array(
      select ctid from relation_changes where changed_at < now() - interval '2 hours' limit :limit::int
    ))`,
});
