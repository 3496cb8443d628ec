import { nullable, pg, readQuery, writeQuery } from '../../../platform/db/index.js';

/* What content holds of one user, for handing it out and for taking it away. */

const position = { ownerId: pg.uuid, beforeAt: pg.timestamptz, beforeId: pg.uuid, limit: pg.int4 };

/** @param at by what they are ordered, newest first */
const exported = (name: string, deleted: 'is null' | 'is not null', at: 'created_at' | 'deleted_at') =>
  readQuery({
    name,
    params: position,
    row: {
      id: pg.uuid,
      body: pg.text,
      imageName: nullable(pg.text),
      language: nullable(pg.text),
      visibility: pg.text,
      hashtags: pg.textArray,
      mentionedUserIds: pg.uuidArray,
      entities: pg.jsonb,
      replyPolicy: pg.text,
      custom: pg.jsonb,
      version: pg.int4,
      editedAt: nullable(pg.timestamptz),
      mediaIds: pg.uuidArray,
      poll: nullable(pg.jsonb),
      createdAt: pg.timestamptz,
      updatedAt: pg.timestamptz,
      deletedAt: nullable(pg.timestamptz),
    },
    sql: `
      select p.id, p.body, p.image_name as "imageName", p.language, p.visibility, p.hashtags,
        p.mentioned_user_ids as "mentionedUserIds", p.entities, p.reply_policy as "replyPolicy", p.custom, p.version,
        p.edited_at as "editedAt",
        case when p.has_media then array(
          select a.media_id from post_media a where a.tenant_id = :tenant and a.post_id = p.id order by a.place
        ) else '{}' end as "mediaIds",
        case when p.has_poll then (
          select jsonb_build_object('options', q.options, 'multiple', q.multiple, 'hidesResults', q.hides_results,
            'votes', q.votes, 'voters', q.voters, 'closesAt', q.closes_at)
          from polls q where q.tenant_id = :tenant and q.post_id = p.id
        ) end as poll,
        p.created_at as "createdAt", p.updated_at as "updatedAt", p.deleted_at as "deletedAt"
      from posts p
      where p.tenant_id = :tenant and p.author_id = :ownerId and p.deleted_at ${deleted}
        and (p.${at}, p.id) < (:beforeAt, :beforeId)
      order by p.${at} desc, p.id desc
      limit :limit::int`,
  });

export const exportPosts = exported('content.exportPosts', 'is null', 'created_at');

/** Nobody sees them any more; they are held until they are purged. */
export const exportDeletedPosts = exported('content.exportDeletedPosts', 'is not null', 'deleted_at');

export const exportLikes = readQuery({
  name: 'content.exportLikes',
  params: position,
  row: { postId: pg.uuid, at: pg.timestamptz },
  sql: `
    select post_id as "postId", created_at as at
    from post_likes
    where tenant_id = :tenant and user_id = :ownerId and (created_at, post_id) < (:beforeAt, :beforeId)
    order by created_at desc, post_id desc
    limit :limit::int`,
});

/**
 * Likes of a user, and the counts of their posts, locked in the order of their ids. By their places, for joined by their
 * keys all likes of the user would be read for each batch; a like is never moved.
 */
export const eraseLikesBy = writeQuery({
  name: 'content.eraseLikesBy',
  params: { userId: pg.uuid, limit: pg.int4 },
  row: { postId: pg.uuid },
  sql: `
    with gone as (
      delete from post_likes l
      where l.tenant_id = :tenant and l.ctid = any (array(
        select g.ctid from post_likes g where g.tenant_id = :tenant and g.user_id = :userId limit :limit::int
      ))
      returning l.post_id
    ),
    locked as (
      select k.id from posts k
      where k.tenant_id = :tenant and k.id = any (array(select gone.post_id from gone))
      order by k.id
      for no key update
    ),
    counted as (
      update posts p set like_count = p.like_count - 1
      from locked
      where p.tenant_id = :tenant and p.id = locked.id
    )
    select post_id as "postId" from gone`,
});

/** As `deletePost`, for some posts of an author. */
export const erasePosts = writeQuery({
  name: 'content.erasePosts',
  params: { userId: pg.uuid, limit: pg.int4 },
  row: { postId: pg.uuid },
  sql: `
    update posts p set deleted_at = now(), updated_at = now()
    from (
      select o.id from posts o
      where o.tenant_id = :tenant and o.author_id = :userId and o.deleted_at is null
      order by o.created_at desc, o.id desc
      limit :limit::int
    ) own
    where p.tenant_id = :tenant and p.id = own.id and p.deleted_at is null
    returning p.id as "postId"`,
});

/** Likes of the newest deleted posts of an author; one post may have millions. */
export const eraseLikesOf = writeQuery({
  name: 'content.eraseLikesOf',
  params: { userId: pg.uuid, limit: pg.int4 },
  row: { erased: pg.int8 },
  sql: `
    with gone as (
      delete from post_likes l
      where l.tenant_id = :tenant and l.ctid = any (array(
        select liked.place
        from (
          select o.id from posts o
          where o.tenant_id = :tenant and o.author_id = :userId and o.deleted_at is not null
          order by o.deleted_at desc, o.id desc
          limit :limit::int
        ) own
        cross join lateral (
          select g.ctid as place from post_likes g where g.tenant_id = :tenant and g.post_id = own.id limit :limit::int
        ) liked
        limit :limit::int
      ))
      returning l.post_id
    ),
    delta as (
      select post_id, count(*) as likes from gone group by post_id
    ),
    counted as (
      update posts p set like_count = p.like_count - delta.likes
      from delta
      where p.tenant_id = :tenant and p.id = delta.post_id
    )
    select count(*) as erased from gone`,
});

/** The newest deleted posts of an author, without the likes, but for those that are still in a count of hashtags. */
export const erasePostRows = writeQuery({
  name: 'content.erasePostRows',
  params: { userId: pg.uuid, limit: pg.int4 },
  row: { found: pg.int8, erased: pg.int8 },
  sql: `
    with given as (
      select o.id from posts o
      where o.tenant_id = :tenant and o.author_id = :userId and o.deleted_at is not null
      order by o.deleted_at desc, o.id desc
      limit :limit::int
    ),
    gone as (
      delete from posts p using given
      where p.tenant_id = :tenant and p.id = given.id and not coalesce((
        select true from post_hashtags h
        where h.tenant_id = :tenant and h.post_id = p.id and h.counted limit 1), false)
      returning p.id
    )
    select (select count(*) from given) as found, (select count(*) from gone) as erased`,
});
