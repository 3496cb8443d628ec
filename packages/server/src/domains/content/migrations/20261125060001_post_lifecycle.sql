-- What posts gain: data of the app, who may reply, where hashtags and mentions stand, and versions.
alter table nova.posts
  add column custom jsonb not null default '{}',
  add column reply_policy text not null default 'everyone',
  -- [{type, start, end, hashtag | userId}]: offsets in UTF-16 code units of the body.
  add column entities jsonb not null default '[]',
  -- Of the content that readers saw: 1, and one more with each edit.
  add column version int not null default 1,
  add column edited_at timestamptz;
alter table nova.posts add constraint posts_reply_policy_check
  check (reply_policy in ('everyone', 'followers', 'mentioned', 'nobody')) not valid;

-- An edit leaves the row of a hashtag that is gone until the usage counts have let go of it.
alter table nova.post_hashtags add column removed boolean not null default false;

-- Contents that an edit has replaced; the one that holds is in posts.
create table nova.post_versions (
  tenant_id uuid not null,
  post_id uuid not null,
  version int not null,
  body text not null,
  language text,
  entities jsonb not null,
  custom jsonb not null,
  -- When it became the post's content.
  written_at timestamptz not null,
  primary key (tenant_id, post_id, version),
  foreign key (tenant_id, post_id) references nova.posts (tenant_id, id) on delete cascade
);
alter table nova.post_versions enable row level security;
alter table nova.post_versions force row level security;
create policy tenant_isolation on nova.post_versions
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));

-- Not in posts: no list of posts has to know of drafts, and no index of posts holds any.
create table nova.post_drafts (
  tenant_id uuid not null,
  -- The post that is made of it has the same id.
  id uuid not null,
  author_id uuid not null,
  body text not null check (char_length(body) <= 5000),
  language text,
  visibility text not null check (visibility in ('public', 'followers', 'private')),
  reply_policy text not null check (reply_policy in ('everyone', 'followers', 'mentioned', 'nobody')),
  custom jsonb not null,
  -- When it is to be published; null for one that is not scheduled.
  publish_at timestamptz,
  -- When publishing is tried next: publish_at, and later after a failure.
  due_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check ((publish_at is null) = (due_at is null)),
  primary key (tenant_id, id),
  foreign key (tenant_id, author_id) references nova.users (tenant_id, id)
);
create index post_drafts_by_author on nova.post_drafts (tenant_id, author_id, created_at desc, id desc);
create index post_drafts_due on nova.post_drafts (due_at) where due_at is not null;
alter table nova.post_drafts enable row level security;
alter table nova.post_drafts force row level security;
create policy tenant_isolation on nova.post_drafts
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));
