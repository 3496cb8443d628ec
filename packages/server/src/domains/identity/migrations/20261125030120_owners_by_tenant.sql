-- no-transaction
create index concurrently users_with_role on nova.users (tenant_id, role, id) where role <> 'member';
