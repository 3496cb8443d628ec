import { pg, readQuery, writeQuery } from '../../../platform/db/index.js';

export const passwordHashOfUser = readQuery({
  name: 'identity.passwordHashOfUser',
  params: { userId: pg.uuid },
  row: { passwordHash: pg.text },
  sql: 'select password_hash as "passwordHash" from credentials where tenant_id = :tenant and user_id = :userId',
});

/** The user with this address, if they sign in with a password. */
export const passwordUserByEmail = readQuery({
  name: 'identity.passwordUserByEmail',
  params: { email: pg.text },
  row: { id: pg.uuid },
  sql: `
    select u.id from users u
    join credentials c on c.tenant_id = :tenant and c.user_id = u.id
    where u.tenant_id = :tenant and u.email = :email and u.deleted_at is null`,
});

/**
 * Over whatever the password is, for an account that has one. No row when the address that the mail went to is not the
 * user's any more: what was sent there opens nothing. Otherwise whoever got it holds the address, which is so verified.
 */
export const resetPassword = writeQuery({
  name: 'identity.resetPassword',
  params: { userId: pg.uuid, email: pg.text, passwordHash: pg.text },
  row: { userId: pg.uuid },
  sql: `
    with owner as (
      update users set email_verified_at = coalesce(email_verified_at, now())
      where tenant_id = :tenant and id = :userId and email = :email and deleted_at is null
      returning id
    )
    update credentials c set password_hash = :passwordHash, updated_at = now()
    from owner o
    where c.tenant_id = :tenant and c.user_id = o.id
    returning c.user_id as "userId"`,
});
