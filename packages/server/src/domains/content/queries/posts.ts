import { nullable, pg, readQuery, writeQuery } from '../../../platform/db/index.js';
import { MEDIA_OF_POST } from './media.js';
import { closeFriendOf, notMuted, notSeparatedFrom, openTo } from './separation.js';

/** What changes between two readings of a post, or between two readers; `updatedAt` says which content goes with it. */
export const stateRow = {
  id: pg.uuid,
  updatedAt: pg.timestamptz,
  likeCount: pg.int8,
  liked: pg.bool,
};

/**
 * Columns of `stateRow` from `posts p`; a viewer of null likes nothing. A scalar sub-select stays one index probe a
 * row: `exists` may be hashed, which reads all that the viewer has ever liked.
 */
export const STATE = `
      p.id, p.updated_at as "updatedAt", p.like_count as "likeCount",
      (
        select true from post_likes l where l.tenant_id = :tenant and l.post_id = p.id and l.user_id = :viewerId::uuid
      ) is not null as liked`;

const position = { beforeAt: pg.timestamptz, beforeId: pg.uuid, limit: pg.int4 };

export const postStates = readQuery({
  name: 'content.postStates',
  params: { viewerId: nullable(pg.uuid), postIds: pg.uuidArray },
  row: stateRow,
  sql: `
    select ${STATE}
    from posts p
    where p.tenant_id = :tenant and p.id = any(:postIds::uuid[]) and p.deleted_at is null`,
});

/** What is the same for whoever reads a post, as of one `updatedAt`. */
export const contentRow = {
  id: pg.uuid,
  authorId: pg.uuid,
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
  hasPoll: pg.bool,
  media: pg.jsonb,
  linkUrl: nullable(pg.text),
  createdAt: pg.timestamptz,
  updatedAt: pg.timestamptz,
};

/** Columns of `contentRow` from `posts p`, but for the id and `updatedAt`, which the state has as well. */
export const CONTENT = `
      p.author_id as "authorId", p.body, p.image_name as "imageName", p.language, p.visibility, p.hashtags,
      p.mentioned_user_ids as "mentionedUserIds", p.entities, p.reply_policy as "replyPolicy", p.custom, p.version,
      p.edited_at as "editedAt", p.has_poll as "hasPoll", p.link_url as "linkUrl", ${MEDIA_OF_POST} as media, p.created_at as "createdAt"`;

export const postContents = readQuery({
  name: 'content.postContents',
  params: { postIds: pg.uuidArray },
  row: contentRow,
  sql: `
    select p.id, p.updated_at as "updatedAt", ${CONTENT}
    from posts p
    where p.tenant_id = :tenant and p.id = any(:postIds::uuid[]) and p.deleted_at is null`,
});

const FOLLOWS = `(
              select true from follows f
              where f.tenant_id = :tenant and f.follower_id = :viewerId::uuid and f.followee_id = :authorId
            ) is not null`;

/**
 * An author's posts, those that the viewer may see: index order, no sort (D1). No row when there is no such author, or a
 * block separates the two; how they stand to one another is asked once, before the first post. The posts come as arrays
 * in one row: as rows they took the client twice the time, and the author a query of its own.
 */
export const postsByAuthor = readQuery({
  name: 'content.postsByAuthor',
  params: { viewerId: nullable(pg.uuid), authorId: pg.uuid, ...position },
  row: {
    authorUpdatedAt: pg.timestamptz,
    ids: pg.uuidArray,
    updatedAts: pg.timestamptzArray,
    likeCounts: pg.int8Array,
    liked: pg.boolArray,
    createdAts: pg.timestamptzArray,
  },
  sql: `
    select author.updated_at as "authorUpdatedAt", page.*
    from users author
    cross join lateral (
      select coalesce(array_agg(post.id), '{}') as ids,
        coalesce(array_agg(post."updatedAt"), '{}') as "updatedAts",
        coalesce(array_agg(post."likeCount"), '{}') as "likeCounts",
        coalesce(array_agg(post.liked), '{}') as liked,
        coalesce(array_agg(post."createdAt"), '{}') as "createdAts"
      from (
        select ${STATE}, p.created_at as "createdAt"
        from posts p
        where p.tenant_id = :tenant and p.author_id = :authorId and p.deleted_at is null
          and (p.created_at, p.id) < (:beforeAt::timestamptz, :beforeId::uuid)
          and (:authorId::uuid = :viewerId::uuid or ((not author.is_private or ${FOLLOWS}) and case p.visibility
            when 'public' then true
            when 'followers' then ${FOLLOWS}
            when 'close_friends' then ${closeFriendOf(':authorId')}
            else false
          end))
        order by p.created_at desc, p.id desc
        limit :limit::int
      ) post
    ) page
    where author.tenant_id = :tenant and author.id = :authorId and author.deleted_at is null
      and ${notSeparatedFrom(':authorId')}`,
});

/** First `limit` posts of each of many authors, for each author those the viewer may see (B1). */
export const postsOfAuthors = readQuery({
  name: 'content.postsOfAuthors',
  params: {
    viewerId: nullable(pg.uuid),
    authorIds: pg.uuidArray,
    seesFollowers: pg.boolArray,
    seesCloseFriends: pg.boolArray,
    seesPrivate: pg.boolArray,
    limit: pg.int4,
  },
  row: { ...stateRow, authorId: pg.uuid, createdAt: pg.timestamptz },
  sql: `
    select ${STATE}, p.author_id as "authorId", p.created_at as "createdAt"
    from unnest(:authorIds::uuid[], :seesFollowers::boolean[], :seesCloseFriends::boolean[], :seesPrivate::boolean[])
      as author (id, sees_followers, sees_close_friends, sees_private)
    cross join lateral (
      select * from posts own
      where own.tenant_id = :tenant and own.author_id = author.id and own.deleted_at is null
        and case own.visibility
          when 'public' then true
          when 'followers' then author.sees_followers
          when 'close_friends' then author.sees_close_friends
          else author.sees_private
        end
      order by own.created_at desc, own.id desc
      limit :limit::int
    ) p
    order by p.author_id, p.created_at desc, p.id desc`,
});

/** Public posts with a hashtag; blocks, mutes, private accounts and deleted authors are left out here, so that no page is short. */
export const postsByHashtag = readQuery({
  name: 'content.postsByHashtag',
  params: { viewerId: nullable(pg.uuid), hashtag: pg.text, ...position },
  row: { ...stateRow, createdAt: pg.timestamptz },
  sql: `
    select ${STATE}, h.created_at as "createdAt"
    from post_hashtags h
    join posts p on p.tenant_id = :tenant and p.id = h.post_id and p.deleted_at is null and p.visibility = 'public'
    join users u on u.tenant_id = :tenant and u.id = p.author_id and u.deleted_at is null
    where h.tenant_id = :tenant and h.hashtag = :hashtag and not h.removed
      and (h.created_at, h.post_id) < (:beforeAt::timestamptz, :beforeId::uuid)
      and ${notSeparatedFrom('p.author_id')}
      and ${notMuted('p.author_id')}
      and ${openTo('u')}
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
    entities: pg.jsonb,
    replyPolicy: pg.text,
    custom: pg.jsonb,
    hasPoll: pg.bool,
    hasMedia: pg.bool,
    linkUrl: nullable(pg.text),
  },
  row: { createdAt: pg.timestamptz },
  sql: `
    with post as (
      insert into posts (tenant_id, id, author_id, body, language, visibility, hashtags, mentioned_user_ids, entities,
        reply_policy, custom, has_poll, has_media,
        link_url)
      values (:tenant::uuid, :id, :authorId, :body, :language, :visibility, :hashtags, :mentionedUserIds, :entities,
        :replyPolicy, :custom, :hasPoll, :hasMedia, :linkUrl)
      returning id, created_at, hashtags
    ),
    tagged as (
      insert into post_hashtags (tenant_id, post_id, hashtag, created_at)
      select :tenant::uuid, post.id, tag.name, post.created_at from post cross join unnest(post.hashtags) as tag (name)
    )
    select created_at as "createdAt" from post`,
});

/**
 * Many posts from elsewhere, with their dates; a row for each that was left out, and why. Lists travel joined, for
 * arrays of arrays have to be rectangular: hashtags contain no blank and ids no comma.
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
    entities: pg.textArray,
    createdAts: pg.timestamptzArray,
  },
  row: { index: pg.int8, reason: pg.text },
  sql: `
    with given as (
      select r.*,
        case
          when (select true from users u where u.tenant_id = :tenant and u.id = r.author_id) is null then 'no_such_user'
          when row_number() over (partition by r.id order by r.place) > 1 then 'known'
        end as reason
      from unnest(:ids::uuid[], :authorIds::uuid[], :bodies::text[], :imageNames::text[], :languages::text[],
        :visibilities::text[], :hashtags::text[], :mentionedUserIds::text[], :entities::text[],
        :createdAts::timestamptz[])
        with ordinality
        as r (id, author_id, body, image_name, language, visibility, hashtags, mentioned_user_ids, entities, created_at,
          place)
    ),
    inserted as (
      insert into posts (tenant_id, id, author_id, body, image_name, language, visibility, hashtags,
        mentioned_user_ids, entities, created_at, updated_at)
      select :tenant::uuid, g.id, g.author_id, g.body, g.image_name, g.language, g.visibility,
        string_to_array(g.hashtags, ' '), string_to_array(g.mentioned_user_ids, ',')::uuid[], g.entities::jsonb,
        g.created_at, g.created_at
      from given g
      where g.reason is null
      order by g.id
      on conflict do nothing
      returning id, created_at, hashtags
    ),
    tagged as (
      insert into post_hashtags (tenant_id, post_id, hashtag, created_at)
      select :tenant::uuid, i.id, tag.name, i.created_at from inserted i cross join unnest(i.hashtags) as tag (name)
    )
    select g.place - 1 as index, coalesce(g.reason, 'known') as reason
    from given g
    left join inserted i on i.id = g.id
    where g.reason is not null or i.id is null
    order by g.place`,
});

export const deletePost = writeQuery({
  name: 'content.deletePost',
  params: { postId: pg.uuid, authorId: pg.uuid },
  row: {},
  sql: `
    update posts set deleted_at = now(), updated_at = now()
    where tenant_id = :tenant and id = :postId and author_id = :authorId and deleted_at is null`,
});
