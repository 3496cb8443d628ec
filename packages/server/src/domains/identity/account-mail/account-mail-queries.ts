import { nullable, pg, readQuery } from '../../../platform/db/index.js';

export const mailAddressee = readQuery({
  name: 'identity.mailAddressee',
  params: { userId: pg.uuid },
  row: { email: nullable(pg.text), emailVerified: pg.bool, pendingEmail: nullable(pg.text) },
  sql: `
    select email, email_verified_at is not null as "emailVerified", pending_email as "pendingEmail" from users
    where tenant_id = :tenant and id = :userId and deleted_at is null`,
});

export const mailReplacedEmail = readQuery({
  name: 'identity.mailReplacedEmail',
  params: { tokenId: pg.uuid },
  row: { replacedEmail: nullable(pg.text) },
  sql: 'select replaced_email as "replacedEmail" from account_tokens where tenant_id = :tenant and id = :tokenId',
});
