import { nullable, pg, readQuery, writeQuery } from '../../../platform/db/index.js';
import { notSeparatedFrom } from './separation.js';

const postRow = {
  id: pg.uuid,
  authorId: pg.uuid,
  body: pg.text,
  imageName: nullable(pg.text),
  language: nullable(pg.text),
  visibility: pg.text,
  hashtags: pg.textArray,
  mentionedUserIds: pg.uuidArray,
  likeCount: pg.int8,
  liked: pg.bool,
  createdAt: pg.timestamptz,
  updatedAt: pg.timestamptz,
};

/**
 * Columns of `postRow` from `posts p`; a viewer of null likes nothing. A scalar sub-select stays one index probe a
 * row: `exists` may be hashed, which reads all that the viewer has ever liked.
 */
const POST = `
      p.id, p.author_id as "authorId", p.body, p.image_name as "imageName", p.language, p.visibility, p.hashtags,
      p.mentioned_user_ids as "mentionedUserIds", p.like_count as "likeCount",
      (
        select true from post_likes l where l.tenant_id = :tenant and l.post_id = p.id and l.user_id = :viewerId::uuid
      ) is not null as liked,
      p.created_at as "createdAt", p.updated_at as "updatedAt"`;

const position = { beforeAt: pg.timestamptz, beforeId: pg.uuid, limit: pg.int4 };

export const postsByIds = readQuery({
  name: 'content.postsByIds',
  params: { viewerId: nullable(pg.uuid), postIds: pg.uuidArray },
  row: postRow,
  sql: `
    select ${POST}
    from posts p
    where p.tenant_id = :tenant and p.id = any(:postIds::uuid[]) and p.deleted_at is null`,
});

/** An author's posts of the levels that the viewer may see: index order, no sort (D1). */
export const postsByAuthor = readQuery({
  name: 'content.postsByAuthor',
  params: { viewerId: nullable(pg.uuid), authorId: pg.uuid, levels: pg.textArray, ...position },
  row: postRow,
  sql: `
    select ${POST}
    from posts p
    where p.tenant_id = :tenant and p.author_id = :authorId and p.deleted_at is null
      and p.visibility = any(:levels::text[])
      and (p.created_at, p.id) < (:beforeAt::timestamptz, :beforeId::uuid)
    order by p.created_at desc, p.id desc
    limit :limit::int`,
});

/** First `limit` posts of each of many authors, for each author those the viewer may see (B1). */
export const postsOfAuthors = readQuery({
  name: 'content.postsOfAuthors',
  params: {
    viewerId: nullable(pg.uuid),
    authorIds: pg.uuidArray,
    seesFollowers: pg.boolArray,
    seesPrivate: pg.boolArray,
    limit: pg.int4,
  },
  row: postRow,
  sql: `
    select ${POST}
    from unnest(:authorIds::uuid[], :seesFollowers::boolean[], :seesPrivate::boolean[])
      as author (id, sees_followers, sees_private)
    cross join lateral (
      select * from posts own
      where own.tenant_id = :tenant and own.author_id = author.id and own.deleted_at is null
        and (own.visibility = 'public' or (own.visibility = 'followers' and author.sees_followers)
          or author.sees_private)
      order by own.created_at desc, own.id desc
      limit :limit::int
    ) p
    order by p.author_id, p.created_at desc, p.id desc`,
});

/** Public posts with a hashtag; blocks and deleted authors are left out here, so that no page is short. */
export const postsByHashtag = readQuery({
  name: 'content.postsByHashtag',
  params: { viewerId: nullable(pg.uuid), hashtag: pg.text, ...position },
  row: postRow,
  sql: `
    select ${POST}
    from post_hashtags h
    join posts p on p.tenant_id = :tenant and p.id = h.post_id and p.deleted_at is null and p.visibility = 'public'
    join users u on u.tenant_id = :tenant and u.id = p.author_id and u.deleted_at is null
    where h.tenant_id = :tenant and h.hashtag = :hashtag
      and (h.created_at, h.post_id) < (:beforeAt::timestamptz, :beforeId::uuid)
      and ${notSeparatedFrom('p.author_id')}
    order by h.created_at desc, h.post_id desc
    limit :limit::int`,
});

export const insertPost = writeQuery({
  name: 'content.insertPost',
  params: {
    id: pg.uuid,
    authorId: pg.uuid,
    body: pg.text,
    language: nullable(pg.text),
    visibility: pg.text,
    hashtags: pg.textArray,
    mentionedUserIds: pg.uuidArray,
  },
  row: { createdAt: pg.timestamptz },
  sql: `
    with post as (
      insert into posts (tenant_id, id, author_id, body, language, visibility, hashtags, mentioned_user_ids)
      values (:tenant::uuid, :id, :authorId, :body, :language, :visibility, :hashtags, :mentionedUserIds)
      returning id, created_at, hashtags
    ),
    tagged as (
      insert into post_hashtags (tenant_id, post_id, hashtag, created_at)
      select :tenant::uuid, post.id, tag.name, post.created_at from post cross join unnest(post.hashtags) as tag (name)
    )
    select created_at as "createdAt" from post`,
});

/**
 * Many posts from elsewhere, with their dates; known ids are passed over. Lists travel joined, for arrays of
 * arrays have to be rectangular: hashtags contain no blank and ids no comma.
 */
export const insertManyPosts = writeQuery({
  name: 'content.insertManyPosts',
  params: {
    ids: pg.uuidArray,
    authorIds: pg.uuidArray,
    bodies: pg.textArray,
    imageNames: pg.nullableTextArray,
    languages: pg.nullableTextArray,
    visibilities: pg.textArray,
    hashtags: pg.textArray,
    mentionedUserIds: pg.textArray,
    createdAts: pg.timestamptzArray,
  },
  row: { id: pg.uuid },
  sql: `
    with inserted as (
      insert into posts (tenant_id, id, author_id, body, image_name, language, visibility, hashtags,
        mentioned_user_ids, created_at, updated_at)
      select :tenant::uuid, r.id, r.author_id, r.body, r.image_name, r.language, r.visibility,
        string_to_array(r.hashtags, ' '), string_to_array(r.mentioned_user_ids, ',')::uuid[], r.created_at, r.created_at
      from unnest(:ids::uuid[], :authorIds::uuid[], :bodies::text[], :imageNames::text[], :languages::text[],
        :visibilities::text[], :hashtags::text[], :mentionedUserIds::text[], :createdAts::timestamptz[])
        as r (id, author_id, body, image_name, language, visibility, hashtags, mentioned_user_ids, created_at)
      order by r.id
      on conflict do nothing
      returning id, created_at, hashtags
    ),
    tagged as (
      insert into post_hashtags (tenant_id, post_id, hashtag, created_at)
      select :tenant::uuid, i.id, tag.name, i.created_at from inserted i cross join unnest(i.hashtags) as tag (name)
    )
    select id from inserted`,
});

export const deletePost = writeQuery({
  name: 'content.deletePost',
  params: { postId: pg.uuid, authorId: pg.uuid },
  row: {},
  sql: `
    update posts set deleted_at = now(), updated_at = now()
    where tenant_id = :tenant and id = :postId and author_id = :authorId and deleted_at is null`,
});
