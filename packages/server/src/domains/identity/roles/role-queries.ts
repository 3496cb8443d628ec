import { nullable, pg, readQuery, systemQuery, writeQuery } from '../../../platform/db/index.js';
import { roleColumn } from '../role-column.js';

/** One change of roles at a time in a tenant: two owners who demote one another must not both succeed. */
export const lockRoles = writeQuery({
  name: 'identity.lockRoles',
  params: {},
  row: { locked: pg.bool },
  sql: `
    select true as locked
    from pg_advisory_xact_lock(hashtextextended('identity.roles/' || :tenant::uuid, 0))`,
});

/** Only after `lockRoles`, in a statement of its own: its snapshot must be younger than the lock. */
export const standingOfUser = writeQuery({
  name: 'identity.standingOfUser',
  params: { userId: pg.uuid },
  row: { role: roleColumn, otherOwner: pg.bool },
  sql: `
    select u.role,
      (
        select true from users o
        where o.tenant_id = :tenant and o.role = 'owner' and o.id <> :userId and o.deleted_at is null
        limit 1
      ) is not null as "otherOwner"
    from users u
    where u.tenant_id = :tenant and u.id = :userId and u.deleted_at is null
    for no key update of u`,
});

/** The new version of the profile, and the record, in one statement. */
export const changeRole = writeQuery({
  name: 'identity.changeRole',
  params: {
    id: pg.uuid,
    userId: pg.uuid,
    role: pg.text,
    changedByUserId: nullable(pg.uuid),
    changedByKeyId: nullable(pg.uuid),
  },
  row: {},
  sql: `
    with before as (
      select u.role from users u where u.tenant_id = :tenant and u.id = :userId
    ),
    changed as (
      update users set role = :role, updated_at = now() where tenant_id = :tenant and id = :userId
      returning id
    )
    insert into role_changes (tenant_id, id, sequence, user_id, old_role, new_role, changed_by_user_id, changed_by_key_id)
    select :tenant::uuid, :id::uuid,
      1 + coalesce((select c.sequence from role_changes c where c.tenant_id = :tenant order by c.sequence desc limit 1), 0),
      changed.id, before.role, :role, :changedByUserId, :changedByKeyId
    from before cross join changed`,
});

/** Newest first, strictly after the position. */
export const roleChangesOfTenant = readQuery({
  name: 'identity.roleChangesOfTenant',
  params: { beforeAt: pg.timestamptz, beforeId: pg.uuid, limit: pg.int4 },
  row: {
    id: pg.uuid,
    userId: pg.uuid,
    oldRole: roleColumn,
    newRole: roleColumn,
    changedByUserId: nullable(pg.uuid),
    changedByKeyId: nullable(pg.uuid),
    changedAt: pg.timestamptz,
  },
  sql: `
    select id, user_id as "userId", old_role as "oldRole", new_role as "newRole",
      changed_by_user_id as "changedByUserId", changed_by_key_id as "changedByKeyId", changed_at as "changedAt"
    from role_changes
    where tenant_id = :tenant and (changed_at, id) < (:beforeAt, :beforeId)
    order by changed_at desc, id desc
    limit :limit::int`,
});

/**
 * The next users after a position, in key order over all tenants, held until the end of the transaction: whoever is
 * changing a role has written the record by then.
 */
export const lockUsersAfter = systemQuery({
  name: 'identity.lockUsersAfter',
  kind: 'write',
  params: { afterTenant: pg.uuid, afterUser: pg.uuid, limit: pg.int4 },
  row: { tenantId: pg.uuid, userId: pg.uuid },
  sql: `
    select u.tenant_id as "tenantId", u.id as "userId"
    from users u
    where (u.tenant_id, u.id) > (:afterTenant::uuid, :afterUser::uuid)
    order by u.tenant_id, u.id
    limit :limit::int
    for no key update of u`,
});

/**
 * Replays the record; only after `lockUsersAfter`, in a statement of its own. The last change of each user is what the
 * user is, and without one a member.
 */
export const rebuildRoles = systemQuery({
  name: 'identity.rebuildRoles',
  kind: 'write',
  params: { tenantIds: pg.uuidArray, userIds: pg.uuidArray },
  row: { tenantId: pg.uuid, userId: pg.uuid },
  sql: `
    update users u set role = recorded.role, updated_at = now()
    from unnest(:tenantIds::uuid[], :userIds::uuid[]) as given (tenant_id, id)
    cross join lateral (
      select coalesce(
        (select c.new_role from role_changes c
         where c.tenant_id = given.tenant_id and c.user_id = given.id
         order by c.sequence desc limit 1),
        'member') as role
    ) recorded
    where u.tenant_id = given.tenant_id and u.id = given.id and u.role <> recorded.role
    returning u.tenant_id as "tenantId", u.id as "userId"`,
});

/** As `notePrincipalChange`, for users of many tenants. */
export const noteRebuiltRoles = systemQuery({
  name: 'identity.noteRebuiltRoles',
  kind: 'write',
  params: { ids: pg.uuidArray, tenantIds: pg.uuidArray, userIds: pg.uuidArray },
  row: {},
  sql: `
    insert into principal_changes (tenant_id, id, subject_id)
    select g.tenant_id, g.id, g.user_id
    from unnest(:ids::uuid[], :tenantIds::uuid[], :userIds::uuid[]) as g (id, tenant_id, user_id)`,
});
