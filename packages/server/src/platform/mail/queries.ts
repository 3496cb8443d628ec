import { pg, systemQuery, writeQuery } from '../db/index.js';

/** No row when the tenant has `most` mails waiting already. */
export const queueMail = writeQuery({
  name: 'mail.queueMail',
  params: { id: pg.uuid, template: pg.text, recipient: pg.text, params: pg.jsonb, ttlMs: pg.int8, most: pg.int4 },
  row: { id: pg.uuid },
  sql: `
    insert into mails (tenant_id, id, template, recipient, params, expires_at)
    select :tenant, :id, :template, :recipient, :params, now() + :ttlMs::bigint * interval '1 millisecond'
    where (
      select count(*) from (select from mails where tenant_id = :tenant limit :most::int) waiting
    ) < :most::int
    returning id`,
});

/** Takes those that are due, for `leaseMs`: if they are not forgotten by then, they are due again. */
export const claimMails = systemQuery({
  name: 'mail.claimMails',
  kind: 'write',
  params: { limit: pg.int4, leaseMs: pg.int8 },
  row: {
    tenantId: pg.uuid,
    id: pg.uuid,
    template: pg.text,
    recipient: pg.text,
    params: pg.jsonb,
    attempts: pg.int4,
    expired: pg.bool,
  },
  sql: `
    update mails set due_at = now() + :leaseMs::bigint * interval '1 millisecond'
    where ctid = any (array(
      select ctid from mails where due_at <= now() order by due_at limit :limit::int for update skip locked
    ))
    returning tenant_id as "tenantId", id, template, recipient, params, attempts, expires_at <= now() as expired`,
});

export const forgetMail = systemQuery({
  name: 'mail.forgetMail',
  kind: 'write',
  params: { tenantId: pg.uuid, id: pg.uuid },
  row: {},
  sql: 'delete from mails where tenant_id = :tenantId and id = :id',
});

export const postponeMail = systemQuery({
  name: 'mail.postponeMail',
  kind: 'write',
  params: { tenantId: pg.uuid, id: pg.uuid, attempts: pg.int4, inMs: pg.int8 },
  row: {},
  sql: `
    update mails set attempts = :attempts, due_at = now() + :inMs::bigint * interval '1 millisecond'
    where tenant_id = :tenantId and id = :id`,
});

/** How many wait in all tenants, counted up to `limit`. */
export const countMails = systemQuery({
  name: 'mail.countMails',
  kind: 'read',
  params: { limit: pg.int4 },
  row: { waiting: pg.int4 },
  sql: 'select count(*)::int as waiting from (select from mails order by due_at limit :limit::int) counted',
});
