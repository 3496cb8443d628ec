-- An address counts as the user's own once a mail to it was answered; a new one waits beside the old one until then.
alter table nova.users
  add column email_verified_at timestamptz,
  add column pending_email text;

-- Where a session is from and when it was used, both on purpose not exactly.
alter table nova.sessions
  add column address text not null default '',
  add column last_used_at timestamptz;

-- What mails let their reader do, once. The token itself is derived from its id and the secret key of the deployment,
-- and stored as a hash to be found by.
create table nova.account_tokens (
  tenant_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  purpose text not null check (purpose in ('verify_email', 'reset_password')),
  -- The address it was mailed to.
  email text not null,
  -- The address that was the user's before, when the token made this one theirs: it is told.
  replaced_email text,
  token_hash bytea not null check (length(token_hash) = 32),
  created_at timestamptz not null default now(),
  -- Brought forward when a later one takes its place.
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, user_id) references nova.users (tenant_id, id) on delete cascade
);
create unique index account_tokens_by_hash on nova.account_tokens (tenant_id, token_hash);
create index account_tokens_by_user on nova.account_tokens (tenant_id, user_id, purpose, created_at);
create index account_tokens_by_expiry on nova.account_tokens (expires_at);
alter table nova.account_tokens enable row level security;
alter table nova.account_tokens force row level security;
create policy tenant_isolation on nova.account_tokens
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));
