-- The last transaction in which a user has changed something: what was cached for them before is old (I4).
create table nova.own_writes (
  tenant_id uuid not null,
  user_id uuid not null,
  xid xid8 not null default pg_current_xact_id(),
  primary key (tenant_id, user_id),
  foreign key (tenant_id, user_id) references nova.users (tenant_id, id) on delete cascade
) with (fillfactor = 70);
alter table nova.own_writes enable row level security;
alter table nova.own_writes force row level security;
create policy tenant_isolation on nova.own_writes
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));
