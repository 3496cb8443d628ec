-- What tenants have used, by UTC day.
create table nova.tenant_usage (
  tenant_id uuid not null references nova.tenants (tenant_id),
  day date not null,
  counter text not null,
  value bigint not null,
  primary key (tenant_id, day, counter)
) with (fillfactor = 70);
create index tenant_usage_by_day on nova.tenant_usage (day);
alter table nova.tenant_usage enable row level security;
alter table nova.tenant_usage force row level security;
create policy tenant_isolation on nova.tenant_usage
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));

-- Who has been counted as active on a day, so that no process counts them again.
create table nova.tenant_active_users (
  tenant_id uuid not null references nova.tenants (tenant_id),
  day date not null,
  user_id uuid not null,
  primary key (tenant_id, day, user_id)
);
create index tenant_active_users_by_day on nova.tenant_active_users (day);
alter table nova.tenant_active_users enable row level security;
alter table nova.tenant_active_users force row level security;
create policy tenant_isolation on nova.tenant_active_users
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));
