-- What a user may do in the tenant, and the record from which it can be rebuilt (E3).
alter table nova.users add column role text not null default 'member';
alter table nova.users
  add constraint users_role_known check (role in ('owner', 'moderator', 'member')) not valid;

create table nova.role_changes (
  tenant_id uuid not null references nova.tenants (tenant_id),
  id uuid not null,
  -- 1, 2, 3 and so on within the tenant: the order in which they happened.
  sequence bigint not null check (sequence > 0),
  -- No foreign keys: the record outlives those whom it names.
  user_id uuid not null,
  old_role text not null check (old_role in ('owner', 'moderator', 'member')),
  new_role text not null check (new_role in ('owner', 'moderator', 'member')),
  -- Who did it: an owner, or a backend with a secret key; neither when Nova itself did.
  changed_by_user_id uuid,
  changed_by_key_id uuid,
  -- Of the clock rather than of the transaction's start: later ones are not earlier.
  changed_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id),
  check (num_nonnulls(changed_by_user_id, changed_by_key_id) <= 1)
);
create unique index role_changes_in_order on nova.role_changes (tenant_id, sequence);
create index role_changes_by_user on nova.role_changes (tenant_id, user_id, sequence desc);
create index role_changes_of_user on nova.role_changes (tenant_id, user_id, changed_at desc, id desc);
create index role_changes_by_time on nova.role_changes (tenant_id, changed_at desc, id desc);
alter table nova.role_changes enable row level security;
alter table nova.role_changes force row level security;
create policy tenant_isolation on nova.role_changes
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));
-- Append only: nobody who serves requests can change what was written.
revoke update, delete on nova.role_changes from nova_app;

-- What every process reads a few times a second, with session_revocations, to drop what it remembers of a subject: of a
-- user whose role has changed or who was deleted, of tokens that a key has signed, or with null of the whole tenant
-- (C1, I12).
create table nova.principal_changes (
  tenant_id uuid not null references nova.tenants (tenant_id),
  id uuid not null,
  subject_id uuid,
  -- Readers ask for everything from their last snapshot's oldest running transaction on: commit order, no gap.
  xid xid8 not null default pg_current_xact_id(),
  noted_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
create index principal_changes_by_xid on nova.principal_changes (xid);
create index principal_changes_by_time on nova.principal_changes (noted_at);
alter table nova.principal_changes enable row level security;
alter table nova.principal_changes force row level security;
create policy tenant_isolation on nova.principal_changes
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));
