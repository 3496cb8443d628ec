-- no-transaction
-- poll_votes_of_user begins with the same columns.
drop index concurrently if exists nova.poll_votes_by_user;
