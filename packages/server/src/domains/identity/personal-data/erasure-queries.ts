import { nullable, pg, readQuery, systemQuery, writeQuery } from '../../../platform/db/index.js';
import { roleColumn } from '../role-column.js';

/**
 * The end of an account, at once: nobody sees the user, signs in or is mailed. Handle and external id stay until the
 * user is forgotten, so that nobody takes them over while others still know them.
 */
export const eraseAccount = writeQuery({
  name: 'identity.eraseAccount',
  params: { userId: pg.uuid },
  row: {},
  sql: `
    with account as (
      update users
      set deleted_at = now(), updated_at = now(), email = null, email_verified_at = null,
        pending_email = null, display_name = 'Deleted user', bio = ''
      where tenant_id = :tenant and id = :userId
      returning id
    ),
    signing_in as (
      delete from credentials where tenant_id = :tenant and user_id = :userId
    )
    insert into erasures (tenant_id, user_id) select :tenant, id from account`,
});

/** Users with whom to go on, across all tenants, longest waiting first. */
export const dueErasures = systemQuery({
  name: 'identity.dueErasures',
  kind: 'read',
  params: { limit: pg.int4 },
  row: { tenantId: pg.uuid, userId: pg.uuid },
  sql: `
    select tenant_id as "tenantId", user_id as "userId"
    from erasures
    where due_at <= now()
    order by due_at
    limit :limit::int`,
});

/** No row when another process is at it, or it is not due any more. */
export const claimErasure = writeQuery({
  name: 'identity.eraseClaim',
  params: { userId: pg.uuid },
  row: { erased: pg.bool },
  sql: `
    select erased_at is not null as erased
    from erasures
    where tenant_id = :tenant and user_id = :userId and due_at <= now()
    for update skip locked`,
});

export const postponeErasure = writeQuery({
  name: 'identity.erasePostpone',
  params: { userId: pg.uuid, failed: pg.bool, delayMs: pg.int8 },
  row: { failures: pg.int4 },
  sql: `
    update erasures
    set failures = case when :failed then failures + 1 else 0 end,
      -- Twice as long after each failure, up to a thousand times.
      due_at = now() + :delayMs::bigint * interval '1 millisecond' * case when :failed then power(2, least(failures, 10)) else 1 end
    where tenant_id = :tenant and user_id = :userId
    returning failures`,
});

export const finishErasure = writeQuery({
  name: 'identity.eraseFinish',
  params: { userId: pg.uuid, reservedMs: pg.int8 },
  row: {},
  sql: `
    update erasures
    set erased_at = now(), failures = 0, due_at = requested_at + :reservedMs::bigint * interval '1 millisecond'
    where tenant_id = :tenant and user_id = :userId`,
});

/** The end of it: handle and external id are free again. The id stays, for what others have written may name it. */
export const eraseNames = writeQuery({
  name: 'identity.eraseNames',
  params: { userId: pg.uuid, handle: pg.text },
  row: {},
  sql: `
    with done as (
      delete from erasures where tenant_id = :tenant and user_id = :userId
    )
    update users set handle = :handle, external_id = null
    where tenant_id = :tenant and id = :userId and deleted_at is not null`,
});

/** With what was noted of their revocation: the note of the user's own end goes to the same readers. */
export const eraseSessions = writeQuery({
  name: 'identity.eraseSessions',
  params: { userId: pg.uuid, limit: pg.int4 },
  row: {},
  sql: `
    delete from sessions
    where tenant_id = :tenant and id = any (array(
      select s.id from sessions s where s.tenant_id = :tenant and s.user_id = :userId limit :limit::int
    ))`,
});

/** Links that were mailed, and what became of them. */
export const eraseAccountTokens = writeQuery({
  name: 'identity.eraseAccountTokens',
  params: { userId: pg.uuid, limit: pg.int4 },
  row: {},
  sql: `
    delete from account_tokens
    where tenant_id = :tenant and id = any (array(
      select t.id from account_tokens t where t.tenant_id = :tenant and t.user_id = :userId limit :limit::int
    ))`,
});

export const exportProfile = readQuery({
  name: 'identity.exportProfile',
  params: { ownerId: pg.uuid },
  row: {
    id: pg.uuid,
    handle: pg.text,
    displayName: pg.text,
    bio: pg.text,
    email: nullable(pg.text),
    emailVerifiedAt: nullable(pg.timestamptz),
    pendingEmail: nullable(pg.text),
    externalId: nullable(pg.text),
    role: roleColumn,
    createdAt: pg.timestamptz,
    updatedAt: pg.timestamptz,
  },
  sql: `
    select id, handle, display_name as "displayName", bio, email,
      email_verified_at as "emailVerifiedAt", pending_email as "pendingEmail", external_id as "externalId", role,
      created_at as "createdAt", updated_at as "updatedAt"
    from users
    where tenant_id = :tenant and id = :ownerId`,
});

const position = { ownerId: pg.uuid, beforeAt: pg.timestamptz, beforeId: pg.uuid, limit: pg.int4 };

/** Ended ones included, as long as they are held; by id, which is by time. */
export const exportSessions = readQuery({
  name: 'identity.exportSessions',
  params: { ownerId: pg.uuid, beforeId: pg.uuid, limit: pg.int4 },
  row: {
    id: pg.uuid,
    userAgent: pg.text,
    address: pg.text,
    createdAt: pg.timestamptz,
    lastUsedAt: nullable(pg.timestamptz),
    expiresAt: pg.timestamptz,
    revokedAt: nullable(pg.timestamptz),
  },
  sql: `
    select id, user_agent as "userAgent", address, created_at as "createdAt", last_used_at as "lastUsedAt",
      expires_at as "expiresAt", revoked_at as "revokedAt"
    from sessions
    where tenant_id = :tenant and user_id = :ownerId and id < :beforeId
    order by id desc
    limit :limit::int`,
});

export const exportRoleChanges = readQuery({
  name: 'identity.exportRoleChanges',
  params: position,
  row: { id: pg.uuid, oldRole: roleColumn, newRole: roleColumn, changedAt: pg.timestamptz },
  sql: `
    select id, old_role as "oldRole", new_role as "newRole", changed_at as "changedAt"
    from role_changes
    where tenant_id = :tenant and user_id = :ownerId and (changed_at, id) < (:beforeAt, :beforeId)
    order by changed_at desc, id desc
    limit :limit::int`,
});
