import { notMutedBy } from './mutes.js';

/** Which posts of a source a feed may hold: not another's private ones. The rules of content have the last word. */
const WANTED = `p.tenant_id = :tenant and p.author_id = s.author_id and p.deleted_at is null
          and (p.visibility <> 'private' or s.author_id = :viewerId::uuid)`;

/**
 * CTEs that end in `newest (id, created_at)`: the newest `:limit` posts of those whom `:viewerId` follows, and of the
 * viewer, newest first (D3).
 *
 * Three steps bound the work whatever the followees have written. `sampled` takes of each the newest few, together
 * about twice the limit, by one probe of `posts_by_author` each. The one of these that the limit ends at is the
 * `threshold`: no older post can be among the newest. `further` goes on with those authors alone whose samples are all
 * newer, and stops there. `coalesce` stands apart from the condition: inside it PostgreSQL takes the condition for leaky,
 * and under row-level security for none of an index.
 * @param before whether it begins at `(:beforeAt, :beforeId)`
 */
export function newestPosts({ before }: { readonly before: boolean }): string {
  const older = before ? 'and (p.created_at, p.id) < (:beforeAt::timestamptz, :beforeId::uuid)' : '';
  return `
    sources as (
      select followee_id as author_id from follows
      where tenant_id = :tenant and follower_id = :viewerId::uuid and ${notMutedBy('followee_id')}
      union all
      select :viewerId::uuid
    ),
    depth as (
      select ceil(2.0 * :limit::int / count(*))::int as posts from sources
    ),
    sampled as (
      select s.author_id, sample.created_at, sample.id, sample.place
      from sources s
      cross join lateral (
        select p.created_at, p.id, row_number() over (order by p.created_at desc, p.id desc) as place
        from posts p
        where ${WANTED}
          ${older}
        order by p.created_at desc, p.id desc
        limit (select posts from depth)
      ) sample
    ),
    threshold as (
      select coalesce(
        (select created_at from sampled order by created_at desc, id desc limit 1 offset :limit::int - 1),
        '-infinity') as created_at
    ),
    further as (
      select post.created_at, post.id
      from sampled s
      cross join lateral (
        select p.created_at, p.id
        from posts p
        where ${WANTED}
          and (p.created_at, p.id) < (s.created_at, s.id)
          and p.created_at >= (select created_at from threshold)
        order by p.created_at desc, p.id desc
        limit :limit::int
      ) post
      where s.place = (select posts from depth)
    ),
    newest as (
      select found.id, found.created_at
      from (select created_at, id from sampled union all select created_at, id from further) found
      order by found.created_at desc, found.id desc
      limit :limit::int
    )`;
}
