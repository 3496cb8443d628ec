import { nullable, pg, readQuery, systemQuery, writeQuery } from '../../../platform/db/index.js';
import { notSeparatedFrom } from './separation.js';

/** Mutes, or gives a mute another end; its place in the list stays while it lasts. */
export const insertMute = writeQuery({
  name: 'graph.insertMute',
  params: { muterId: pg.uuid, mutedId: pg.uuid, seconds: nullable(pg.int4) },
  row: { mutedUntil: nullable(pg.timestamptz) },
  sql: `
    insert into mutes as m (tenant_id, muter_id, muted_id, expires_at)
    values (:tenant, :muterId, :mutedId, now() + :seconds::int * interval '1 second')
    on conflict (tenant_id, muter_id, muted_id) do update
      set expires_at = excluded.expires_at,
        created_at = case when m.expires_at <= now() then excluded.created_at else m.created_at end
    returning m.expires_at as "mutedUntil"`,
});

export const deleteMute = writeQuery({
  name: 'graph.deleteMute',
  params: { muterId: pg.uuid, mutedId: pg.uuid },
  row: {},
  sql: 'delete from mutes where tenant_id = :tenant and muter_id = :muterId and muted_id = :mutedId',
});

/** Whom the viewer mutes, newest first. */
export const mutedUsers = readQuery({
  name: 'graph.mutedUsers',
  params: { viewerId: pg.uuid, beforeAt: pg.timestamptz, beforeId: pg.uuid, limit: pg.int4 },
  row: { userId: pg.uuid, at: pg.timestamptz },
  sql: `
    select m.muted_id as "userId", m.created_at as at
    from mutes m
    join users u on u.tenant_id = :tenant and u.id = m.muted_id and u.deleted_at is null
    where m.tenant_id = :tenant and m.muter_id = :viewerId
      and (m.expires_at is null or m.expires_at > now())
      and (m.created_at, m.muted_id) < (:beforeAt::timestamptz, :beforeId::uuid)
      and ${notSeparatedFrom('m.muted_id')}
    order by m.created_at desc, m.muted_id desc
    limit :limit::int`,
});

/** Mutes whose time is over, a batch at a time; they had no effect any more. */
export const purgeMutes = systemQuery({
  name: 'graph.purgeMutes',
  kind: 'write',
  params: { limit: pg.int4 },
  row: {},
  sql: `
    delete from mutes
    where ctid = any (array(
      select ctid from mutes where expires_at < now() limit :limit::int
    ))`,
});
