-- no-transaction
create index concurrently posts_deleted_by_author on nova.posts (tenant_id, author_id, deleted_at desc, id desc)
  where deleted_at is not null;
