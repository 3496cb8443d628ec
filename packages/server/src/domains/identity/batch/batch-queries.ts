import { nullable, pg, writeQuery } from '../../../platform/db/index.js';

/**
 * Users of a tenant are made by external id one batch after the other. Two at once that want the same names in another
 * order would wait for one another in the unique indexes, whatever the order of their rows.
 */
export const lockExternalIds = writeQuery({
  name: 'identity.lockExternalIds',
  params: {},
  row: { locked: pg.bool },
  sql: `
    select true as locked
    from pg_advisory_xact_lock(hashtextextended('identity.externalIds/' || :tenant::uuid, 0))`,
});

/**
 * Who has one of these external ids or handles, deleted users included: theirs are not free. Locked in the order
 * of their ids. Only after `lockExternalIds`, in a statement of its own. Scalar sub-selects stay index probes, one a name:
 * for a thousand names the planner would rather read all users.
 */
export const usersToUpsert = writeQuery({
  name: 'identity.usersToUpsert',
  params: { externalIds: pg.textArray, handles: pg.textArray },
  row: {
    id: pg.uuid,
    externalId: nullable(pg.text),
    handle: pg.text,
    displayName: pg.text,
    bio: pg.text,
    deleted: pg.bool,
  },
  sql: `
    select id, external_id as "externalId", handle, display_name as "displayName", bio,
      deleted_at is not null as deleted
    from users
    where tenant_id = :tenant and id = any (array(
      select (select u.id from users u where u.tenant_id = :tenant and u.external_id = given.name)
      from unnest(:externalIds::text[]) as given (name)
      union all
      select (select u.id from users u where u.tenant_id = :tenant and u.handle = given.name)
      from unnest(:handles::text[]) as given (name)
    ))
    order by id
    for no key update`,
});

/** The ids of those who were new: a handle that somebody has signed up with meanwhile stays theirs. */
export const insertExternalUsers = writeQuery({
  name: 'identity.insertExternalUsers',
  params: {
    ids: pg.uuidArray,
    externalIds: pg.textArray,
    handles: pg.textArray,
    displayNames: pg.textArray,
    bios: pg.textArray,
  },
  row: { id: pg.uuid },
  sql: `
    insert into users (tenant_id, id, external_id, handle, display_name, bio)
    select :tenant, g.id, g.external_id, g.handle, g.display_name, g.bio
    from unnest(:ids::uuid[], :externalIds::text[], :handles::text[], :displayNames::text[], :bios::text[])
      as g (id, external_id, handle, display_name, bio)
    on conflict do nothing
    returning id`,
});

/** Users who are locked. A handle that somebody has signed up with meanwhile breaks `users_handle_key`. */
export const updateExternalUsers = writeQuery({
  name: 'identity.updateExternalUsers',
  params: { ids: pg.uuidArray, handles: pg.textArray, displayNames: pg.textArray, bios: pg.textArray },
  row: {},
  sql: `
    update users u set handle = g.handle, display_name = g.display_name, bio = g.bio, updated_at = now()
    from unnest(:ids::uuid[], :handles::text[], :displayNames::text[], :bios::text[])
      as g (id, handle, display_name, bio)
    where u.tenant_id = :tenant and u.id = g.id`,
});
