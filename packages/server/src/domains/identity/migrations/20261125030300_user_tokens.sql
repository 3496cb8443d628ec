-- Tokens of users that the backend of a tenant signs: the keys they are checked with, and what is asked of them.
alter table nova.users add column tokens_valid_from timestamptz;

create table nova.token_keys (
  tenant_id uuid not null references nova.tenants (tenant_id),
  -- The `kid` of the tokens.
  id uuid not null,
  algorithm text not null check (algorithm in ('HS256', 'EdDSA')),
  -- Of HS256: encrypted with the server's secret key, for Nova has to know it again.
  sealed_secret bytea,
  -- Of EdDSA: the 32 bytes of an Ed25519 public key.
  public_key bytea check (length(public_key) = 32),
  created_at timestamptz not null default now(),
  revoked_at timestamptz,
  primary key (tenant_id, id),
  check ((algorithm = 'HS256') = (sealed_secret is not null) and (algorithm = 'EdDSA') = (public_key is not null))
);
-- Looked up before the tenant is known, so by id alone.
create index token_keys_by_id on nova.token_keys (id) where revoked_at is null;
create index token_keys_by_time on nova.token_keys (tenant_id, created_at desc, id desc);
alter table nova.token_keys enable row level security;
alter table nova.token_keys force row level security;
create policy tenant_isolation on nova.token_keys
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));

create table nova.token_settings (
  tenant_id uuid primary key references nova.tenants (tenant_id),
  -- What `aud` must hold; null: tokens have none.
  audience text check (char_length(audience) between 1 and 255),
  -- Whether a token may be the first that Nova hears of a user.
  create_users boolean not null default false,
  -- Older tokens are dead, whoever they name.
  valid_from timestamptz
);
alter table nova.token_settings enable row level security;
alter table nova.token_settings force row level security;
create policy tenant_isolation on nova.token_settings
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));
