-- Snapshots of feeds, from which their pages are read for half an hour (I15). Unlogged: opening one costs no wait for the
-- disk and no log, and all that a crash of PostgreSQL takes is the place of those who were scrolling (ADR 13). No foreign
-- key: its check would lock, and so log, the row of the viewer for each page that is opened.
create unlogged table nova.feed_sessions (
  tenant_id uuid not null,
  viewer_id uuid not null,
  -- Made from what the session holds: an unchanged feed is the session it was.
  id uuid not null,
  opened_at timestamptz not null default now(),
  -- Of a feed of a hashtag.
  hashtag text,
  -- In the order of the feed.
  post_ids uuid[] not null check (cardinality(post_ids) <= 500),
  -- Why each is there, 17 bytes a post: source and parts of its score; null where the feed itself says it.
  reasons bytea,
  -- What the feed goes on with is older than this; null when there is nothing more.
  horizon_at timestamptz,
  horizon_id uuid,
  primary key (tenant_id, viewer_id, id),
  check ((horizon_at is null) = (horizon_id is null))
);
-- Ids do not get shorter, and each page takes a slice.
alter table nova.feed_sessions alter column post_ids set storage external, alter column reasons set storage external;
create index feed_sessions_by_age on nova.feed_sessions (opened_at);
alter table nova.feed_sessions enable row level security;
alter table nova.feed_sessions force row level security;
create policy tenant_isolation on nova.feed_sessions
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));
