-- Users, what they sign in with, and their sessions.
create table nova.users (
  tenant_id uuid not null references nova.tenants (tenant_id),
  id uuid not null,
  -- Stored normalised (lower case): RLS forbids an index on lower(handle), which is not leakproof.
  handle text not null check (handle ~ '^[a-z0-9_]{3,30}$'),
  display_name text not null check (char_length(display_name) between 1 and 100),
  bio text not null default '' check (char_length(bio) <= 500),
  -- Normalised (trimmed, lower case); null for users without a sign-in of their own.
  email text check (char_length(email) <= 254),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (tenant_id, id)
);
create unique index users_handle_key on nova.users (tenant_id, handle);
create unique index users_email_key on nova.users (tenant_id, email);
alter table nova.users enable row level security;
alter table nova.users force row level security;
create policy tenant_isolation on nova.users
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));

create table nova.credentials (
  tenant_id uuid not null,
  user_id uuid not null,
  -- argon2id in PHC format, parameters and salt included.
  password_hash text not null,
  updated_at timestamptz not null default now(),
  primary key (tenant_id, user_id),
  foreign key (tenant_id, user_id) references nova.users (tenant_id, id)
);
alter table nova.credentials enable row level security;
alter table nova.credentials force row level security;
create policy tenant_isolation on nova.credentials
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));

create table nova.sessions (
  tenant_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  token_hash bytea not null check (length(token_hash) = 32),
  user_agent text not null default '',
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, user_id) references nova.users (tenant_id, id)
);
-- Looked up before the tenant is known, so by hash alone.
create index sessions_by_token on nova.sessions (token_hash) where revoked_at is null;
create index sessions_by_user on nova.sessions (tenant_id, user_id, created_at desc, id desc) where revoked_at is null;
create index sessions_by_expiry on nova.sessions (expires_at);
alter table nova.sessions enable row level security;
alter table nova.sessions force row level security;
create policy tenant_isolation on nova.sessions
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));

-- What every process reads a few times a second to drop revoked sessions from its cache (C1, I12).
create table nova.session_revocations (
  tenant_id uuid not null,
  session_id uuid not null,
  -- What the caches know the session by.
  token_hash bytea not null check (length(token_hash) = 32),
  -- Readers ask for everything from their last snapshot's oldest running transaction on: commit order, no gap.
  xid xid8 not null default pg_current_xact_id(),
  revoked_at timestamptz not null default now(),
  primary key (tenant_id, session_id),
  foreign key (tenant_id, session_id) references nova.sessions (tenant_id, id) on delete cascade
);
create index session_revocations_by_xid on nova.session_revocations (xid);
create index session_revocations_by_time on nova.session_revocations (revoked_at);
alter table nova.session_revocations enable row level security;
alter table nova.session_revocations force row level security;
create policy tenant_isolation on nova.session_revocations
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));
