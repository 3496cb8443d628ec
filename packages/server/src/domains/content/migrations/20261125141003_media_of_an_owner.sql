-- no-transaction
create index concurrently media_of_owner on nova.media (tenant_id, owner_id, created_at desc, id desc);
