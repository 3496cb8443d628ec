-- no-transaction
create unique index concurrently users_external_id_key on nova.users (tenant_id, external_id);
