import { nullable, pg, readQuery } from '../../../platform/db/index.js';
import { closeFriendOf } from './close-friends.js';
import { notMutedBy } from './mutes.js';
import { newestPosts } from './newest-posts.js';

/*
 * Posts come as arrays in one row: 500 rows took the client several times as long.
 */

/**
 * The newest posts of a viewer's sources, one more than a snapshot holds at `:limit`; the horizon is the last that it
 * holds, null when there is no more than that.
 */
export const homeSkeleton = readQuery({
  name: 'feed.homeSkeleton',
  params: { viewerId: pg.uuid, limit: pg.int4 },
  row: { ids: pg.uuidArray, horizonAt: nullable(pg.timestamptz) },
  sql: `
    with ${newestPosts({ before: false })}
    select coalesce(array_agg(n.id), '{}') as ids,
      case when count(*) = :limit::int then (array_agg(n.created_at))[:limit::int - 1] end as "horizonAt"
    from newest n`,
});

/** The same, strictly before a position: what a feed goes on with beyond its snapshot. */
export const olderPosts = readQuery({
  name: 'feed.olderPosts',
  params: { viewerId: pg.uuid, beforeAt: pg.timestamptz, beforeId: pg.uuid, limit: pg.int4 },
  row: { ids: pg.uuidArray, createdAts: pg.timestamptzArray },
  sql: `
    with ${newestPosts({ before: true })}
    select coalesce(array_agg(n.id), '{}') as ids, coalesce(array_agg(n.created_at), '{}') as "createdAts"
    from newest n`,
});

/** The newest posts of a viewer's sources with what a score is made of. */
export const followedCandidates = readQuery({
  name: 'feed.followedCandidates',
  params: { viewerId: pg.uuid, limit: pg.int4 },
  row: { ids: pg.uuidArray, authorIds: pg.uuidArray, createdAts: pg.timestamptzArray, likeCounts: pg.int8Array },
  sql: `
    with ${newestPosts({ before: false })}
    select coalesce(array_agg(post.id), '{}') as ids, coalesce(array_agg(post.author_id), '{}') as "authorIds",
      coalesce(array_agg(post.created_at), '{}') as "createdAts",
      coalesce(array_agg(post.like_count), '{}') as "likeCounts"
    from newest n
    cross join lateral (
      select p.id, p.author_id, p.created_at, p.like_count from posts p where p.tenant_id = :tenant and p.id = n.id
    ) post`,
});

/**
 * How many posts of those whom the viewer follows are not in the session and were written since; no row without the
 * session. One probe of the index for each followee, who has rarely written anything.
 */
export const newHomePosts = readQuery({
  name: 'feed.newHomePosts',
  params: { viewerId: pg.uuid, sessionId: pg.uuid, keptMs: pg.int4, lateMs: pg.int4, limit: pg.int4 },
  row: { posts: pg.int8 },
  sql: `
    select (
      select count(*)
      from (
        select 1
        from follows f
        cross join lateral (
          select p.id
          from posts p
          where p.tenant_id = :tenant and p.author_id = f.followee_id and p.deleted_at is null
            and (p.visibility in ('public', 'followers') or (p.visibility = 'close_friends' and ${closeFriendOf('f.followee_id')}))
            and p.created_at > greatest(session.opened_at - :lateMs::int * interval '1 ms', session.horizon_at)
            and p.id <> all (session.post_ids)
          order by p.created_at desc, p.id desc
          limit :limit::int
        ) post
        where f.tenant_id = :tenant and f.follower_id = :viewerId::uuid and ${notMutedBy('f.followee_id')}
        limit :limit::int
      ) fresh
    ) as posts
    from feed_sessions session
    where session.tenant_id = :tenant and session.viewer_id = :viewerId::uuid and session.id = :sessionId
      and session.opened_at > now() - :keptMs::int * interval '1 ms'`,
});
