import { nullable, pg, readQuery } from '../../../platform/db/index.js';
import { notMutedBy } from './mutes.js';
import { notSeparatedFrom, openAccount } from './separation.js';

/** Public posts with a hashtag, newest first, as `homeSkeleton` gives those of followees. */
export const hashtagSkeleton = readQuery({
  name: 'feed.hashtagSkeleton',
  params: { hashtag: pg.text, limit: pg.int4 },
  row: { ids: pg.uuidArray, horizonAt: nullable(pg.timestamptz) },
  sql: `
    select coalesce(array_agg(tagged.post_id), '{}') as ids,
      case when count(*) = :limit::int then (array_agg(tagged.created_at))[:limit::int - 1] end as "horizonAt"
    from (
      select h.post_id, h.created_at
      from post_hashtags h
      join posts p on p.tenant_id = :tenant and p.id = h.post_id and p.deleted_at is null and p.visibility = 'public'
      where h.tenant_id = :tenant and h.hashtag = :hashtag
      order by h.created_at desc, h.post_id desc
      limit :limit::int
    ) tagged`,
});

export const olderHashtagPosts = readQuery({
  name: 'feed.olderHashtagPosts',
  params: { hashtag: pg.text, beforeAt: pg.timestamptz, beforeId: pg.uuid, limit: pg.int4 },
  row: { ids: pg.uuidArray, createdAts: pg.timestamptzArray },
  sql: `
    select coalesce(array_agg(tagged.post_id), '{}') as ids, coalesce(array_agg(tagged.created_at), '{}') as "createdAts"
    from (
      select h.post_id, h.created_at
      from post_hashtags h
      join posts p on p.tenant_id = :tenant and p.id = h.post_id and p.deleted_at is null and p.visibility = 'public'
      where h.tenant_id = :tenant and h.hashtag = :hashtag
        and (h.created_at, h.post_id) < (:beforeAt::timestamptz, :beforeId::uuid)
      order by h.created_at desc, h.post_id desc
      limit :limit::int
    ) tagged`,
});

/** As `newHomePosts`, of others who carry a hashtag. */
export const newHashtagPosts = readQuery({
  name: 'feed.newHashtagPosts',
  params: { viewerId: pg.uuid, sessionId: pg.uuid, keptMs: pg.int4, lateMs: pg.int4, limit: pg.int4 },
  row: { posts: pg.int8 },
  sql: `
    select (
      select count(*)
      from (
        select 1
        from post_hashtags h
        cross join lateral (
          select p.author_id from posts p
          where p.tenant_id = :tenant and p.id = h.post_id and p.deleted_at is null and p.visibility = 'public'
        ) post
        where h.tenant_id = :tenant and h.hashtag = session.hashtag
          and h.created_at > greatest(session.opened_at - :lateMs::int * interval '1 ms', session.horizon_at)
          and h.post_id <> all (session.post_ids)
          and post.author_id <> :viewerId::uuid
          and ${notSeparatedFrom('post.author_id')} and ${notMutedBy('post.author_id')}
          and ${openAccount('post.author_id')}
        limit :limit::int
      ) fresh
    ) as posts
    from feed_sessions session
    where session.tenant_id = :tenant and session.viewer_id = :viewerId::uuid and session.id = :sessionId
      and session.opened_at > now() - :keptMs::int * interval '1 ms'`,
});
