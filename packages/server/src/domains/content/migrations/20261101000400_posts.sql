-- Posts, the hashtags they carry, and likes.
create table nova.posts (
  tenant_id uuid not null,
  id uuid not null,
  author_id uuid not null,
  -- Empty only for a picture without words.
  body text not null check (char_length(body) <= 5000),
  -- Name of the picture that an imported post carried.
  image_name text,
  language text,
  visibility text not null check (visibility in ('public', 'followers', 'private')),
  -- Normalised, in order of appearance; post_hashtags finds posts by them.
  hashtags text[] not null default '{}',
  mentioned_user_ids uuid[] not null default '{}',
  like_count bigint not null default 0 check (like_count >= 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, author_id) references nova.users (tenant_id, id),
  check (body <> '' or image_name is not null)
  -- Room on each page for the new version of a row whose likes change: such updates touch no index.
) with (fillfactor = 85);
-- An author's posts newest first without a sort (D1), and one probe per followee for the home feed (D3).
create index posts_by_author on nova.posts (tenant_id, author_id, created_at desc, id desc) include (visibility)
  where deleted_at is null;
create index posts_deleted on nova.posts (deleted_at) where deleted_at is not null;
alter table nova.posts enable row level security;
alter table nova.posts force row level security;
create policy tenant_isolation on nova.posts
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));

create table nova.post_hashtags (
  tenant_id uuid not null,
  post_id uuid not null,
  hashtag text not null,
  -- Of the post: the list of a hashtag's posts is in its order.
  created_at timestamptz not null,
  -- Whether hashtag_usage contains it: makes counting a change of state, which can be repeated and repaired.
  counted boolean not null default false,
  primary key (tenant_id, post_id, hashtag),
  foreign key (tenant_id, post_id) references nova.posts (tenant_id, id) on delete cascade
);
create index post_hashtags_by_hashtag on nova.post_hashtags (tenant_id, hashtag, created_at desc, post_id desc);
alter table nova.post_hashtags enable row level security;
alter table nova.post_hashtags force row level security;
create policy tenant_isolation on nova.post_hashtags
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));

create table nova.post_likes (
  tenant_id uuid not null,
  post_id uuid not null,
  user_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, post_id, user_id),
  foreign key (tenant_id, post_id) references nova.posts (tenant_id, id) on delete cascade,
  foreign key (tenant_id, user_id) references nova.users (tenant_id, id)
);
create index post_likes_by_post on nova.post_likes (tenant_id, post_id, created_at desc, user_id desc);
create index post_likes_by_user on nova.post_likes (tenant_id, user_id, created_at desc, post_id desc);
alter table nova.post_likes enable row level security;
alter table nova.post_likes force row level security;
create policy tenant_isolation on nova.post_likes
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));

-- How many undeleted public posts carry a hashtag: derived from the outbox, repaired by `nova repair counts`.
create table nova.hashtag_usage (
  tenant_id uuid not null references nova.tenants (tenant_id),
  hashtag text not null,
  posts bigint not null default 0,
  primary key (tenant_id, hashtag)
);
alter table nova.hashtag_usage enable row level security;
alter table nova.hashtag_usage force row level security;
create policy tenant_isolation on nova.hashtag_usage
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));
