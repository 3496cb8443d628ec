-- Who follows whom, who blocks whom, and exact counts of both directions.
create table nova.follows (
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
create index follows_by_followee on nova.follows (tenant_id, followee_id, created_at desc, follower_id desc);
create index follows_by_follower on nova.follows (tenant_id, follower_id, created_at desc, followee_id desc);
alter table nova.follows enable row level security;
alter table nova.follows force row level security;
create policy tenant_isolation on nova.follows
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));

create table nova.blocks (
  tenant_id uuid not null,
  blocker_id uuid not null,
  blocked_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, blocker_id, blocked_id),
  foreign key (tenant_id, blocker_id) references nova.users (tenant_id, id),
  foreign key (tenant_id, blocked_id) references nova.users (tenant_id, id),
  check (blocker_id <> blocked_id)
);
create index blocks_by_blocked on nova.blocks (tenant_id, blocked_id, blocker_id);
create index blocks_by_blocker on nova.blocks (tenant_id, blocker_id, created_at desc, blocked_id desc);
alter table nova.blocks enable row level security;
alter table nova.blocks force row level security;
create policy tenant_isolation on nova.blocks
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));

-- Apart from users, so that a popular profile's row is not rewritten by each new follower.
create table nova.graph_counts (
  tenant_id uuid not null,
  user_id uuid not null,
  followers bigint not null default 0 check (followers >= 0),
  following bigint not null default 0 check (following >= 0),
  primary key (tenant_id, user_id),
  foreign key (tenant_id, user_id) references nova.users (tenant_id, id)
) with (fillfactor = 80);
alter table nova.graph_counts enable row level security;
alter table nova.graph_counts force row level security;
create policy tenant_isolation on nova.graph_counts
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));
