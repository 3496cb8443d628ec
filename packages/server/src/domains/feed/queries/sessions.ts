import { nullable, pg, readQuery, systemQuery, writeQuery } from '../../../platform/db/index.js';
import { REASON_BYTES } from '../reasons.js';

/** Opens a session, or begins its time anew, and lets the viewer's oldest give way. */
export const openSession = writeQuery({
  name: 'feed.openSession',
  params: {
    viewerId: pg.uuid,
    sessionId: pg.uuid,
    hashtag: nullable(pg.text),
    postIds: pg.uuidArray,
    reasons: nullable(pg.bytea),
    horizonAt: nullable(pg.timestamptz),
    horizonId: nullable(pg.uuid),
    others: pg.int4,
    sparedMs: pg.int4,
  },
  row: {},
  sql: `
    with opened as (
      insert into feed_sessions (tenant_id, viewer_id, id, hashtag, post_ids, reasons, horizon_at, horizon_id)
      values (:tenant::uuid, :viewerId::uuid, :sessionId::uuid, :hashtag, :postIds, :reasons, :horizonAt, :horizonId)
      on conflict (tenant_id, viewer_id, id) do update set opened_at = now(), reasons = excluded.reasons
    )
    delete from feed_sessions old
    using (
      select s.id, s.opened_at
      from feed_sessions s
      where s.tenant_id = :tenant and s.viewer_id = :viewerId::uuid and s.id <> :sessionId::uuid
      order by s.opened_at desc
      offset :others::int
    ) beyond
    where old.tenant_id = :tenant and old.viewer_id = :viewerId::uuid and old.id = beyond.id
      and beyond.opened_at < now() - :sparedMs::int * interval '1 ms'`,
});

/** `count` ids of a session from an offset on, with their reasons; no row when it is not there any more. */
export const sessionSlice = readQuery({
  name: 'feed.sessionSlice',
  params: { viewerId: pg.uuid, sessionId: pg.uuid, offset: pg.int4, count: pg.int4, keptMs: pg.int4 },
  row: {
    ids: pg.uuidArray,
    size: pg.int4,
    reasons: nullable(pg.bytea),
    horizonAt: nullable(pg.timestamptz),
    horizonId: nullable(pg.uuid),
  },
  sql: `
    select s.post_ids[:offset::int + 1 : (:offset::int + :count::int)] as ids, cardinality(s.post_ids) as size,
      substring(s.reasons from :offset::int * ${REASON_BYTES} + 1 for :count::int * ${REASON_BYTES}) as reasons,
      s.horizon_at as "horizonAt", s.horizon_id as "horizonId"
    from feed_sessions s
    where s.tenant_id = :tenant and s.viewer_id = :viewerId and s.id = :sessionId
      and s.opened_at > now() - :keptMs::int * interval '1 ms'`,
});

/** Deletes sessions that have ended, over all tenants, a batch at a time. */
export const purgeSessions = systemQuery({
  name: 'feed.purgeSessions',
  kind: 'write',
  params: { keptMs: pg.int4, limit: pg.int4 },
  row: {},
  sql: `
    delete from feed_sessions
    where ctid = any (array(
      select s.ctid from feed_sessions s
      where s.opened_at < now() - :keptMs::int * interval '1 ms'
      order by s.opened_at
      limit :limit::int
      for update skip locked))`,
});

export const eraseFeedSessions = writeQuery({
  name: 'feed.eraseFeedSessions',
  params: { userId: pg.uuid, limit: pg.int4 },
  row: {},
  sql: `
    delete from feed_sessions
    where tenant_id = :tenant and viewer_id = :userId and id = any (array(
      select s.id from feed_sessions s where s.tenant_id = :tenant and s.viewer_id = :userId limit :limit::int
    ))`,
});
