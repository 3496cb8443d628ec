-- What the tenant's own app calls a user: by it the app's backend creates and changes users, and signs tokens for them.
alter table nova.users add column external_id text;
alter table nova.users
  add constraint users_external_id_length check (char_length(external_id) between 1 and 255) not valid;
