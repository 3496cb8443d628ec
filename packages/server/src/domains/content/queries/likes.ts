import { nullable, pg, readQuery, writeQuery } from '../../../platform/db/index.js';
import { notSeparatedFrom } from './separation.js';

/**
 * Likes and counts in one statement; 0 inserted when the like was there. A null count with an insert means that
 * the post was deleted meanwhile: the update waits for a concurrent delete and looks again.
 */
export const insertLike = writeQuery({
  name: 'content.insertLike',
  params: { postId: pg.uuid, userId: pg.uuid },
  row: { changed: pg.int8, likeCount: nullable(pg.int8) },
  sql: `
    with inserted as (
      insert into post_likes (tenant_id, post_id, user_id)
      values (:tenant::uuid, :postId::uuid, :userId::uuid)
      on conflict do nothing
      returning post_id
    ),
    counted as (
      update posts p set like_count = p.like_count + 1
      from inserted
      where p.tenant_id = :tenant and p.id = inserted.post_id and p.deleted_at is null
      returning p.like_count
    )
    select (select count(*) from inserted) as changed, (select like_count from counted) as "likeCount"`,
});

/** As `insertLike`, the other way. */
export const deleteLike = writeQuery({
  name: 'content.deleteLike',
  params: { postId: pg.uuid, userId: pg.uuid },
  row: { changed: pg.int8, likeCount: nullable(pg.int8) },
  sql: `
    with removed as (
      delete from post_likes
      where tenant_id = :tenant and post_id = :postId::uuid and user_id = :userId::uuid
      returning post_id
    ),
    counted as (
      update posts p set like_count = p.like_count - 1
      from removed
      where p.tenant_id = :tenant and p.id = removed.post_id and p.deleted_at is null
      returning p.like_count
    )
    select (select count(*) from removed) as changed, (select like_count from counted) as "likeCount"`,
});

/** Who likes a post, newest first; deleted users and blocks of the viewer are left out. */
export const likers = readQuery({
  name: 'content.likers',
  params: {
    postId: pg.uuid,
    viewerId: nullable(pg.uuid),
    beforeAt: pg.timestamptz,
    beforeId: pg.uuid,
    limit: pg.int4,
  },
  row: { userId: pg.uuid, at: pg.timestamptz },
  sql: `
    select l.user_id as "userId", l.created_at as at
    from post_likes l
    join users u on u.tenant_id = :tenant and u.id = l.user_id and u.deleted_at is null
    where l.tenant_id = :tenant and l.post_id = :postId
      and (l.created_at, l.user_id) < (:beforeAt::timestamptz, :beforeId::uuid)
      and ${notSeparatedFrom('l.user_id')}
    order by l.created_at desc, l.user_id desc
    limit :limit::int`,
});

/** First `limit` likers of each of many posts (B1). */
export const likersOfMany = readQuery({
  name: 'content.likersOfMany',
  params: { postIds: pg.uuidArray, viewerId: nullable(pg.uuid), limit: pg.int4 },
  row: { postId: pg.uuid, userId: pg.uuid, at: pg.timestamptz },
  sql: `
    select post.id as "postId", page.user_id as "userId", page.created_at as at
    from unnest(:postIds::uuid[]) as post (id)
    cross join lateral (
      select l.user_id, l.created_at
      from post_likes l
      join users u on u.tenant_id = :tenant and u.id = l.user_id and u.deleted_at is null
      where l.tenant_id = :tenant and l.post_id = post.id
        and ${notSeparatedFrom('l.user_id')}
      order by l.created_at desc, l.user_id desc
      limit :limit::int
    ) page
    order by post.id, page.created_at desc, page.user_id desc`,
});

/**
 * Many likes from elsewhere, of undeleted posts; a row for each that was left out, and why. That a post is not deleted
 * is read from its row: as a condition it opens `posts_by_author` to the planner, who takes it as long as the table has
 * no statistics, and all of it is read for each like (2,000 likes of a million new posts: more than 30 s).
 */
export const insertManyLikes = writeQuery({
  name: 'content.insertManyLikes',
  params: { postIds: pg.uuidArray, userIds: pg.uuidArray, createdAts: pg.timestamptzArray },
  row: { index: pg.int8, reason: pg.text },
  sql: `
    with given as (
      select r.place, r.post_id, r.user_id, r.created_at,
        case
          when (select p.deleted_at is null from posts p where p.tenant_id = :tenant and p.id = r.post_id) is not true
            then 'no_such_post'
          when (select true from users u where u.tenant_id = :tenant and u.id = r.user_id) is null then 'no_such_user'
          when row_number() over (partition by r.post_id, r.user_id order by r.place) > 1 then 'known'
        end as reason
      from unnest(:postIds::uuid[], :userIds::uuid[], :createdAts::timestamptz[]) with ordinality
        as r (post_id, user_id, created_at, place)
    ),
    inserted as (
      insert into post_likes (tenant_id, post_id, user_id, created_at)
      select :tenant::uuid, g.post_id, g.user_id, g.created_at
      from given g
      where g.reason is null
      order by g.post_id, g.user_id
      on conflict do nothing
      returning post_id, user_id
    )
    select g.place - 1 as index, coalesce(g.reason, 'known') as reason
    from given g
    left join inserted i on i.post_id = g.post_id and i.user_id = g.user_id
    where g.reason is not null or i.post_id is null
    order by g.place`,
});

/** Adds to the counts of many posts, locking them in the order of their ids. */
export const raiseLikeCounts = writeQuery({
  name: 'content.raiseLikeCounts',
  params: { postIds: pg.uuidArray, added: pg.int8Array },
  row: {},
  sql: `
    with locked as (
      select k.id from posts k
      where k.tenant_id = :tenant and k.id = any(:postIds::uuid[])
      order by k.id
      for no key update
    )
    update posts p set like_count = p.like_count + d.added
    from locked
    join unnest(:postIds::uuid[], :added::bigint[]) as d (post_id, added) on d.post_id = locked.id
    where p.tenant_id = :tenant and p.id = locked.id`,
});
