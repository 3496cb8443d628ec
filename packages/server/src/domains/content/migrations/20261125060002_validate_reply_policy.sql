alter table nova.posts validate constraint posts_reply_policy_check;
