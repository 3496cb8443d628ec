-- What a tenant has set otherwise than by default, by group and name.
alter table nova.tenants add column settings jsonb not null default '{}';
-- Only an open tenant is served. One that is being imported opens when all is there; a closed one is purged.
alter table nova.tenants add column state text not null default 'open';
-- Of the import under way: the checksum of its manifest, by which it may be taken up again.
alter table nova.tenants add column import_checksum text;
alter table nova.tenants add column closed_at timestamptz;
