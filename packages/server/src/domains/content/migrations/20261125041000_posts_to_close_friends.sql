-- Posts for the author's close friends; those that are there have one of the levels before.
alter table nova.posts
  drop constraint posts_visibility_check,
  add constraint posts_visibility_check
    check (visibility in ('public', 'followers', 'close_friends', 'private')) not valid;
