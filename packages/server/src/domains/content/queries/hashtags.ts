import { pg, readQuery, writeQuery } from '../../../platform/db/index.js';

export const hashtagUsage = readQuery({
  name: 'content.hashtagUsage',
  params: { hashtag: pg.text },
  row: { posts: pg.int8 },
  sql: `select u.posts from hashtag_usage u where u.tenant_id = :tenant and u.hashtag = :hashtag`,
});

/** Marks what is to be counted and is not yet; the hashtags of which one post more is to be counted. */
export const markCounted = writeQuery({
  name: 'content.markCounted',
  params: { postIds: pg.uuidArray },
  row: { hashtag: pg.text, posts: pg.int8 },
  sql: `
    with marked as (
      update post_hashtags h set counted = true
      from posts p
      where h.tenant_id = :tenant and h.post_id = any(:postIds::uuid[]) and not h.counted
        and p.tenant_id = :tenant and p.id = h.post_id and p.deleted_at is null and p.visibility = 'public'
      returning h.hashtag
    )
    select hashtag, count(*) as posts from marked group by hashtag`,
});

export const unmarkCounted = writeQuery({
  name: 'content.unmarkCounted',
  params: { postId: pg.uuid },
  row: { hashtag: pg.text },
  sql: `
    update post_hashtags set counted = false
    where tenant_id = :tenant and post_id = :postId and counted
    returning hashtag`,
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
