alter table nova.posts validate constraint posts_visibility_check;
