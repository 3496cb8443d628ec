-- Keys have a name, may end by themselves, may be rotated, and secret ones may be limited to scopes.
alter table nova.api_keys add column name text not null default '';
-- Null: all that there are, those of later versions included.
alter table nova.api_keys add column scopes text[];
alter table nova.api_keys add column expires_at timestamptz;
-- The key that took over from this one.
alter table nova.api_keys add column replaced_by uuid;
-- Coarse: see key-usage.ts.
alter table nova.api_keys add column last_used_at timestamptz;
