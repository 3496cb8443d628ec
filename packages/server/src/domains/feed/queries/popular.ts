import { pg, readQuery, systemQuery, writeQuery } from '../../../platform/db/index.js';
import { notSeparatedFrom } from './separation.js';

/** Columns of a popular post from `posts p`; SQL has no logarithm to the base 2 of a double. */
const HEAT = `:likesWeight::float8 * ln(1 + p.like_count) / ln(2::float8)
        + extract(epoch from p.created_at)::float8 * 1000 / :halfLifeMs::float8`;
const POPULAR = `p.deleted_at is null and p.visibility = 'public' and p.like_count > 0
        and p.created_at > now() - :windowMs::float8 * interval '1 ms'`;
const formula = { likesWeight: pg.float8, halfLifeMs: pg.float8, windowMs: pg.float8 };

/** The hottest public posts by others, as they are now. */
export const popularCandidates = readQuery({
  name: 'feed.popularCandidates',
  params: { viewerId: pg.uuid, windowMs: pg.float8, limit: pg.int4 },
  row: { ids: pg.uuidArray, authorIds: pg.uuidArray, createdAts: pg.timestamptzArray, likeCounts: pg.int8Array },
  sql: `
    select coalesce(array_agg(hot.id), '{}') as ids, coalesce(array_agg(hot.author_id), '{}') as "authorIds",
      coalesce(array_agg(hot.created_at), '{}') as "createdAts",
      coalesce(array_agg(hot.like_count), '{}') as "likeCounts"
    from (
      select p.id, p.author_id, p.created_at, p.like_count
      from popular_posts h
      join posts p on p.tenant_id = :tenant and p.id = h.post_id and p.deleted_at is null and p.visibility = 'public'
      where h.tenant_id = :tenant and h.created_at > now() - :windowMs::float8 * interval '1 ms'
        and p.author_id <> :viewerId::uuid
        and ${notSeparatedFrom('p.author_id')}
      order by h.heat desc, h.post_id desc
      limit :limit::int
    ) hot`,
});

/** Brings the popular row of one post to what the post is now: doing it again changes nothing. */
export const refreshPopular = writeQuery({
  name: 'feed.refreshPopular',
  params: { postId: pg.uuid, ...formula },
  row: {},
  sql: `
    with post as (
      select p.id, p.created_at, ${HEAT} as heat
      from posts p
      where p.tenant_id = :tenant and p.id = :postId and ${POPULAR}
    ),
    stored as (
      insert into popular_posts (tenant_id, post_id, created_at, heat)
      select :tenant::uuid, post.id, post.created_at, post.heat from post
      on conflict (tenant_id, post_id) do update set heat = excluded.heat
    )
    delete from popular_posts h
    where h.tenant_id = :tenant and h.post_id = :postId and (select true from post) is null`,
});

/** Ends what is older than the window, over all tenants, a batch at a time. */
export const purgePopular = systemQuery({
  name: 'feed.purgePopular',
  kind: 'write',
  params: { windowMs: pg.float8, limit: pg.int4 },
  row: {},
  sql: `
    delete from popular_posts
    where ctid = any (array(
      select h.ctid from popular_posts h
      where h.created_at < now() - :windowMs::float8 * interval '1 ms'
      order by h.created_at
      limit :limit::int))`,
});

/** The posts after a position, in key order over all tenants, with what their popular row is to be and is. */
export const popularAfter = systemQuery({
  name: 'feed.popularAfter',
  kind: 'read',
  params: { afterTenant: pg.uuid, afterPost: pg.uuid, limit: pg.int4, ...formula },
  row: { tenantId: pg.uuid, postId: pg.uuid, drifting: pg.bool },
  sql: `
    select p.tenant_id as "tenantId", p.id as "postId",
      (case when ${POPULAR} then ${HEAT} end) is distinct from (
        select h.heat from popular_posts h
        where h.tenant_id = p.tenant_id and h.post_id = p.id
          and h.created_at > now() - :windowMs::float8 * interval '1 ms') as drifting
    from posts p
    where (p.tenant_id, p.id) > (:afterTenant::uuid, :afterPost::uuid)
    order by p.tenant_id, p.id
    limit :limit::int`,
});

/** Holds off likes of these posts: their events come after the repair, and see it. */
export const lockRepaired = systemQuery({
  name: 'feed.lockRepaired',
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

/** As `refreshPopular` for many posts; only after `lockRepaired`: its snapshot must be younger than the locks. */
export const repairPopular = systemQuery({
  name: 'feed.repairPopular',
  kind: 'write',
  params: { tenantIds: pg.uuidArray, postIds: pg.uuidArray, ...formula },
  row: {},
  sql: `
    with given as (
      select r.tenant_id, r.id from unnest(:tenantIds::uuid[], :postIds::uuid[]) as r (tenant_id, id)
    ),
    popular as (
      select p.tenant_id, p.id, p.created_at, ${HEAT} as heat
      from given g
      join posts p on p.tenant_id = g.tenant_id and p.id = g.id
      where ${POPULAR}
    ),
    stored as (
      insert into popular_posts (tenant_id, post_id, created_at, heat)
      select tenant_id, id, created_at, heat from popular
      on conflict (tenant_id, post_id) do update set heat = excluded.heat
    )
    delete from popular_posts h
    using given g
    where h.tenant_id = g.tenant_id and h.post_id = g.id
      and (select true from popular p where p.tenant_id = g.tenant_id and p.id = g.id) is null`,
});
