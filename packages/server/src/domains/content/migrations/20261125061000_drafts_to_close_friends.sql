alter table nova.post_drafts
  drop constraint post_drafts_visibility_check,
  add constraint post_drafts_visibility_check
    check (visibility in ('public', 'followers', 'close_friends', 'private')) not valid;
