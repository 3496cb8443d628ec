-- Tenants and the keys their apps and backends call with.
create table nova.tenants (
  tenant_id uuid primary key,
  name text not null check (char_length(name) between 1 and 100),
  plan text not null check (plan in ('free', 'pro', 'enterprise')),
  -- The tenant that calls without any key belong to. Its id is the same everywhere, so there is at most one,
  -- whichever process makes it first.
  is_default boolean not null default false
    check (not is_default or tenant_id = '00000000-0000-7000-8000-000000000001'),
  created_at timestamptz not null default now()
);
alter table nova.tenants enable row level security;
alter table nova.tenants force row level security;
create policy tenant_isolation on nova.tenants
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));

create table nova.api_keys (
  tenant_id uuid not null references nova.tenants (tenant_id),
  id uuid not null,
  kind text not null check (kind in ('publishable', 'secret')),
  -- SHA-256 of the key: 32 random bytes need no slow hash.
  key_hash bytea not null check (length(key_hash) = 32),
  -- The first characters, for a person to tell keys apart.
  hint text not null,
  created_at timestamptz not null default now(),
  revoked_at timestamptz,
  primary key (tenant_id, id)
);
-- Looked up before the tenant is known, so by hash alone.
create index api_keys_by_hash on nova.api_keys (key_hash) where revoked_at is null;
alter table nova.api_keys enable row level security;
alter table nova.api_keys force row level security;
create policy tenant_isolation on nova.api_keys
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));
