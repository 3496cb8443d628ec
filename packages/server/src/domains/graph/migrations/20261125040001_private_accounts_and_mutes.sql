-- Requests to follow private accounts, and mutes.
create table nova.follow_requests (
  tenant_id uuid not null,
  follower_id uuid not null,
  followee_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, follower_id, followee_id),
  foreign key (tenant_id, follower_id) references nova.users (tenant_id, id),
  foreign key (tenant_id, followee_id) references nova.users (tenant_id, id),
  check (follower_id <> followee_id)
);
-- Both directions, newest first (D3).
create index follow_requests_by_followee on nova.follow_requests
  (tenant_id, followee_id, created_at desc, follower_id desc);
create index follow_requests_by_follower on nova.follow_requests
  (tenant_id, follower_id, created_at desc, followee_id desc);
alter table nova.follow_requests enable row level security;
alter table nova.follow_requests force row level security;
create policy tenant_isolation on nova.follow_requests
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));

create table nova.mutes (
  tenant_id uuid not null,
  muter_id uuid not null,
  muted_id uuid not null,
  created_at timestamptz not null default now(),
  -- Null: until it is ended.
  expires_at timestamptz,
  primary key (tenant_id, muter_id, muted_id),
  foreign key (tenant_id, muter_id) references nova.users (tenant_id, id),
  foreign key (tenant_id, muted_id) references nova.users (tenant_id, id),
  check (muter_id <> muted_id)
);
create index mutes_by_muter on nova.mutes (tenant_id, muter_id, created_at desc, muted_id desc);
create index mutes_by_muted on nova.mutes (tenant_id, muted_id);
create index mutes_by_expiry on nova.mutes (expires_at) where expires_at is not null;
alter table nova.mutes enable row level security;
alter table nova.mutes force row level security;
create policy tenant_isolation on nova.mutes
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));

alter table nova.graph_counts
  add column requests_received bigint not null default 0,
  add column requests_sent bigint not null default 0,
  add constraint graph_counts_requests_check check (requests_received >= 0 and requests_sent >= 0) not valid;
