-- Mails that wait to be sent: rows of the transaction of their cause, gone once a server has taken them. They hold no
-- secret: what a template puts into a link is derived when the mail is sent.
create table nova.mails (
  tenant_id uuid not null,
  id uuid not null,
  template text not null,
  recipient text not null check (char_length(recipient) <= 254),
  params jsonb not null,
  -- Tries that failed for a reason of the mail's own; while no server can be reached none is counted.
  attempts integer not null default 0,
  -- When it may be sent. Whoever sends it moves this ahead, so that it comes back if they die.
  due_at timestamptz not null default now(),
  -- Past it nobody has a use for the mail any more.
  expires_at timestamptz not null,
  primary key (tenant_id, id)
);
create index mails_due on nova.mails (due_at);
alter table nova.mails enable row level security;
alter table nova.mails force row level security;
create policy tenant_isolation on nova.mails
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));
