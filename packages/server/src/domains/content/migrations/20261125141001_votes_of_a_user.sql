-- no-transaction
create index concurrently poll_votes_of_user on nova.poll_votes (tenant_id, user_id, created_at desc, post_id desc);
