-- no-transaction
create index concurrently posts_edited_by_author on nova.posts (tenant_id, author_id, created_at desc, id desc)
  where version > 1;
