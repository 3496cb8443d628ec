-- Users who are deleted, and how far the erasure of what is held of them has come.
create table nova.erasures (
  tenant_id uuid not null,
  user_id uuid not null,
  requested_at timestamptz not null default now(),
  -- When to go on; in the far future once all is erased but the row of the user, which keeps the handle from others.
  due_at timestamptz not null default now(),
  erased_at timestamptz,
  -- In a row.
  failures integer not null default 0,
  primary key (tenant_id, user_id),
  foreign key (tenant_id, user_id) references nova.users (tenant_id, id)
);
create index erasures_due on nova.erasures (due_at);
alter table nova.erasures enable row level security;
alter table nova.erasures force row level security;
create policy tenant_isolation on nova.erasures
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));
