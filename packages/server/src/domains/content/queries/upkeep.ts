import { pg, systemQuery } from '../../../platform/db/index.js';

/** How long a deleted post can be restored (D17). */
export const RETENTION = `interval '30 days'`;

/**
 * Deletes posts whose retention is over, with their versions, hashtags and likes; a batch at a time (D17). One whose
 * hashtags are still counted waits until its deletion has reached the counts.
 */
export const purgeDeletedPosts = systemQuery({
  name: 'content.purgeDeletedPosts',
  kind: 'write',
  params: { limit: pg.int4 },
  row: {},
  sql: `
    delete from posts
    where ctid = any (array(
      select p.ctid from posts p
      where p.deleted_at < now() - ${RETENTION}
        and not coalesce((
          select true from post_hashtags h
          where h.tenant_id = p.tenant_id and h.post_id = p.id and h.counted limit 1), false)
      order by p.deleted_at
      limit :limit::int
      for update skip locked))`,
});

/** The posts after a position, in key order over all tenants, with what their likes say. */
export const likeCountsAfter = systemQuery({
  name: 'content.likeCountsAfter',
  kind: 'read',
  params: { afterTenant: pg.uuid, afterPost: pg.uuid, limit: pg.int4 },
  row: { tenantId: pg.uuid, postId: pg.uuid, drifting: pg.bool },
  sql: `
    select p.tenant_id as "tenantId", p.id as "postId",
      p.like_count <> (select count(*) from post_likes l where l.tenant_id = p.tenant_id and l.post_id = p.id) as drifting
    from posts p
    where (p.tenant_id, p.id) > (:afterTenant::uuid, :afterPost::uuid)
    order by p.tenant_id, p.id
    limit :limit::int`,
});

/** Holds off likes of these posts; those that wait count after the recount. */
export const lockPosts = systemQuery({
  name: 'content.lockPosts',
  kind: 'write',
  params: { tenantIds: pg.uuidArray, postIds: pg.uuidArray },
  row: { postId: pg.uuid },
  sql: `
    select p.id as "postId"
    from posts p
    join unnest(:tenantIds::uuid[], :postIds::uuid[]) as r (tenant_id, id) on r.tenant_id = p.tenant_id and r.id = p.id
    order by p.tenant_id, p.id
    for no key update of p`,
});

/** Only after `lockPosts`, in a statement of its own: its snapshot must be younger than the locks. */
export const recountLikes = systemQuery({
  name: 'content.recountLikes',
  kind: 'write',
  params: { tenantIds: pg.uuidArray, postIds: pg.uuidArray },
  row: {},
  sql: `
    update posts p set like_count = actual.likes
    from unnest(:tenantIds::uuid[], :postIds::uuid[]) as r (tenant_id, id)
    cross join lateral (
      select count(*) as likes from post_likes l where l.tenant_id = r.tenant_id and l.post_id = r.id
    ) actual
    where p.tenant_id = r.tenant_id and p.id = r.id and p.like_count <> actual.likes`,
});

/**
 * How many of about `sample` posts have a count that differs from their likes. Both are read in one snapshot and
 * change together: a difference is a fault, never a race. Whole blocks are sampled, so that the cost does not
 * grow with the table.
 */
export const likeDrift = systemQuery({
  name: 'content.likeDrift',
  kind: 'read',
  params: { sample: pg.int4 },
  row: { sampled: pg.int8, drifting: pg.int8 },
  sql: `
    with sampled as (
      select p.tenant_id, p.id, p.like_count
      from posts p tablesample system (
        (select case when k.reltuples <= 0 then 100 else least(100, 200.0 * :sample::int / k.reltuples) end
         from pg_class k where k.oid = 'posts'::regclass))
      limit :sample::int
    )
    select count(*) as sampled, count(*) filter (
      where s.like_count <> (select count(*) from post_likes l where l.tenant_id = s.tenant_id and l.post_id = s.id)
    ) as drifting
    from sampled s`,
});

/** The hashtags after a position, in key order over all tenants. */
export const hashtagsAfter = systemQuery({
  name: 'content.hashtagsAfter',
  kind: 'read',
  params: { afterTenant: pg.uuid, afterHashtag: pg.text, limit: pg.int4 },
  row: { tenantId: pg.uuid, hashtag: pg.text },
  sql: `
    select tenant_id as "tenantId", hashtag
    from (
      (select distinct h.tenant_id, h.hashtag from post_hashtags h
       where (h.tenant_id, h.hashtag) > (:afterTenant::uuid, :afterHashtag::text)
       order by h.tenant_id, h.hashtag limit :limit::int)
      union
      (select u.tenant_id, u.hashtag from hashtag_usage u
       where (u.tenant_id, u.hashtag) > (:afterTenant::uuid, :afterHashtag::text)
       order by u.tenant_id, u.hashtag limit :limit::int)
    ) known
    order by tenant_id, hashtag
    limit :limit::int`,
});

/**
 * Brings the marks of these hashtags to what their posts are now. An event still under way then finds nothing left
 * to change; a row that is locked is being changed by its event at this moment.
 */
export const correctMarks = systemQuery({
  name: 'content.correctMarks',
  kind: 'write',
  params: { tenantIds: pg.uuidArray, hashtags: pg.textArray },
  row: {},
  sql: `
    with wrong as (
      select h.tenant_id, h.post_id, h.hashtag
      from post_hashtags h
      join unnest(:tenantIds::uuid[], :hashtags::text[]) as r (tenant_id, hashtag)
        on r.tenant_id = h.tenant_id and r.hashtag = h.hashtag
      join posts p on p.tenant_id = h.tenant_id and p.id = h.post_id
      where h.counted <> (p.deleted_at is null and p.visibility = 'public' and not h.removed)
      for update of h skip locked
    )
    update post_hashtags h set counted = not h.counted
    from wrong
    where h.tenant_id = wrong.tenant_id and h.post_id = wrong.post_id and h.hashtag = wrong.hashtag`,
});

export const driftingUsage = systemQuery({
  name: 'content.driftingUsage',
  kind: 'read',
  params: { tenantIds: pg.uuidArray, hashtags: pg.textArray },
  row: { tenantId: pg.uuid, hashtag: pg.text },
  sql: `
    select r.tenant_id as "tenantId", r.hashtag
    from unnest(:tenantIds::uuid[], :hashtags::text[]) as r (tenant_id, hashtag)
    where (
      select count(*) from post_hashtags h
      where h.tenant_id = r.tenant_id and h.hashtag = r.hashtag and h.counted
    ) <> coalesce(
      (select u.posts from hashtag_usage u where u.tenant_id = r.tenant_id and u.hashtag = r.hashtag), 0)`,
});

/** Also makes the row when it is missing, and in any case waits for whoever is changing it. */
export const lockUsage = systemQuery({
  name: 'content.lockUsage',
  kind: 'write',
  params: { tenantId: pg.uuid, hashtag: pg.text },
  row: {},
  sql: `
    insert into hashtag_usage as u (tenant_id, hashtag)
    values (:tenantId, :hashtag)
    on conflict (tenant_id, hashtag) do update set posts = u.posts`,
});

/** Only after `lockUsage`, in a statement of its own: its snapshot must be younger than the lock. */
export const recountUsage = systemQuery({
  name: 'content.recountUsage',
  kind: 'write',
  params: { tenantId: pg.uuid, hashtag: pg.text },
  row: {},
  sql: `
    update hashtag_usage u
    set posts = (
      select count(*) from post_hashtags h
      where h.tenant_id = u.tenant_id and h.hashtag = u.hashtag and h.counted)
    where u.tenant_id = :tenantId and u.hashtag = :hashtag`,
});
