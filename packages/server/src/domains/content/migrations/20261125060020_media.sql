-- Media that an app keeps elsewhere, with its variants, and the posts that carry it. A row never changes: the contents of
-- posts are kept by the version of the post.
create table nova.media (
  tenant_id uuid not null,
  id uuid not null,
  owner_id uuid not null,
  kind text not null check (kind in ('image', 'video', 'audio', 'file')),
  alt text not null,
  blurhash text,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, owner_id) references nova.users (tenant_id, id)
);
alter table nova.media enable row level security;
alter table nova.media force row level security;
create policy tenant_isolation on nova.media
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));

create table nova.media_variants (
  tenant_id uuid not null,
  media_id uuid not null,
  name text not null,
  url text not null,
  content_type text,
  width int,
  height int,
  bytes bigint,
  primary key (tenant_id, media_id, name),
  foreign key (tenant_id, media_id) references nova.media (tenant_id, id) on delete cascade
);
alter table nova.media_variants enable row level security;
alter table nova.media_variants force row level security;
create policy tenant_isolation on nova.media_variants
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));

create table nova.post_media (
  tenant_id uuid not null,
  post_id uuid not null,
  place int not null,
  media_id uuid not null,
  primary key (tenant_id, post_id, place),
  foreign key (tenant_id, post_id) references nova.posts (tenant_id, id) on delete cascade,
  foreign key (tenant_id, media_id) references nova.media (tenant_id, id)
);
create index post_media_by_media on nova.post_media (tenant_id, media_id);
alter table nova.post_media enable row level security;
alter table nova.post_media force row level security;
create policy tenant_isolation on nova.post_media
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));

-- Contents of posts without media do not look for any.
alter table nova.posts add column has_media boolean not null default false;
alter table nova.post_drafts add column media_ids uuid[] not null default '{}';
