-- Polls: one row each, so that a vote counts in one update.
create table nova.polls (
  tenant_id uuid not null,
  post_id uuid not null,
  options text[] not null check (cardinality(options) between 2 and 10),
  multiple boolean not null,
  -- Nobody but the author sees results before they have voted, until the poll is closed.
  hides_results boolean not null,
  closes_at timestamptz not null,
  -- Votes for each option, and those who have voted.
  votes bigint[] not null,
  voters bigint not null default 0 check (voters >= 0),
  primary key (tenant_id, post_id),
  check (cardinality(votes) = cardinality(options)),
  foreign key (tenant_id, post_id) references nova.posts (tenant_id, id) on delete cascade
) with (fillfactor = 85);
alter table nova.polls enable row level security;
alter table nova.polls force row level security;
create policy tenant_isolation on nova.polls
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));

create table nova.poll_votes (
  tenant_id uuid not null,
  post_id uuid not null,
  user_id uuid not null,
  -- From 0.
  options int[] not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, post_id, user_id),
  foreign key (tenant_id, post_id) references nova.polls (tenant_id, post_id) on delete cascade,
  foreign key (tenant_id, user_id) references nova.users (tenant_id, id)
);
create index poll_votes_by_user on nova.poll_votes (tenant_id, user_id);
alter table nova.poll_votes enable row level security;
alter table nova.poll_votes force row level security;
create policy tenant_isolation on nova.poll_votes
  using (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid));

-- Pages without a poll do not look for any.
alter table nova.posts add column has_poll boolean not null default false;
-- What the poll of the post will be: {options, multiple, hidesResults, durationSeconds}.
alter table nova.post_drafts add column poll jsonb;
