import { pg, readQuery } from '../../../platform/db/index.js';

/**
 * Of each of many users: those of their followers whom the viewer follows, how many, and the first ones before a
 * position, newest follow first. Whichever is shorter is gone through, the followers or whom the viewer follows, with
 * an index probe each: 5,000 at the most, as many as anybody may follow.
 */
export const mutuals = readQuery({
  name: 'graph.mutuals',
  params: {
    viewerId: pg.uuid,
    userIds: pg.uuidArray,
    beforeAt: pg.timestamptz,
    beforeId: pg.uuid,
    limit: pg.int4,
  },
  row: { ownerId: pg.uuid, count: pg.int8, userIds: pg.uuidArray, ats: pg.timestamptzArray },
  sql: `
    select owner.id as "ownerId", found.count, found."userIds", found.ats
    from unnest(:userIds::uuid[]) as owner (id)
    cross join lateral (
      select coalesce((select c.followers from graph_counts c where c.tenant_id = :tenant and c.user_id = owner.id), 0)
        <= coalesce((select c.following from graph_counts c where c.tenant_id = :tenant and c.user_id = :viewerId), 0)
        as few
    ) followers
    cross join lateral (
      select count(*) as count,
        coalesce((array_agg(m.user_id order by m.at desc, m.user_id desc)
          filter (where (m.at, m.user_id) < (:beforeAt::timestamptz, :beforeId::uuid)))[1:(:limit::int)], '{}') as "userIds",
        coalesce((array_agg(m.at order by m.at desc, m.user_id desc)
          filter (where (m.at, m.user_id) < (:beforeAt::timestamptz, :beforeId::uuid)))[1:(:limit::int)], '{}') as ats
      from (
        select f.follower_id as user_id, f.created_at as at
        from follows f
        where followers.few and f.tenant_id = :tenant and f.followee_id = owner.id
          and (
            select true from follows mine
            where mine.tenant_id = :tenant and mine.follower_id = :viewerId and mine.followee_id = f.follower_id
          ) is not null
        union all
        select mine.followee_id, theirs.created_at
        from follows mine
        cross join lateral (
          select f.created_at from follows f
          where f.tenant_id = :tenant and f.follower_id = mine.followee_id and f.followee_id = owner.id
          limit 1
        ) theirs
        where not followers.few and mine.tenant_id = :tenant and mine.follower_id = :viewerId
      ) m
      where (
          select true from users u where u.tenant_id = :tenant and u.id = m.user_id and u.deleted_at is null
        ) is not null
    ) found`,
});
