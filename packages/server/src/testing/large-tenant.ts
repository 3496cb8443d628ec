import { type Client, escapeIdentifier } from 'pg';

export interface LargeSize {
  readonly users: number;
  readonly followsPerUser: number;
  readonly postsPerUser: number;
  readonly likesPerPost: number;
}

/** Rows per statement: no transaction is long, for the outboxes of the whole server wait for the oldest one. */
const CHUNK = 50_000;

/** The id of the n-th row of a kind. */
export const largeId = (kind: 'user' | 'post', n: number): string =>
  `0${kind === 'user' ? '1' : '2'}900000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

const idOf = (kind: 'user' | 'post', n: string): string =>
  `('0${kind === 'user' ? '1' : '2'}900000-0000-7000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`;

/** The users that everybody and nobody knows. */
export const POPULAR = 1;
/** Follows as many as the limit lets them, has written a hundred times as much as others, and is often blocked. */
export const BUSY = 2;

const BUSY_FOLLOWS = 5_000;
const BUSY_POSTS = 10_000;

/**
 * Fills a tenant with a community by plain SQL as superuser: constraints are not checked and indexes are built
 * afterwards, which takes a tenth of the time of the importers. Follows, likes and hashtags favour low numbers.
 */
export async function fillLargeTenant(superuser: Client, tenantId: string, size: LargeSize): Promise<void> {
  const { users, followsPerUser, postsPerUser, likesPerPost } = size;
  const posts = users * postsPerUser;
  const inserted = async (count: number, sql: string) => {
    for (let from = 1; from <= count; from += CHUNK) {
      await superuser.query(sql, [tenantId, from, Math.min(from + CHUNK - 1, count)]);
    }
  };
  const at = (n: string) => `timestamptz '2026-01-01' + ${n} * interval '1 second'`;
  /** 1 to `bound`, small ones more often. */
  const skewed = (bound: number, salt: string) =>
    `1 + floor(${bound} * power((hashint8extended(${salt}, 7) & 1048575) / 1048576.0, 2))::bigint`;

  await inserted(
    users,
    `insert into users (tenant_id, id, handle, display_name, email, created_at)
     select $1::uuid, ${idOf('user', 'n')}, 'user_' || n, 'User ' || n, 'user_' || n || '@example.org', ${at('n')}
     from generate_series($2::bigint, $3::bigint) n`,
  );
  await inserted(
    users * followsPerUser,
    `insert into follows (tenant_id, follower_id, followee_id, created_at)
     select $1::uuid, ${idOf('user', 'follower')}, ${idOf('user', 'followee')}, ${at('n')}
     from generate_series($2::bigint, $3::bigint) n
     cross join lateral (select 1 + n % ${users} as follower, ${skewed(users, 'n')} as followee) pair
     where follower <> followee on conflict do nothing`,
  );
  await inserted(
    Math.min(BUSY_FOLLOWS, users),
    `insert into follows (tenant_id, follower_id, followee_id, created_at)
     select $1::uuid, ${idOf('user', `${BUSY}::bigint`)}, ${idOf('user', 'n')}, ${at('n')}
     from generate_series($2::bigint, $3::bigint) n where n <> ${BUSY} on conflict do nothing`,
  );
  await inserted(
    posts,
    `insert into posts (tenant_id, id, author_id, body, language, visibility, hashtags, created_at, updated_at, deleted_at)
     select $1::uuid, ${idOf('post', 'n')},
       case when n % ${Math.ceil(posts / BUSY_POSTS)} = 0 then ${idOf('user', `${BUSY}::bigint`)}
         else ${idOf('user', skewed(users, 'n'))} end,
       'post ' || n || ' ' || repeat('word ', 20), 'en', case when n % 10 = 0 then 'followers' else 'public' end,
       array['tag_' || n % 500], ${at('n')}, ${at('n')}, case when n % 100 = 0 then now() end
     from generate_series($2::bigint, $3::bigint) n`,
  );
  await inserted(
    posts,
    `insert into post_hashtags (tenant_id, post_id, hashtag, created_at, counted)
     select $1::uuid, ${idOf('post', 'n')}, case when n % 3 = 0 then 'popular' else 'tag_' || n % 500 end, ${at('n')}, true
     from generate_series($2::bigint, $3::bigint) n`,
  );
  await inserted(
    posts * likesPerPost,
    `insert into post_likes (tenant_id, post_id, user_id, created_at)
     select $1::uuid, ${idOf('post', skewed(posts, 'n'))}, ${idOf('user', `1 + n % ${users}`)}, ${at('n')}
     from generate_series($2::bigint, $3::bigint) n on conflict do nothing`,
  );
  await inserted(
    users,
    `insert into blocks (tenant_id, blocker_id, blocked_id, created_at)
     select $1::uuid, ${idOf('user', 'n')}, ${idOf('user', `case when n % 50 = 0 then ${BUSY}::bigint else n + 1 end`)}, ${at('n')}
     from generate_series($2::bigint, $3::bigint) n where n <> ${BUSY} on conflict do nothing`,
  );
  await inserted(
    users,
    `insert into graph_counts (tenant_id, user_id, followers, following)
     select $1::uuid, ${idOf('user', 'n')}, n, n from generate_series($2::bigint, $3::bigint) n`,
  );
  await inserted(
    users,
    `insert into credentials (tenant_id, user_id, password_hash)
     select $1::uuid, ${idOf('user', 'n')}, 'none' from generate_series($2::bigint, $3::bigint) n`,
  );
  await inserted(
    users * 2,
    `insert into sessions (tenant_id, id, user_id, token_hash, created_at, expires_at, revoked_at)
     select $1::uuid, gen_random_uuid(), ${idOf('user', `1 + n % ${users}`)}, sha256(($1::uuid || ' ' || n)::bytea), ${at('n')},
       now() + interval '1 day', case when n % 20 = 0 then now() end
     from generate_series($2::bigint, $3::bigint) n`,
  );
  await inserted(
    users,
    `insert into idempotency_keys (tenant_id, owner, key, operation, request_hash)
     select $1::uuid, 'user:' || ${idOf('user', 'n')}, 'key ' || n, 'createPost', sha256(n::text::bytea)
     from generate_series($2::bigint, $3::bigint) n`,
  );
  await inserted(
    users,
    `insert into session_revocations (tenant_id, session_id, token_hash, revoked_at)
     select $1::uuid, gen_random_uuid(), sha256(n::text::bytea), ${at('n')} from generate_series($2::bigint, $3::bigint) n`,
  );
  await inserted(
    users,
    `insert into outbox (tenant_id, type, key, payload)
     select $1::uuid, 'post.created', n::text, '{}' from generate_series($2::bigint, $3::bigint) n`,
  );
  await inserted(
    200,
    `insert into api_keys (tenant_id, id, kind, key_hash, hint)
     select $1::uuid, gen_random_uuid(), 'publishable', sha256(($1::uuid || ' key ' || n)::bytea), 'nova_pk_'
     from generate_series($2::bigint, $3::bigint) n`,
  );
  await inserted(
    500,
    `insert into hashtag_usage (tenant_id, hashtag, posts)
     select $1::uuid, 'tag_' || n, n from generate_series($2::bigint, $3::bigint) n`,
  );
}

/** Runs `load` with the indexes that no constraint needs put aside and without checks; then builds and analyses. */
export async function withRelaxedTables(superuser: Client, load: () => Promise<void>): Promise<void> {
  const { rows } = await superuser.query<{ name: string; definition: string }>(
    `select c.relname as name, pg_get_indexdef(i.indexrelid) as definition
     from pg_index i join pg_class c on c.oid = i.indexrelid
     where c.relnamespace = 'nova'::regnamespace and not i.indisunique
       and not exists (select from pg_constraint k where k.conindid = i.indexrelid)`,
  );
  await superuser.query(`set session_replication_role = replica; set synchronous_commit = off; set search_path = nova`);
  for (const { name } of rows) await superuser.query(`drop index nova.${escapeIdentifier(name)}`);
  await load();
  await superuser.query(`set maintenance_work_mem = '256MB'`);
  for (const { definition } of rows) await superuser.query(definition);
  await superuser.query('vacuum (analyze)');
}
