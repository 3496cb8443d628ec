-- no-transaction
create index concurrently sessions_of_user on nova.sessions (tenant_id, user_id, id);
