-- Lists of users that a user keeps, close friends among them.
create table nova.user_lists (
  tenant_id uuid not null,
  id uuid not null,
  owner_id uuid not null,
  name text not null check (char_length(name) between 1 and 100),
  kind text not null check (kind in ('named', 'close_friends')),
  is_private boolean not null default true,
  member_count bigint not null default 0 check (member_count >= 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, owner_id) references nova.users (tenant_id, id),
  check (kind = 'named' or is_private)
);
create index user_lists_by_owner on nova.user_lists (tenant_id, owner_id, created_at desc, id desc);
create unique index user_lists_close_friends_key on nova.user_lists (tenant_id, owner_id) where kind = 'close_friends';
alter table nova.user_lists enable row level security;
alter table nova.user_lists force row level security;
create policy tenant_isolation on nova.user_lists
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));

create table nova.user_list_members (
  tenant_id uuid not null,
  list_id uuid not null,
  member_id uuid not null,
  -- Of the list: a block between the two ends the membership without looking through the lists.
  owner_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, list_id, member_id),
  foreign key (tenant_id, list_id) references nova.user_lists (tenant_id, id) on delete cascade,
  foreign key (tenant_id, member_id) references nova.users (tenant_id, id),
  foreign key (tenant_id, owner_id) references nova.users (tenant_id, id)
);
create index user_list_members_by_list on nova.user_list_members (tenant_id, list_id, created_at desc, member_id desc);
create index user_list_members_by_member on nova.user_list_members (tenant_id, member_id, owner_id, list_id);
alter table nova.user_list_members enable row level security;
alter table nova.user_list_members force row level security;
create policy tenant_isolation on nova.user_list_members
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));
