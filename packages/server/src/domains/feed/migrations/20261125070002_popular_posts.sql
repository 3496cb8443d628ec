-- Public posts of the last week that somebody likes, for ranked feeds. An index on the likes of posts would be written at
-- each like of any post; here are few. Derived from the outbox, repaired by `nova repair counts`.
create table nova.popular_posts (
  tenant_id uuid not null,
  post_id uuid not null,
  -- Of the post.
  created_at timestamptz not null,
  -- Likes and age in one number that only likes change: see domains/feed/score.ts.
  heat double precision not null,
  primary key (tenant_id, post_id),
  foreign key (tenant_id, post_id) references nova.posts (tenant_id, id) on delete cascade
);
create index popular_posts_by_heat on nova.popular_posts (tenant_id, heat desc, post_id desc) include (created_at);
create index popular_posts_by_age on nova.popular_posts (created_at);
alter table nova.popular_posts enable row level security;
alter table nova.popular_posts force row level security;
create policy tenant_isolation on nova.popular_posts
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));
