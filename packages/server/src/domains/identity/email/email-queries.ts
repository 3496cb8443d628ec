import { nullable, pg, writeQuery } from '../../../platform/db/index.js';

/** No row when the address is by now neither the user's nor the one they want. */
export const confirmEmail = writeQuery({
  name: 'identity.confirmEmail',
  params: { userId: pg.uuid, email: pg.text },
  row: { previousEmail: nullable(pg.text) },
  sql: `
    with before as (
      select id, email, pending_email from users
      where tenant_id = :tenant and id = :userId and deleted_at is null and :email in (email, pending_email)
      for update
    )
    update users u
    set email = :email, email_verified_at = now(),
      pending_email = case when b.pending_email = :email then null else b.pending_email end
    from before b
    where u.tenant_id = :tenant and u.id = b.id
    returning b.email as "previousEmail"`,
});

export const noteReplacedEmail = writeQuery({
  name: 'identity.noteReplacedEmail',
  params: { tokenId: pg.uuid, email: pg.text },
  row: {},
  sql: 'update account_tokens set replaced_email = :email where tenant_id = :tenant and id = :tokenId',
});
