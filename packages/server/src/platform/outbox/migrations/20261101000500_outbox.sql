-- Facts written in the transaction of their cause, read in commit order by consumers.
create table nova.outbox (
  tenant_id uuid not null,
  id bigint generated always as identity,
  -- The later of this transaction's id and the last id that had ended when the row was written. Consumers read
  -- by (xid, id) below the oldest transaction still running. By id alone they would lose rows: an id can be
  -- allocated before, and become visible after, a later one. By the bare transaction id they would see two
  -- changes of one key the wrong way round when the second had its transaction id before it waited for the first.
  xid xid8 not null default greatest(
    pg_current_xact_id(),
    (pg_snapshot_xmax(pg_current_snapshot())::text::bigint - 1)::text::xid8
  ),
  type text not null,
  key text not null,
  payload jsonb not null,
  -- W3C trace of the cause, so that its consequences share its correlation id.
  correlation_id text,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
create index outbox_in_commit_order on nova.outbox (xid, id);
alter table nova.outbox enable row level security;
alter table nova.outbox force row level security;
create policy tenant_isolation on nova.outbox
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));

-- How far each consumer has come; moved in the transaction of the effect. Belongs to no tenant.
create table nova.outbox_offsets (
  consumer text primary key,
  -- What any version of the consumer wants. One that wants less must not move the place: it would pass the rest.
  types text[] not null default '{}',
  xid xid8 not null,
  id bigint not null,
  updated_at timestamptz not null default now()
);

-- Events whose handling failed, and those of the same key that wait behind them. The first of a key has a
-- retry_at while retries are left, none once they are used up; those that wait have no attempts and no retry_at.
create table nova.outbox_set_aside (
  tenant_id uuid not null,
  consumer text not null,
  event_id bigint not null,
  xid xid8 not null,
  type text not null,
  key text not null,
  payload jsonb not null,
  correlation_id text,
  created_at timestamptz not null,
  attempts integer not null,
  error text not null,
  retry_at timestamptz,
  set_aside_at timestamptz not null default now(),
  primary key (tenant_id, consumer, event_id)
);
create index outbox_set_aside_by_key on nova.outbox_set_aside (tenant_id, consumer, key, xid, event_id);
create index outbox_set_aside_due on nova.outbox_set_aside (consumer, retry_at);
alter table nova.outbox_set_aside enable row level security;
alter table nova.outbox_set_aside force row level security;
create policy tenant_isolation on nova.outbox_set_aside
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));
