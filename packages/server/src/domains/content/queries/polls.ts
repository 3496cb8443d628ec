import { nullable, pg, readQuery, systemQuery, writeQuery } from '../../../platform/db/index.js';

export const insertPoll = writeQuery({
  name: 'content.insertPoll',
  params: {
    postId: pg.uuid,
    options: pg.textArray,
    multiple: pg.bool,
    hidesResults: pg.bool,
    durationSeconds: pg.int4,
  },
  row: { closesAt: pg.timestamptz },
  sql: `
    insert into polls (tenant_id, post_id, options, multiple, hides_results, closes_at, votes)
    values (:tenant::uuid, :postId, :options, :multiple, :hidesResults,
      now() + :durationSeconds::int * interval '1 second', array_fill(0::bigint, array[cardinality(:options::text[])]))
    returning closes_at as "closesAt"`,
});

/** Polls of many posts, with what the viewer has chosen; a viewer of null has chosen nothing. */
export const pollsOfPosts = readQuery({
  name: 'content.pollsOfPosts',
  params: { viewerId: nullable(pg.uuid), postIds: pg.uuidArray },
  row: {
    postId: pg.uuid,
    options: pg.textArray,
    multiple: pg.bool,
    hidesResults: pg.bool,
    votes: pg.int8Array,
    voters: pg.int8,
    closesAt: pg.timestamptz,
    closed: pg.bool,
    votedFor: pg.int4Array,
  },
  sql: `
    select q.post_id as "postId", q.options, q.multiple, q.hides_results as "hidesResults", q.votes, q.voters,
      q.closes_at as "closesAt", q.closes_at <= now() as closed,
      coalesce((
        select v.options from poll_votes v
        where v.tenant_id = :tenant and v.post_id = q.post_id and v.user_id = :viewerId::uuid
      ), '{}') as "votedFor"
    from polls q
    where q.tenant_id = :tenant and q.post_id = any(:postIds::uuid[])`,
});

/**
 * Votes and counts in one statement; 0 when the user has voted before or the poll is closed. Whoever waits for another
 * vote adds to what that one has counted.
 */
export const castVote = writeQuery({
  name: 'content.castVote',
  params: { postId: pg.uuid, userId: pg.uuid, options: pg.int4Array },
  row: { changed: pg.int8 },
  sql: `
    with cast_now as (
      insert into poll_votes (tenant_id, post_id, user_id, options)
      select q.tenant_id, q.post_id, :userId::uuid, :options::int[]
      from polls q
      where q.tenant_id = :tenant and q.post_id = :postId and q.closes_at > now()
      on conflict do nothing
      returning post_id
    ),
    counted as (
      update polls q
      set voters = q.voters + 1,
        votes = (
          select array_agg(each.votes + (each.place - 1 = any(:options::int[]))::int order by each.place)
          from unnest(q.votes) with ordinality as each (votes, place))
      from cast_now
      where q.tenant_id = :tenant and q.post_id = cast_now.post_id
      returning q.post_id
    )
    select count(*) as changed from counted`,
});

/** What the votes of a poll `q` say: columns of `actual`. */
const ACTUAL = `
    cross join lateral (
      select (select count(*) from poll_votes v where v.tenant_id = q.tenant_id and v.post_id = q.post_id) as voters,
        (select array_agg(coalesce(counted.votes, 0) order by place)
         from generate_subscripts(q.options, 1) place
         left join (
           select chosen + 1 as place, count(*) as votes
           from poll_votes v cross join unnest(v.options) as chosen
           where v.tenant_id = q.tenant_id and v.post_id = q.post_id
           group by 1
         ) counted using (place)) as votes
    ) actual`;

/** The polls after a position, in key order over all tenants, with what their votes say. */
export const pollsAfter = systemQuery({
  name: 'content.pollsAfter',
  kind: 'read',
  params: { afterTenant: pg.uuid, afterPost: pg.uuid, limit: pg.int4 },
  row: { tenantId: pg.uuid, postId: pg.uuid, drifting: pg.bool },
  sql: `
    select q.tenant_id as "tenantId", q.post_id as "postId",
      (q.voters, q.votes) is distinct from (actual.voters, actual.votes) as drifting
    from (
      select each.* from polls each
      where (each.tenant_id, each.post_id) > (:afterTenant::uuid, :afterPost::uuid)
      order by each.tenant_id, each.post_id
      limit :limit::int
    ) q
    ${ACTUAL}
    order by q.tenant_id, q.post_id`,
});

/** Holds off votes in these polls; those that wait count after the recount. */
export const lockPolls = systemQuery({
  name: 'content.lockPolls',
  kind: 'write',
  params: { tenantIds: pg.uuidArray, postIds: pg.uuidArray },
  row: { postId: pg.uuid },
  sql: `
    select q.post_id as "postId"
    from polls q
    join unnest(:tenantIds::uuid[], :postIds::uuid[]) as r (tenant_id, id)
      on r.tenant_id = q.tenant_id and r.id = q.post_id
    order by q.tenant_id, q.post_id
    for no key update of q`,
});

/** Only after `lockPolls`, in a statement of its own: its snapshot must be younger than the locks. */
export const recountPolls = systemQuery({
  name: 'content.recountPolls',
  kind: 'write',
  params: { tenantIds: pg.uuidArray, postIds: pg.uuidArray },
  row: {},
  sql: `
    update polls p set voters = actual.voters, votes = actual.votes
    from unnest(:tenantIds::uuid[], :postIds::uuid[]) as r (tenant_id, id)
    join polls q on q.tenant_id = r.tenant_id and q.post_id = r.id
    ${ACTUAL}
    where p.tenant_id = r.tenant_id and p.post_id = r.id
      and (p.voters, p.votes) is distinct from (actual.voters, actual.votes)`,
});

/** As `likeDrift`, of polls. */
export const pollDrift = systemQuery({
  name: 'content.pollDrift',
  kind: 'read',
  params: { sample: pg.int4 },
  row: { sampled: pg.int8, drifting: pg.int8 },
  sql: `
    with sampled as (
      select each.* from polls each tablesample system (
        (select case when k.reltuples <= 0 then 100 else least(100, 200.0 * :sample::int / k.reltuples) end
         from pg_class k where k.oid = 'polls'::regclass))
      limit :sample::int
    )
    select count(*) as sampled,
      count(*) filter (where (q.voters, q.votes) is distinct from (actual.voters, actual.votes)) as drifting
    from sampled q
    ${ACTUAL}`,
});
