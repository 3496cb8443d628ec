alter table nova.users validate constraint users_external_id_length;
