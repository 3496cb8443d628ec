import { pg, readQuery, systemQuery, writeQuery } from '../../../platform/db/index.js';

/**
 * No row when the user has been sent `most` within the hour, in whatever process. Otherwise the earlier ones of this
 * purpose end: of several mails the last one works.
 */
export const issueToken = writeQuery({
  name: 'identity.mailIssueToken',
  params: {
    id: pg.uuid,
    userId: pg.uuid,
    purpose: pg.text,
    email: pg.text,
    tokenHash: pg.bytea,
    ttlMs: pg.int8,
    most: pg.int8,
  },
  row: { id: pg.uuid },
  sql: `
    with allowed as (
      select count(*) < :most::bigint as yes from account_tokens
      where tenant_id = :tenant and user_id = :userId and purpose = :purpose and created_at > now() - interval '1 hour'
    ),
    ended as (
      update account_tokens t set expires_at = now()
      from allowed a
      where a.yes and t.tenant_id = :tenant and t.user_id = :userId and t.purpose = :purpose and t.used_at is null
        and t.expires_at > now()
    )
    insert into account_tokens (tenant_id, id, user_id, purpose, email, token_hash, expires_at)
    select :tenant, :id, :userId, :purpose, :email, :tokenHash, now() + :ttlMs::bigint * interval '1 millisecond'
    from allowed where yes
    returning id`,
});

/** Of a token that is still good; nothing is changed. */
export const goodToken = readQuery({
  name: 'identity.goodToken',
  params: { purpose: pg.text, tokenHash: pg.bytea },
  row: { id: pg.uuid },
  sql: `
    select id from account_tokens
    where tenant_id = :tenant and token_hash = :tokenHash and purpose = :purpose and used_at is null
      and expires_at > now()`,
});

/** Uses a token up: of many at once one has a row, for the others wait for it. */
export const takeToken = writeQuery({
  name: 'identity.takeToken',
  params: { purpose: pg.text, tokenHash: pg.bytea },
  row: { id: pg.uuid, userId: pg.uuid, email: pg.text },
  sql: `
    update account_tokens set used_at = now()
    where tenant_id = :tenant and token_hash = :tokenHash and purpose = :purpose and used_at is null
      and expires_at > now()
    returning id, user_id as "userId", email`,
});

/** Ends those of a purpose that are still good. */
export const endTokens = writeQuery({
  name: 'identity.endTokens',
  params: { userId: pg.uuid, purpose: pg.text },
  row: {},
  sql: `
    update account_tokens set expires_at = now()
    where tenant_id = :tenant and user_id = :userId and purpose = :purpose and used_at is null and expires_at > now()`,
});

/** Those that ended a day ago: long after the hour that limits look back. */
export const purgeAccountTokens = systemQuery({
  name: 'identity.purgeAccountTokens',
  kind: 'write',
  params: { limit: pg.int4 },
  row: {},
  sql: `
    delete from account_tokens
    where ctid = any (array(
      select ctid from account_tokens where expires_at < now() - interval '1 day' limit :limit::int
    ))`,
});
