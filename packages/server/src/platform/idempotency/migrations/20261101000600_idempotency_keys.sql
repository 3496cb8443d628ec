-- Answers of unsafe calls by the caller's Idempotency-Key (I3).
create table nova.idempotency_keys (
  tenant_id uuid not null references nova.tenants (tenant_id),
  -- 'user:<id>', or 'key:<id>' before sign-in.
  owner text not null,
  key text not null check (char_length(key) between 1 and 512),
  operation text not null,
  -- Keyed hash: request bodies hold passwords.
  request_hash bytea not null,
  -- Null until the call has its answer; secrets and tokens are never in it.
  answer jsonb,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null default now() + interval '24 hours',
  primary key (tenant_id, owner, key)
);
create index idempotency_keys_by_expiry on nova.idempotency_keys (expires_at);
alter table nova.idempotency_keys enable row level security;
alter table nova.idempotency_keys force row level security;
create policy tenant_isolation on nova.idempotency_keys
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));
