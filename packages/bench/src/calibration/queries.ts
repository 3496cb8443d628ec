/**
 * What the calibrations ask of PostgreSQL, and the two questions about the data that no API answers (who has posts,
 * and how many of them somebody may see). The bench brings its own table for inserts: the product's stay untouched.
 */
export const CREATE_TABLE = `
  create schema if not exists nova_bench;
  create table if not exists nova_bench.rows (id uuid primary key, body text not null, created_at timestamptz not null);
  grant usage on schema nova_bench to nova_app;
  grant insert on nova_bench.rows to nova_app;
`;

export const SET_TENANT = 'select set_config($1, $2, $3::boolean)';
export const TENANT_SETTING = 'nova.tenant_id';

export const SELECT_BY_KEY = `
  select id, author_id, body, like_count, created_at
  from nova.posts
  where tenant_id = $1 and id = $2
`;

export const INSERT_ROW = 'insert into nova_bench.rows (id, body, created_at) values ($1, $2, now())';

export const INSERT_BATCH = `
  insert into nova_bench.rows (id, body, created_at)
  select id, body, now() from unnest($1::uuid[], $2::text[]) as batch (id, body)
`;

export const DEFAULT_TENANT = 'select tenant_id as "tenantId" from nova.tenants where is_default';

/** Posts all over the table: every n-th of the primary key. */
export const SAMPLE_POSTS = `
  select id from (
    select id, row_number() over (order by id) as position, count(*) over () as total
    from nova.posts
    where tenant_id = $1 and deleted_at is null
  ) numbered
  where position % greatest(total / $2::int, 1) = 0
  limit $2::int
`;

/** Authors with what anybody may read of them, the busiest first. */
export const AUTHORS = `
  select author_id as "authorId", count(*)::int as posts
  from nova.posts
  where tenant_id = $1 and deleted_at is null and visibility = 'public'
  group by author_id
  order by posts desc, author_id
  limit $2::int
`;

export const POSTGRES_VERSION = 'show server_version';

/** Posts of one author, one a minute up to now, of 60 to 180 characters. */
export const INSERT_POSTS = `
  insert into nova.posts (tenant_id, id, author_id, body, visibility, created_at, updated_at)
  select $1::uuid, gen_random_uuid(), $2::uuid, 'Note ' || n || ': ' || repeat('a word or two ', 4 + n % 9), 'public', at, at
  from generate_series(1, $3::int) n, lateral (select now() - n * interval '1 minute') as time (at)
`;

/** Undeleted posts of some authors with one of some visibilities. */
export const COUNT_POSTS = `
  select count(*)::int as posts
  from nova.posts
  where tenant_id = $1 and author_id = any($2::uuid[]) and visibility = any($3::text[]) and deleted_at is null
`;

/** What autovacuum does by itself within minutes: a measurement must not depend on whether it has come by. */
export const REFRESH_STATISTICS = 'vacuum (analyze)';
