-- Whose blocks and mutes have changed, and by whom: what processes read to drop what they keep of them in memory (C4).
create table nova.relation_changes (
  tenant_id uuid not null,
  user_id uuid not null,
  -- Part of the key, so that those who block one popular user do not wait for one another.
  changed_by uuid not null,
  -- Readers ask for everything that their last snapshot did not show: commit order, no gap.
  xid xid8 not null default pg_current_xact_id(),
  changed_at timestamptz not null default now(),
  primary key (tenant_id, user_id, changed_by),
  foreign key (tenant_id, user_id) references nova.users (tenant_id, id),
  foreign key (tenant_id, changed_by) references nova.users (tenant_id, id)
);
create index relation_changes_by_xid on nova.relation_changes (xid);
create index relation_changes_by_time on nova.relation_changes (changed_at);
create index relation_changes_by_changer on nova.relation_changes (tenant_id, changed_by);
alter table nova.relation_changes enable row level security;
alter table nova.relation_changes force row level security;
create policy tenant_isolation on nova.relation_changes
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));

-- By triggers, so that nobody who changes a row can forget it: not the version before this one, which runs beside it.
create function nova.note_block_changes() returns trigger language plpgsql as $$
begin
  insert into nova.relation_changes (tenant_id, user_id, changed_by)
  select distinct c.tenant_id, side.user_id, c.blocker_id
  from changed c
  cross join lateral (values (c.blocker_id), (c.blocked_id)) as side (user_id)
  order by 1, 2, 3
  on conflict (tenant_id, user_id, changed_by) do update set xid = pg_current_xact_id(), changed_at = now();
  return null;
end $$;

create function nova.note_mute_changes() returns trigger language plpgsql as $$
begin
  insert into nova.relation_changes (tenant_id, user_id, changed_by)
  select distinct c.tenant_id, c.muter_id, c.muter_id
  from changed c
  -- What is swept up after its time had no effect any more.
  where tg_op <> 'DELETE' or c.expires_at is null or c.expires_at > now()
  order by 1, 2
  on conflict (tenant_id, user_id, changed_by) do update set xid = pg_current_xact_id(), changed_at = now();
  return null;
end $$;

create trigger blocks_inserted after insert on nova.blocks
  referencing new table as changed for each statement execute function nova.note_block_changes();
create trigger blocks_deleted after delete on nova.blocks
  referencing old table as changed for each statement execute function nova.note_block_changes();
create trigger mutes_inserted after insert on nova.mutes
  referencing new table as changed for each statement execute function nova.note_mute_changes();
create trigger mutes_updated after update on nova.mutes
  referencing new table as changed for each statement execute function nova.note_mute_changes();
create trigger mutes_deleted after delete on nova.mutes
  referencing old table as changed for each statement execute function nova.note_mute_changes();
