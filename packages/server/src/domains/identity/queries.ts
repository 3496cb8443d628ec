import { nullable, pg, readQuery, writeQuery } from '../../platform/db/index.js';
import { roleColumn } from './role-column.js';

const userRow = {
  id: pg.uuid,
  handle: pg.text,
  displayName: pg.text,
  bio: pg.text,
  role: roleColumn,
  isPrivate: pg.bool,
  createdAt: pg.timestamptz,
};
const meRow = {
  ...userRow,
  email: nullable(pg.text),
  emailVerified: pg.bool,
  pendingEmail: nullable(pg.text),
};

/** Columns of `userRow`. */
const USER =
  'id, handle, display_name as "displayName", bio, role, is_private as "isPrivate", created_at as "createdAt"';
/** Columns of `meRow`. */
const ME = `${USER}, email, email_verified_at is not null as "emailVerified", pending_email as "pendingEmail"`;

export const usersByIds = readQuery({
  name: 'identity.usersByIds',
  params: { ids: pg.uuidArray },
  row: userRow,
  sql: `select ${USER} from users where tenant_id = :tenant and id = any(:ids::uuid[]) and deleted_at is null`,
});

/** The same with their version, for those who keep them. */
export const storedUsers = readQuery({
  name: 'identity.storedUsers',
  params: { ids: pg.uuidArray },
  row: { ...userRow, updatedAt: pg.timestamptz },
  sql: `
    select ${USER}, updated_at as "updatedAt" from users
    where tenant_id = :tenant and id = any(:ids::uuid[]) and deleted_at is null`,
});

export const usersByHandles = readQuery({
  name: 'identity.usersByHandles',
  params: { handles: pg.textArray },
  row: userRow,
  sql: `select ${USER} from users where tenant_id = :tenant and handle = any(:handles::text[]) and deleted_at is null`,
});

export const meById = readQuery({
  name: 'identity.meById',
  params: { userId: pg.uuid },
  row: meRow,
  sql: `select ${ME} from users where tenant_id = :tenant and id = :userId and deleted_at is null`,
});

export const insertUser = writeQuery({
  name: 'identity.insertUser',
  params: { id: pg.uuid, handle: pg.text, displayName: pg.text, email: pg.text },
  row: userRow,
  sql: `
    insert into users (tenant_id, id, handle, display_name, email)
    values (:tenant, :id, :handle, :displayName, :email)
    returning ${USER}`,
});

/** Null leaves a column as it is. */
export const updateUser = writeQuery({
  name: 'identity.updateUser',
  params: { userId: pg.uuid, displayName: nullable(pg.text), bio: nullable(pg.text) },
  row: meRow,
  sql: `
    update users
    set display_name = coalesce(:displayName, display_name), bio = coalesce(:bio, bio), updated_at = now()
    where tenant_id = :tenant and id = :userId and deleted_at is null
    returning ${ME}`,
});

/** The address that the user has already takes back what was asked for. */
export const setPendingEmail = writeQuery({
  name: 'identity.setPendingEmail',
  params: { userId: pg.uuid, email: pg.text },
  row: meRow,
  sql: `
    update users set pending_email = nullif(:email, email)
    where tenant_id = :tenant and id = :userId and deleted_at is null
    returning ${ME}`,
});

/** 0 changed when it was so already. Waits for follows that are being made, which look at it under a lock. */
export const setPrivacy = writeQuery({
  name: 'identity.setPrivacy',
  params: { userId: pg.uuid, isPrivate: pg.bool },
  row: {},
  sql: `
    update users set is_private = :isPrivate, updated_at = now()
    where tenant_id = :tenant and id = :userId and deleted_at is null and is_private <> :isPrivate`,
});

/** By whichever of the two is given. `password_hash` is null for users without a sign-in of their own. */
export const credentialsByLogin = readQuery({
  name: 'identity.credentialsByLogin',
  params: { handle: nullable(pg.text), email: nullable(pg.text) },
  row: { ...userRow, passwordHash: nullable(pg.text) },
  sql: `
    select u.id, u.handle, u.display_name as "displayName", u.bio, u.role, u.is_private as "isPrivate",
      u.created_at as "createdAt",
      c.password_hash as "passwordHash"
    from users u
    left join credentials c on c.tenant_id = :tenant and c.user_id = u.id
    where u.tenant_id = :tenant and u.deleted_at is null and (u.handle = :handle or u.email = :email)`,
});

export const insertCredentials = writeQuery({
  name: 'identity.insertCredentials',
  params: { userId: pg.uuid, passwordHash: pg.text },
  row: {},
  sql: 'insert into credentials (tenant_id, user_id, password_hash) values (:tenant, :userId, :passwordHash)',
});

/** Only over the hash that was checked: a password changed meanwhile stays. */
export const replacePasswordHash = writeQuery({
  name: 'identity.replacePasswordHash',
  params: { userId: pg.uuid, oldHash: pg.text, newHash: pg.text },
  row: {},
  sql: `
    update credentials set password_hash = :newHash, updated_at = now()
    where tenant_id = :tenant and user_id = :userId and password_hash = :oldHash`,
});

/** Many users at once; the ids of those who were new. An id, handle or e-mail address that is there stays whose it is. */
export const insertUsers = writeQuery({
  name: 'identity.insertUsers',
  params: {
    ids: pg.uuidArray,
    handles: pg.textArray,
    displayNames: pg.textArray,
    bios: pg.textArray,
    emails: pg.nullableTextArray,
    passwordHashes: pg.nullableTextArray,
    createdAts: pg.timestamptzArray,
  },
  row: { id: pg.uuid },
  sql: `
    with given as (
      select *
      from unnest(:ids::uuid[], :handles::text[], :displayNames::text[], :bios::text[], :emails::text[],
        :passwordHashes::text[], :createdAts::timestamptz[])
        as g (id, handle, display_name, bio, email, password_hash, created_at)
    ),
    inserted as (
      insert into users (tenant_id, id, handle, display_name, bio, email, created_at, updated_at)
      select :tenant, id, handle, display_name, bio, email, created_at, created_at from given
      on conflict do nothing
      returning id
    ),
    signing_in as (
      insert into credentials (tenant_id, user_id, password_hash)
      select :tenant, g.id, g.password_hash
      from given g
      join inserted i on i.id = g.id
      where g.password_hash is not null
    )
    select id from inserted`,
});

/** The users who have one of these ids or handles, deleted ones included. */
export const usersByIdOrHandle = readQuery({
  name: 'identity.usersByIdOrHandle',
  params: { ids: pg.uuidArray, handles: pg.textArray },
  row: { id: pg.uuid, handle: pg.text },
  sql: `
    select id, handle from users
    where tenant_id = :tenant and (id = any(:ids::uuid[]) or handle = any(:handles::text[]))`,
});
