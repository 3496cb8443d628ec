-- What the first link of a post leads to: one row for each address, shared by all posts of the tenant.
create table nova.link_previews (
  tenant_id uuid not null references nova.tenants (tenant_id),
  url text not null check (char_length(url) <= 2000),
  -- null until it has been fetched, and when there is nothing to show.
  title text,
  description text,
  image_url text,
  site_name text,
  -- When it is fetched next; null while it is good.
  due_at timestamptz,
  -- Of the fetch that is due: a process that dies at it each time must not go on for ever.
  attempts int not null default 0,
  expires_at timestamptz,
  primary key (tenant_id, url)
);
create index link_previews_due on nova.link_previews (due_at) where due_at is not null;
create index link_previews_expired on nova.link_previews (expires_at) where due_at is null;
alter table nova.link_previews enable row level security;
alter table nova.link_previews force row level security;
create policy tenant_isolation on nova.link_previews
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));

-- A tenant without a row has previews.
create table nova.link_preview_settings (
  tenant_id uuid not null references nova.tenants (tenant_id),
  enabled boolean not null,
  primary key (tenant_id)
);
alter table nova.link_preview_settings enable row level security;
alter table nova.link_preview_settings force row level security;
create policy tenant_isolation on nova.link_preview_settings
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));

alter table nova.posts add column link_url text;
