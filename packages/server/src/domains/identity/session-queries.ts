import { nullable, pg, readQuery, systemQuery, writeQuery } from '../../platform/db/index.js';
import { roleColumn } from './role-column.js';

export const insertSession = writeQuery({
  name: 'identity.insertSession',
  params: { id: pg.uuid, userId: pg.uuid, tokenHash: pg.bytea, userAgent: pg.text, address: pg.text, ttlMs: pg.int8 },
  row: { expiresAt: pg.timestamptz },
  sql: `
    insert into sessions (tenant_id, id, user_id, token_hash, user_agent, address, expires_at)
    values (:tenant, :id, :userId, :tokenHash, :userAgent, :address, now() + :ttlMs::bigint * interval '1 millisecond')
    returning expires_at as "expiresAt"`,
});

/** Newest first, strictly after the position. */
export const sessionsOfUser = readQuery({
  name: 'identity.sessionsOfUser',
  params: { userId: pg.uuid, beforeAt: pg.timestamptz, beforeId: pg.uuid, limit: pg.int4 },
  row: {
    id: pg.uuid,
    userAgent: pg.text,
    address: pg.text,
    createdAt: pg.timestamptz,
    lastUsedAt: pg.timestamptz,
    expiresAt: pg.timestamptz,
  },
  sql: `
    select id, user_agent as "userAgent", address, created_at as "createdAt",
      coalesce(last_used_at, created_at) as "lastUsedAt", expires_at as "expiresAt"
    from sessions
    where tenant_id = :tenant and user_id = :userId and revoked_at is null and expires_at > now()
      and (created_at, id) < (:beforeAt, :beforeId)
    order by created_at desc, id desc
    limit :limit::int`,
});

export const sessionOfUser = readQuery({
  name: 'identity.sessionOfUser',
  params: { userId: pg.uuid, sessionId: pg.uuid },
  row: { id: pg.uuid },
  sql: 'select id from sessions where tenant_id = :tenant and user_id = :userId and id = :sessionId',
});

/**
 * Ends sessions of a user (one, or all with a null id) and leaves the note that every process looks for.
 * Answers with what the cache knows them by.
 */
export const revokeSessions = writeQuery({
  name: 'identity.revokeSessions',
  params: { userId: pg.uuid, sessionId: nullable(pg.uuid) },
  row: { tokenHash: pg.bytea },
  sql: `
    with revoked as (
      update sessions set revoked_at = now()
      where tenant_id = :tenant and user_id = :userId and revoked_at is null
        and (:sessionId::uuid is null or id = :sessionId)
      returning id, token_hash
    ),
    noted as (
      insert into session_revocations (tenant_id, session_id, token_hash) select :tenant, id, token_hash from revoked
    )
    select token_hash as "tokenHash" from revoked`,
});

/** All sessions of a user but one, in the way of `revokeSessions`. */
/** @param keptId null for a caller who has no session: one whose token the tenant has signed */
export const revokeOtherSessions = writeQuery({
  name: 'identity.revokeOtherSessions',
  params: { userId: pg.uuid, keptId: nullable(pg.uuid) },
  row: { tokenHash: pg.bytea },
  sql: `
    with revoked as (
      update sessions set revoked_at = now()
      where tenant_id = :tenant and user_id = :userId and revoked_at is null and id is distinct from :keptId::uuid
      returning id, token_hash
    ),
    noted as (
      insert into session_revocations (tenant_id, session_id, token_hash) select :tenant, id, token_hash from revoked
    )
    select token_hash as "tokenHash" from revoked`,
});

/**
 * Notes of many sessions, of any tenant, that they were in use just now. One that is locked is left out, for it is being
 * ended or noted by another process; one that has been noted within `coarseMs` needs no other row version.
 */
export const noteSessionsUsed = systemQuery({
  name: 'identity.noteSessionsUsed',
  kind: 'write',
  params: { tenantIds: pg.uuidArray, ids: pg.uuidArray, coarseMs: pg.int8 },
  row: {},
  sql: `
    update sessions s set last_used_at = now()
    from (
      select u.tenant_id, u.id
      from unnest(:tenantIds::uuid[], :ids::uuid[]) as given (tenant_id, id)
      join sessions u on u.tenant_id = given.tenant_id and u.id = given.id
      where coalesce(u.last_used_at, u.created_at) < now() - :coarseMs::bigint * interval '1 millisecond'
      for update of u skip locked
    ) used
    where s.tenant_id = used.tenant_id and s.id = used.id`,
});

/**
 * Before the tenant is known, so across all of them. Tenant and user are sub-selects, one index probe each: joined,
 * they were at times merged in the order of their keys, which reads users from the first one on.
 */
export const sessionsByToken = systemQuery({
  name: 'identity.sessionsByToken',
  kind: 'read',
  params: { tokenHashes: pg.byteaArray },
  row: {
    tokenHash: pg.bytea,
    tenantId: pg.uuid,
    plan: pg.text,
    userId: pg.uuid,
    role: roleColumn,
    sessionId: pg.uuid,
    expiresAt: pg.timestamptz,
    lastUsedAt: pg.timestamptz,
  },
  // Without `offset 0` the role would be looked up twice: for the answer and for the condition.
  sql: `
    select *
    from (
      select s.token_hash as "tokenHash", s.tenant_id as "tenantId",
        (select t.plan from tenants t where t.tenant_id = s.tenant_id) as plan,
        s.user_id as "userId",
        (
          select u.role from users u where u.tenant_id = s.tenant_id and u.id = s.user_id and u.deleted_at is null
        ) as role,
        s.id as "sessionId", s.expires_at as "expiresAt",
        coalesce(s.last_used_at, s.created_at) as "lastUsedAt"
      from sessions s
      where s.token_hash = any(:tokenHashes::bytea[]) and s.revoked_at is null and s.expires_at > now()
      offset 0
    ) found
    where found.role is not null`,
});

/**
 * What was revoked, and of whom something changed, since an earlier snapshot, and the snapshot of this read, which the next one starts from.
 * "Not visible then, visible now" is exact whatever the order of commits, and names each revocation once,
 * however long a transaction elsewhere keeps the horizon back. The first read (null) only takes the snapshot.
 */
export const revocationsSince = systemQuery({
  name: 'identity.revocationsSince',
  kind: 'read',
  params: { since: nullable(pg.text) },
  row: { snapshot: pg.text, readAt: pg.timestamptz, tokenHashes: pg.byteaArray, changedIds: pg.uuidArray },
  sql: `
    select pg_current_snapshot()::text as snapshot, now() as "readAt", array(
      select r.token_hash
      from session_revocations r
      where r.xid >= pg_snapshot_xmin((:since::text)::pg_snapshot)
        and not pg_visible_in_snapshot(r.xid, (:since::text)::pg_snapshot)
    ) as "tokenHashes", array(
      select coalesce(c.subject_id, c.tenant_id)
      from principal_changes c
      where c.xid >= pg_snapshot_xmin((:since::text)::pg_snapshot)
        and not pg_visible_in_snapshot(c.xid, (:since::text)::pg_snapshot)
    ) as "changedIds"`,
});

/** Sessions that ended at least a day ago, with the notes of their revocation; a batch at a time. */
export const purgeEndedSessions = systemQuery({
  name: 'identity.purgeEndedSessions',
  kind: 'write',
  params: { limit: pg.int4 },
  row: {},
  sql: `
    delete from sessions
    where ctid = any (array(
      select ctid from sessions where expires_at < now() - interval '1 day' limit :limit::int
    ))`,
});

/** Notes that every living process has read long ago: see `GAP_MS` in revocation-watch.ts. */
export const purgeRevocations = systemQuery({
  name: 'identity.purgeRevocations',
  kind: 'write',
  params: { limit: pg.int4 },
  row: {},
  sql: `
    delete from session_revocations
    where ctid = any (array(
      select ctid from session_revocations where revoked_at < now() - interval '2 hours' limit :limit::int
    ))`,
});
