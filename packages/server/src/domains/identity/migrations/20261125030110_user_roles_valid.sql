alter table nova.users validate constraint users_role_known;
