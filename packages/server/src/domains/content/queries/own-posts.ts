import { nullable, pg, readQuery, writeQuery } from '../../../platform/db/index.js';
import { CONTENT, contentRow, STATE, stateRow } from './posts.js';
import { RETENTION } from './upkeep.js';

/**
 * When a post changes: now, but after the version before in any case, as contents are kept by `updated_at`. A
 * transaction that has waited for another began before that.
 */
const CHANGED_AT = `greatest(clock_timestamp(), p.updated_at + interval '1 microsecond')`;

/** The viewer's own post, for an edit: others wait. No row for a post of another, or one that is not there. */
export const lockOwnPost = writeQuery({
  name: 'content.lockOwnPost',
  params: { postId: pg.uuid, viewerId: pg.uuid },
  row: { ...stateRow, ...contentRow, ageMs: pg.float8 },
  sql: `
    select ${STATE}, ${CONTENT}, (extract(epoch from now() - p.created_at) * 1000)::float8 as "ageMs"
    from posts p
    where p.tenant_id = :tenant and p.id = :postId and p.author_id = :viewerId and p.deleted_at is null
    for no key update of p`,
});

/** Only after `lockOwnPost`. Keeps the content before when it is replaced. */
export const updatePost = writeQuery({
  name: 'content.updatePost',
  params: {
    postId: pg.uuid,
    body: pg.text,
    language: nullable(pg.text),
    visibility: pg.text,
    replyPolicy: pg.text,
    hashtags: pg.textArray,
    mentionedUserIds: pg.uuidArray,
    entities: pg.jsonb,
    custom: pg.jsonb,
    linkUrl: nullable(pg.text),
    isNewVersion: pg.bool,
  },
  row: { version: pg.int4, editedAt: nullable(pg.timestamptz), updatedAt: pg.timestamptz },
  sql: `
    with kept as (
      insert into post_versions (tenant_id, post_id, version, body, language, entities, custom, written_at)
      select p.tenant_id, p.id, p.version, p.body, p.language, p.entities, p.custom, coalesce(p.edited_at, p.created_at)
      from posts p
      where p.tenant_id = :tenant and p.id = :postId and :isNewVersion::boolean
    ),
    moment as (
      select ${CHANGED_AT} as at from posts p where p.tenant_id = :tenant and p.id = :postId
    )
    update posts p
    set body = :body, language = :language, visibility = :visibility, reply_policy = :replyPolicy,
      hashtags = :hashtags, mentioned_user_ids = :mentionedUserIds, entities = :entities, custom = :custom,
      link_url = :linkUrl,
      version = p.version + :isNewVersion::boolean::int,
      edited_at = case when :isNewVersion::boolean then moment.at else p.edited_at end,
      updated_at = moment.at
    from moment
    where p.tenant_id = :tenant and p.id = :postId
    returning p.version, p.edited_at as "editedAt", p.updated_at as "updatedAt"`,
});

/**
 * Brings the rows of a post's hashtags to those it has now. Those that are gone stay until they are not counted any
 * more. Locks in the order of the key, as the counting does; only after `lockOwnPost`.
 */
export const setHashtags = writeQuery({
  name: 'content.setHashtags',
  params: { postId: pg.uuid, hashtags: pg.textArray },
  row: {},
  sql: `
    with known as (
      select h.hashtag, h.removed from post_hashtags h
      where h.tenant_id = :tenant and h.post_id = :postId
      order by h.hashtag
      for update
    ),
    changed as (
      update post_hashtags h set removed = not h.removed
      from known
      where h.tenant_id = :tenant and h.post_id = :postId and h.hashtag = known.hashtag
        and known.removed = (known.hashtag = any(:hashtags::text[]))
    )
    insert into post_hashtags (tenant_id, post_id, hashtag, created_at)
    select :tenant::uuid, p.id, tag.name, p.created_at
    from posts p
    cross join unnest(:hashtags::text[]) as tag (name)
    where p.tenant_id = :tenant and p.id = :postId and tag.name not in (select known.hashtag from known)`,
});

/** The contents of a post, the one that holds among them, below a version. */
export const postVersions = readQuery({
  name: 'content.postVersions',
  params: { postId: pg.uuid, before: pg.int4, limit: pg.int4 },
  row: {
    version: pg.int4,
    body: pg.text,
    language: nullable(pg.text),
    entities: pg.jsonb,
    custom: pg.jsonb,
    writtenAt: pg.timestamptz,
  },
  sql: `
    select each.version, each.body, each.language, each.entities, each.custom, each.written_at as "writtenAt"
    from (
      (select p.version, p.body, p.language, p.entities, p.custom, coalesce(p.edited_at, p.created_at) as written_at
       from posts p
       where p.tenant_id = :tenant and p.id = :postId and p.deleted_at is null and p.version < :before)
      union all
      (select v.version, v.body, v.language, v.entities, v.custom, v.written_at
       from post_versions v
       where v.tenant_id = :tenant and v.post_id = :postId and v.version < :before
       order by v.version desc
       limit :limit::int)
    ) each
    order by each.version desc
    limit :limit::int`,
});

/** What the viewer can restore, last deleted first. */
export const deletedPosts = readQuery({
  name: 'content.deletedPosts',
  params: { viewerId: pg.uuid, beforeAt: pg.timestamptz, beforeId: pg.uuid, limit: pg.int4 },
  row: { ...stateRow, ...contentRow, deletedAt: pg.timestamptz, restorableUntil: pg.timestamptz },
  sql: `
    select ${STATE}, ${CONTENT}, coalesce(p.deleted_at, now()) as "deletedAt",
      p.deleted_at + ${RETENTION} as "restorableUntil"
    from posts p
    where p.tenant_id = :tenant and p.author_id = :viewerId and p.deleted_at is not null
      and p.deleted_at > now() - ${RETENTION}
      and (p.deleted_at, p.id) < (:beforeAt::timestamptz, :beforeId::uuid)
    order by p.deleted_at desc, p.id desc
    limit :limit::int`,
});

export const restorePost = writeQuery({
  name: 'content.restorePost',
  params: { postId: pg.uuid, authorId: pg.uuid },
  row: {},
  sql: `
    update posts p set deleted_at = null, updated_at = ${CHANGED_AT}
    where p.tenant_id = :tenant and p.id = :postId and p.author_id = :authorId
      and p.deleted_at > now() - ${RETENTION}`,
});
