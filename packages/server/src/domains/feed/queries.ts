import { pg, readQuery } from '../../platform/db/index.js';

/**
 * Condition: a post `p` of somebody whom the viewer follows, or of the viewer, is for the viewer. Close friends are
 * probed for posts to them only.
 * @param author the column of the author's id
 */
const isFor = (author: string): string => `(p.visibility in ('public', 'followers') or ${author} = :viewerId
            or (p.visibility = 'close_friends' and (
              select true from user_list_members m
              where m.tenant_id = :tenant and m.member_id = :viewerId and m.list_id = (
                select l.id from user_lists l
                where l.tenant_id = :tenant and l.owner_id = ${author} and l.kind = 'close_friends')) is not null))`;

/**
 * Ids of a viewer's home feed, newest first, strictly before a position (D3).
 *
 * Two steps bound the work whatever the followees have written: `newest` probes the index once per followee
 * (5,000 at most) for its newest post before the position and keeps the `limit` authors with the newest
 * ones, for the first `limit` posts of the feed can come from no other author; only those are read further,
 * `limit` posts each. Both sorts are top-N over at most 5,001 and limit^2 rows.
 */
export const homeSkeleton = readQuery({
  name: 'feed.homeSkeleton',
  params: { viewerId: pg.uuid, beforeAt: pg.timestamptz, beforeId: pg.uuid, limit: pg.int4 },
  row: { id: pg.uuid, createdAt: pg.timestamptz },
  sql: `
    with sources as (
      select f.followee_id as author_id from follows f
      where f.tenant_id = :tenant and f.follower_id = :viewerId
        and not coalesce(
          (select m.expires_at is null or m.expires_at > now() from mutes m
            where m.tenant_id = :tenant and m.muter_id = :viewerId and m.muted_id = f.followee_id),
          false)
      union all
      select :viewerId
    ),
    newest as (
      select s.author_id
      from sources s
      cross join lateral (
        select p.created_at, p.id from posts p
        where p.tenant_id = :tenant and p.author_id = s.author_id and p.deleted_at is null
          and ${isFor('s.author_id')}
          and (p.created_at, p.id) < (:beforeAt, :beforeId)
        order by p.created_at desc, p.id desc
        limit 1
      ) first
      order by first.created_at desc, first.id desc
      limit :limit::int
    )
    select post.id, post.created_at as "createdAt"
    from newest n
    cross join lateral (
      select p.created_at, p.id from posts p
      where p.tenant_id = :tenant and p.author_id = n.author_id and p.deleted_at is null
        and ${isFor('n.author_id')}
        and (p.created_at, p.id) < (:beforeAt, :beforeId)
      order by p.created_at desc, p.id desc
      limit :limit::int
    ) post
    order by post.created_at desc, post.id desc
    limit :limit::int`,
});
