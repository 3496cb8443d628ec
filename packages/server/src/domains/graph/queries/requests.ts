import { pg, readQuery, writeQuery } from '../../../platform/db/index.js';
import { notSeparatedFrom } from './separation.js';

/*
 * Who deletes the row of a request has the say over it: whatever else wants it waits for that row, and looks again.
 */

/** As `insertFollow`, for a request. */
export const insertRequest = writeQuery({
  name: 'graph.insertRequest',
  params: { followerId: pg.uuid, followeeId: pg.uuid },
  row: { followingOrAsking: pg.int8 },
  sql: `
    with inserted as (
      insert into follow_requests (tenant_id, follower_id, followee_id)
      values (:tenant::uuid, :followerId::uuid, :followeeId::uuid)
      on conflict do nothing
      returning follower_id, followee_id
    ),
    counted as (
      insert into graph_counts as c (tenant_id, user_id, requests_received, requests_sent)
      select :tenant::uuid, side.user_id, side.received, side.sent
      from inserted
      cross join lateral (values (follower_id, 0, 1), (followee_id, 1, 0)) as side (user_id, received, sent)
      order by side.user_id
      on conflict (tenant_id, user_id) do update
        set requests_received = c.requests_received + excluded.requests_received,
          requests_sent = c.requests_sent + excluded.requests_sent
      returning c.user_id, c.following + c.requests_sent as total
    )
    select counted.total as "followingOrAsking" from counted where counted.user_id = :followerId::uuid`,
});

export const deleteRequest = writeQuery({
  name: 'graph.deleteRequest',
  params: { followerId: pg.uuid, followeeId: pg.uuid },
  row: {},
  sql: `
    delete from follow_requests
    where tenant_id = :tenant and follower_id = :followerId and followee_id = :followeeId`,
});

/**
 * Takes the requests of a batch of those who ask to follow a user. By place: joined by key, all of a popular user's
 * requests are read to find a batch.
 */
export const takeRequests = writeQuery({
  name: 'graph.takeRequests',
  params: { followeeId: pg.uuid, limit: pg.int4 },
  row: { followerId: pg.uuid },
  sql: `
    delete from follow_requests
    where ctid = any (array(
      select r.ctid from follow_requests r
      where r.tenant_id = :tenant and r.followee_id = :followeeId
      order by r.created_at desc, r.follower_id desc
      limit :limit::int
      for update))
    returning follower_id as "followerId"`,
});

const page = { viewerId: pg.uuid, beforeAt: pg.timestamptz, beforeId: pg.uuid, limit: pg.int4 };

/** Who asks to follow the viewer, newest first. */
export const requestsReceived = readQuery({
  name: 'graph.requestsReceived',
  params: page,
  row: { userId: pg.uuid, at: pg.timestamptz },
  sql: `
    select r.follower_id as "userId", r.created_at as at
    from follow_requests r
    join users u on u.tenant_id = :tenant and u.id = r.follower_id and u.deleted_at is null
    where r.tenant_id = :tenant and r.followee_id = :viewerId
      and (r.created_at, r.follower_id) < (:beforeAt::timestamptz, :beforeId::uuid)
      and ${notSeparatedFrom('r.follower_id')}
    order by r.created_at desc, r.follower_id desc
    limit :limit::int`,
});

/** Whom the viewer asks to follow, newest first. */
export const requestsSent = readQuery({
  name: 'graph.requestsSent',
  params: page,
  row: { userId: pg.uuid, at: pg.timestamptz },
  sql: `
    select r.followee_id as "userId", r.created_at as at
    from follow_requests r
    join users u on u.tenant_id = :tenant and u.id = r.followee_id and u.deleted_at is null
    where r.tenant_id = :tenant and r.follower_id = :viewerId
      and (r.created_at, r.followee_id) < (:beforeAt::timestamptz, :beforeId::uuid)
      and ${notSeparatedFrom('r.followee_id')}
    order by r.created_at desc, r.followee_id desc
    limit :limit::int`,
});

/** No row stands for none. */
export const requestCount = readQuery({
  name: 'graph.requestCount',
  params: { userId: pg.uuid },
  row: { received: pg.int8 },
  sql: `
    select c.requests_received as received from graph_counts c
    where c.tenant_id = :tenant and c.user_id = :userId`,
});
