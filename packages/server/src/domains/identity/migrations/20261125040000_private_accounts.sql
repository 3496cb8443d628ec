-- Whether following takes the account's consent, and its posts are for followers only.
alter table nova.users add column is_private boolean not null default false;
