-- no-transaction
create index concurrently tenants_closed on nova.tenants (closed_at) where closed_at is not null;
