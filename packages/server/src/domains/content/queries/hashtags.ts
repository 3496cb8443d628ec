import { pg, readQuery, writeQuery } from '../../../platform/db/index.js';

export const hashtagUsage = readQuery({
  name: 'content.hashtagUsage',
  params: { hashtag: pg.text },
  row: { posts: pg.int8 },
  sql: `select u.posts from hashtag_usage u where u.tenant_id = :tenant and u.hashtag = :hashtag`,
});

/**
 * Marks what is to be counted and is not yet; the hashtags of which one post more is to be counted. Locks in the order
 * of the key, as edits do.
 */
export const markCounted = writeQuery({
  name: 'content.markCounted',
  params: { postIds: pg.uuidArray },
  row: { hashtag: pg.text, posts: pg.int8 },
  sql: `
    with uncounted as (
      select h.post_id, h.hashtag
      from post_hashtags h
      join posts p on p.tenant_id = :tenant and p.id = h.post_id and p.deleted_at is null and p.visibility = 'public'
      where h.tenant_id = :tenant and h.post_id = any(:postIds::uuid[]) and not h.counted and not h.removed
      order by h.post_id, h.hashtag
      for update of h
    ),
    marked as (
      update post_hashtags h set counted = true
      from uncounted u
      where h.tenant_id = :tenant and h.post_id = u.post_id and h.hashtag = u.hashtag
      returning h.hashtag
    )
    select hashtag, count(*) as posts from marked group by hashtag`,
});

/**
 * Unmarks what is counted and must not be any more: the post is not for everyone now, or has lost the hashtag, whose row
 * goes then.
 */
export const unmarkCounted = writeQuery({
  name: 'content.unmarkCounted',
  params: { postId: pg.uuid },
  row: { hashtag: pg.text },
  sql: `
    with gone as (
      select h.hashtag, h.removed, h.counted
      from post_hashtags h
      join posts p on p.tenant_id = :tenant and p.id = h.post_id
      where h.tenant_id = :tenant and h.post_id = :postId
        and (h.removed or (h.counted and (p.deleted_at is not null or p.visibility <> 'public')))
      order by h.hashtag
      for update of h
    ),
    dropped as (
      delete from post_hashtags h using gone
      where h.tenant_id = :tenant and h.post_id = :postId and h.hashtag = gone.hashtag and gone.removed
    ),
    unmarked as (
      update post_hashtags h set counted = false
      from gone
      where h.tenant_id = :tenant and h.post_id = :postId and h.hashtag = gone.hashtag and not gone.removed
    )
    select hashtag from gone where counted`,
});

export const raiseUsage = writeQuery({
  name: 'content.raiseUsage',
  params: { hashtags: pg.textArray, posts: pg.int8Array },
  row: {},
  sql: `
    insert into hashtag_usage as u (tenant_id, hashtag, posts)
    select :tenant::uuid, d.hashtag, d.posts
    from unnest(:hashtags::text[], :posts::bigint[]) as d (hashtag, posts)
    order by d.hashtag
    on conflict (tenant_id, hashtag) do update set posts = u.posts + excluded.posts`,
});

export const lowerUsage = writeQuery({
  name: 'content.lowerUsage',
  params: { hashtags: pg.textArray },
  row: {},
  sql: `
    update hashtag_usage set posts = posts - 1
    where tenant_id = :tenant and hashtag = any(:hashtags::text[])`,
});
