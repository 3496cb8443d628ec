import { Pool } from 'pg';

export interface LargeSize {
  readonly users: number;
  readonly followsPerUser: number;
  readonly postsPerUser: number;
  readonly likesPerPost: number;
}

/** 100,000 users, a million posts, two million follows and as many likes. */
export const LARGE: LargeSize = { users: 100_000, followsPerUser: 20, postsPerUser: 10, likesPerPost: 2 };

/** Rows per statement: no transaction is long, for the outboxes of the whole server wait for the oldest one. */
const CHUNK = 50_000;

const KINDS = {
  tenant: '0',
  user: '1',
  post: '2',
  session: '3',
  key: '4',
  draft: '5',
  media: '6',
  token: '7',
  mail: '8',
  list: '9',
} as const;
type Kind = keyof typeof KINDS;

const prefixOf = (kind: Kind) => `0${KINDS[kind]}900000-0000-7000-8000-`;

/** The id of the n-th row of a kind. */
export const largeId = (kind: Kind, n: number): string => prefixOf(kind) + n.toString(16).padStart(12, '0');

const idOf = (kind: Kind, n: string): string => `('${prefixOf(kind)}' || lpad(to_hex(${n}), 12, '0'))::uuid`;

/** The tenant whose statements are looked at, and one whose rows they must not read. */
export const TENANT = largeId('tenant', 1);
export const OTHER_TENANT = largeId('tenant', 2);
/** The user whom everybody follows, and the post that everybody likes. */
export const POPULAR = 1;
/** Follows as many as may be followed, writes a thousand times as much as others, blocks and is blocked. */
export const BUSY = 2;
/** Who has set events aside. */
export const CONSUMER = 'content.hashtagUsage';

const BUSY_FOLLOWS = 5_000;
const BUSY_POSTS = 10_000;
const BUSY_BLOCKS = 1_000;
const BUSY_LISTS = 100;
const HASHTAGS = 50_000;
/** As many as one may keep, and as often as one may edit. */
export const BUSY_DRAFTS = 500;
export const EDITED = { post: 700, versions: 1_000 };
/** As many as may wait in a tenant. */
const MAILS = 5_000;
const FEED_SESSIONS = 10_000;
/** A deleted post of BUSY in whose poll a tenth of all users has voted, and where the posts begin in whose polls BUSY has. */
const VOTED = { post: 20_010, byBusyAfter: 30_000, byBusy: 2_000 };

/**
 * Fills a tenant with a community by plain SQL, on connections of `withRelaxedTables`: a tenth of the time of the
 * importers. Follows, likes and hashtags favour low numbers; of everything that is purged a part is old enough.
 */
export async function fillLargeTenant(sql: Pool, tenantId: string, size: LargeSize): Promise<void> {
  const { users, followsPerUser, postsPerUser, likesPerPost } = size;
  const posts = users * postsPerUser;
  const likesPerUser = postsPerUser * likesPerPost;
  const inserted = async (count: number, statement: string) => {
    for (let from = 1; from <= count; from += CHUNK) {
      await sql.query(statement, [tenantId, from, Math.min(from + CHUNK - 1, count)]);
    }
  };
  const at = (n: string) => `timestamptz '2026-01-01' + ${n} * interval '1 second'`;
  const random = (salt: number) => `(hashint8extended(n, ${salt}) & 1048575) / 1048576.0`;
  /** 1 to `bound`, small ones more often. */
  const skewed = (bound: number, salt = 1) => `1 + floor(${bound} * power(${random(salt)}, 2))::bigint`;
  const user = (n: string) => idOf('user', n);
  const post = (n: string) => idOf('post', n);
  const listOwner = (n: string) => user(`case when ${n} <= ${BUSY_LISTS} then ${BUSY} else ${n} end`);
  /** Round by round, each user in turn. */
  const turn = `1 + n % ${users}`;
  const round = `(n - 1) / ${users}`;
  /** The popular one in the first round; then others, never one twice: each round has a range that it does not fill. */
  const skewedOrPopular = (bound: number, rounds: number) =>
    `case ${round} when 0 then ${POPULAR}
       else 2 + floor(${bound - 1} * power((${round} - 1 + 0.9 * ${random(1)}) / ${rounds - 1}, 2))::bigint end`;

  await Promise.all([
    inserted(
      users,
      `insert into users (tenant_id, id, handle, display_name, email, external_id, role, is_private, created_at)
       select $1::uuid, ${user('n')}, 'user_' || n, 'User ' || n, 'user_' || n || '@example.org',
         'external ' || n, case when n <= 2 then 'owner' when n % 1000 = 0 then 'moderator' else 'member' end,
         n % 10 = 3, ${at('n')}
       from generate_series($2::bigint, $3::bigint) n`,
    ),
    inserted(
      users * followsPerUser,
      `insert into follows (tenant_id, follower_id, followee_id, created_at)
       select $1::uuid, ${user('follower')}, ${user('followee')}, ${at('n')}
       from generate_series($2::bigint, $3::bigint) n
       cross join lateral (select ${turn} as follower, ${skewedOrPopular(users, followsPerUser)} as followee) pair
       where follower <> followee and follower <> ${BUSY}`,
    ),
    inserted(
      Math.min(BUSY_FOLLOWS, users),
      `insert into follows (tenant_id, follower_id, followee_id, created_at)
       select $1::uuid, ${user(`${BUSY}`)}, ${user('n')}, ${at('n')}
       from generate_series($2::bigint, $3::bigint) n where n <> ${BUSY}`,
    ),
    inserted(
      posts,
      `insert into posts (tenant_id, id, author_id, body, language, visibility, hashtags, like_count, has_media,
         version, link_url, created_at, updated_at, deleted_at)
       select $1::uuid, ${post('n')},
         ${user(`case when n % ${Math.ceil(posts / BUSY_POSTS)} = 0 or n = ${VOTED.post} then ${BUSY} else ${skewed(users)} end`)},
         'post ' || n || ' ' || repeat('word ', 20), 'en', case when n % 7 = 0 then 'followers' else 'public' end,
         array['tag_' || ${skewed(HASHTAGS, 2)}], ${users}, n % 10 = 1,
         case when n = ${EDITED.post} then ${EDITED.versions} when n <= ${posts / 10} then 2 else 1 end,
         case when n % 10 = 7 then 'https://example.org/' || n end, ${at('n')}, ${at('n')},
         case when n % 20 = 10 then now() - n / 20 % 60 * interval '1 day' end
       from generate_series($2::bigint, $3::bigint) n`,
    ),
    inserted(
      posts,
      `insert into post_hashtags (tenant_id, post_id, hashtag, created_at, counted)
       select $1::uuid, ${post('n')}, case when n % 3 = 0 then 'popular' else 'tag_' || ${skewed(HASHTAGS, 2)} end,
         ${at('n')}, n % 7 <> 0 and n % 20 <> 10
       from generate_series($2::bigint, $3::bigint) n`,
    ),
    inserted(
      posts / 10,
      `insert into post_versions (tenant_id, post_id, version, body, entities, custom, written_at)
       select $1::uuid, ${post('n')}, 1, 'before ' || n, '[]', '{}', ${at('n')}
       from generate_series($2::bigint, $3::bigint) n where n <> ${EDITED.post}`,
    ),
    inserted(
      EDITED.versions - 1,
      `insert into post_versions (tenant_id, post_id, version, body, entities, custom, written_at)
       select $1::uuid, ${post(`${EDITED.post}`)}, n, 'before ' || n, '[]', '{}', ${at('n')}
       from generate_series($2::bigint, $3::bigint) n`,
    ),
    inserted(
      users,
      `insert into media (tenant_id, id, owner_id, kind, alt, created_at)
       select $1::uuid, ${idOf('media', 'n')}, ${user(`case when n % 50 = 0 then ${BUSY} else ${turn} end`)}, 'image', '',
         ${at('n')}
       from generate_series($2::bigint, $3::bigint) n`,
    ),
    inserted(
      users * 3,
      `insert into media_variants (tenant_id, media_id, name, url)
       select $1::uuid, ${idOf('media', turn)}, 'variant ' || ${round}, 'https://example.org/' || n
       from generate_series($2::bigint, $3::bigint) n`,
    ),
    inserted(
      posts / 10,
      `insert into post_media (tenant_id, post_id, place, media_id)
       select $1::uuid, ${post('1 + 10 * (n - 1)')}, 1, ${idOf('media', turn)}
       from generate_series($2::bigint, $3::bigint) n`,
    ),
    inserted(
      posts / 10,
      `insert into polls (tenant_id, post_id, options, multiple, hides_results, closes_at, votes, voters)
       select $1::uuid, ${post('n')}, '{a,b,c}', true, false, now() + interval '1 day',
         array_fill(${2 * users}::bigint, array[3]), ${2 * users}
       from generate_series($2::bigint, $3::bigint) n`,
    ),
    // A thousandth part is due, and a tenth expired long ago.
    inserted(
      users,
      `insert into link_previews (tenant_id, url, title, due_at, expires_at)
       select $1::uuid, 'https://example.org/' || n, 'title ' || n,
         case when n % 1000 = 0 then now() - n * interval '1 second' end,
         now() + case when n % 10 = 0 then -200 else 7 end * interval '1 day'
       from generate_series($2::bigint, $3::bigint) n`,
    ),
    // In the poll of one post everybody has voted, in others few.
    inserted(
      users * 2,
      `insert into poll_votes (tenant_id, post_id, user_id, options)
       select $1::uuid, ${post(`case ${round} when 0 then ${POPULAR} else 2 + (n - 1) % ${users / 10} end`)}, ${user(turn)},
         array[n % 2, 2]
       from generate_series($2::bigint, $3::bigint) n`,
    ),
    inserted(
      users / 10,
      `insert into poll_votes (tenant_id, post_id, user_id, options)
       select $1::uuid, ${post(`${VOTED.post}`)}, ${user('2 + n')}, array[n % 2, 2]
       from generate_series($2::bigint, $3::bigint) n`,
    ),
    inserted(
      VOTED.byBusy,
      `insert into poll_votes (tenant_id, post_id, user_id, options, created_at)
       select $1::uuid, ${post(`${VOTED.byBusyAfter} + n`)}, ${user(`${BUSY}`)}, array[n % 2, 2], ${at('n')}
       from generate_series($2::bigint, $3::bigint) n`,
    ),
    // Half of them are scheduled; of those a hundredth part is due.
    inserted(
      users,
      `insert into post_drafts (tenant_id, id, author_id, body, visibility, reply_policy, custom, publish_at, due_at,
         created_at)
       select $1::uuid, ${idOf('draft', 'n')}, ${user(`case when n <= ${BUSY_DRAFTS} then ${BUSY} else ${turn} end`)},
         'draft ' || n, 'public', 'everyone', '{}', time, time, ${at('n')}
       from generate_series($2::bigint, $3::bigint) n
       cross join lateral (select case when n % 2 = 0
         then now() + case when n % 200 = 0 then -1 else 1 end * n * interval '1 second' end as time) schedule`,
    ),
    inserted(
      users * likesPerUser,
      `insert into post_likes (tenant_id, post_id, user_id, created_at)
       select $1::uuid, ${post(skewedOrPopular(posts, likesPerUser))}, ${user(turn)}, ${at('n')}
       from generate_series($2::bigint, $3::bigint) n`,
    ),
    inserted(
      users,
      `insert into blocks (tenant_id, blocker_id, blocked_id, created_at)
       select $1::uuid, ${user('n')}, ${user(`case when n % 50 = 0 then ${BUSY} else 1 + (n + 1) % ${users} end`)},
         ${at('n')}
       from generate_series($2::bigint, $3::bigint) n where n <> ${BUSY}`,
    ),
    inserted(
      BUSY_BLOCKS,
      `insert into blocks (tenant_id, blocker_id, blocked_id, created_at)
       select $1::uuid, ${user(`${BUSY}`)}, ${user(`${users} - 7 * n`)}, ${at('n')}
       from generate_series($2::bigint, $3::bigint) n`,
    ),
    inserted(
      users,
      `insert into follow_requests (tenant_id, follower_id, followee_id, created_at)
       select $1::uuid, ${user('n')}, ${user(`case when n % 50 = 1 then ${BUSY} else 1 + (n + 2) % ${users} end`)},
         ${at('n')}
       from generate_series($2::bigint, $3::bigint) n where n <> ${BUSY}`,
    ),
    inserted(
      BUSY_BLOCKS,
      `insert into follow_requests (tenant_id, follower_id, followee_id, created_at)
       select $1::uuid, ${user(`${BUSY}`)}, ${user(`${users} - 3 * n`)}, ${at('n')}
       from generate_series($2::bigint, $3::bigint) n`,
    ),
    inserted(
      users,
      `insert into relation_changes (tenant_id, user_id, changed_by, changed_at)
       select $1::uuid, ${user('n')}, ${user('n')}, now() - n % 125 * interval '1 minute'
       from generate_series($2::bigint, $3::bigint) n`,
    ),
    // A tenth of the mutes is over.
    inserted(
      users,
      `insert into mutes (tenant_id, muter_id, muted_id, created_at, expires_at)
       select $1::uuid, ${user('n')}, ${user(`1 + (n + 4) % ${users}`)}, ${at('n')},
         case when n % 5 = 0 then now() + case when n % 10 = 0 then -1 else 1 end * interval '1 hour' end
       from generate_series($2::bigint, $3::bigint) n where n <> ${BUSY}`,
    ),
    inserted(
      BUSY_BLOCKS,
      `insert into mutes (tenant_id, muter_id, muted_id, created_at)
       select $1::uuid, ${user(`${BUSY}`)}, ${user('3 + 5 * n')}, ${at('n')}
       from generate_series($2::bigint, $3::bigint) n`,
    ),
    // As many as one may have for the busy one, and one of close friends; one for every other.
    inserted(
      users / 2,
      `insert into user_lists (tenant_id, id, owner_id, name, kind, member_count, created_at)
       select $1::uuid, ${idOf('list', 'n')}, ${listOwner('n')}, 'list ' || n,
         case when n = 1 or n > ${BUSY_LISTS} and n % 2 = 0 then 'close_friends' else 'named' end, 2, ${at('n')}
       from generate_series($2::bigint, $3::bigint) n`,
    ),
    inserted(
      users,
      `insert into user_list_members (tenant_id, list_id, member_id, owner_id, created_at)
       select $1::uuid, ${idOf('list', '(n + 1) / 2')}, ${user(`case when n % 2 = 0 then ${POPULAR} else n + 2 end`)},
         ${listOwner('(n + 1) / 2')}, ${at('n')}
       from generate_series($2::bigint, $3::bigint) n`,
    ),
    inserted(
      BUSY_BLOCKS - 2,
      `insert into user_list_members (tenant_id, list_id, member_id, owner_id, created_at)
       select $1::uuid, ${idOf('list', '1')}, ${user('n + 10')}, ${user(`${BUSY}`)}, ${at('n')}
       from generate_series($2::bigint, $3::bigint) n`,
    ),
    inserted(
      users,
      `insert into graph_counts (tenant_id, user_id, followers, following)
       select $1::uuid, ${user('n')}, n, n from generate_series($2::bigint, $3::bigint) n`,
    ),
    // Of a part of the last week, and a part of what is to be purged.
    inserted(
      posts / 10,
      `insert into popular_posts (tenant_id, post_id, created_at, heat)
       select $1::uuid, ${post('n')}, now() - n % 240 * interval '1 hour', ${random(3)}
       from generate_series($2::bigint, $3::bigint) n`,
    ),
    // Two of each of the first users, of a part of the last hour; of BUSY eight more.
    inserted(
      2 * FEED_SESSIONS,
      `insert into feed_sessions (tenant_id, viewer_id, id, hashtag, opened_at, post_ids, horizon_at, horizon_id)
       select $1::uuid, ${user(`1 + n % ${FEED_SESSIONS}`)}, ${idOf('session', 'n')}, 'popular',
         now() - n % 60 * interval '1 minute',
         array(select ${post('m')} from generate_series(1, case when n <= 2 then 500 else 5 end) m), ${at('n')}, ${post('n')}
       from generate_series($2::bigint, $3::bigint) n`,
    ),
    // The last user has none yet.
    inserted(
      users - 1,
      `insert into credentials (tenant_id, user_id, password_hash)
       select $1::uuid, ${user('n')}, 'none' from generate_series($2::bigint, $3::bigint) n`,
    ),
    inserted(
      users,
      `insert into own_writes (tenant_id, user_id)
       select $1::uuid, ${user('n')} from generate_series($2::bigint, $3::bigint) n`,
    ),
    inserted(
      users * 2,
      `insert into sessions (tenant_id, id, user_id, token_hash, created_at, expires_at, revoked_at)
       select $1::uuid, ${idOf('session', 'n')}, ${user(`case when n % 100 = 0 then ${BUSY} else ${turn} end`)},
         sha256(($1::uuid || ' ' || n)::bytea), ${at('n')},
         now() + case when n % 10 = 5 then -2 else 1 end * interval '1 day', case when n % 2 = 1 then now() end
       from generate_series($2::bigint, $3::bigint) n`,
    ),
    inserted(
      users,
      `insert into session_revocations (tenant_id, session_id, token_hash, revoked_at)
       select $1::uuid, ${idOf('session', '2 * n - 1')}, sha256(n::text::bytea), now() - n % 125 * interval '1 minute'
       from generate_series($2::bigint, $3::bigint) n`,
    ),
    inserted(
      users,
      `insert into principal_changes (tenant_id, id, subject_id, noted_at)
       select $1::uuid, ${idOf('session', 'n')}, ${user('n')}, now() - n % 125 * interval '1 minute'
       from generate_series($2::bigint, $3::bigint) n`,
    ),
    inserted(
      users / 10,
      `insert into erasures (tenant_id, user_id, due_at)
       select $1::uuid, ${user('10 * n')}, now() + case when n % 100 = 0 then -1 else n end * interval '1 minute'
       from generate_series($2::bigint, $3::bigint) n`,
    ),
    inserted(
      users,
      `insert into role_changes (tenant_id, id, sequence, user_id, old_role, new_role, changed_at)
       select $1::uuid, ${idOf('session', 'n')}, n, ${user(`1 + n % 1000`)}, 'member', 'moderator', ${at('n')}
       from generate_series($2::bigint, $3::bigint) n`,
    ),
    inserted(
      users,
      `insert into idempotency_keys (tenant_id, owner, key, operation, request_hash, expires_at)
       select $1::uuid, 'user:' || ${user('n')}, 'key ' || n, 'createPost', sha256(n::text::bytea),
         now() + case when n % 10 = 0 then -1 else 24 end * interval '1 hour'
       from generate_series($2::bigint, $3::bigint) n`,
    ),
    inserted(
      users,
      `insert into outbox (tenant_id, type, key, payload, created_at)
       select $1::uuid, 'post.created', n::text, '{}', ${at('n')} from generate_series($2::bigint, $3::bigint) n`,
    ),
    // Five of a user, as many as may be asked for in an hour; a tenth ended days ago.
    inserted(
      users * 5,
      `insert into account_tokens (tenant_id, id, user_id, purpose, email, token_hash, created_at, expires_at, used_at)
       select $1::uuid, ${idOf('token', 'n')}, ${user(turn)},
         case ${round} % 2 when 0 then 'verify_email' else 'reset_password' end, 'user@example.org',
         sha256(($1::uuid || ' token ' || n)::bytea), now() - n % 7200 * interval '1 second',
         now() + case when n % 10 = 5 then -2 else 1 end * interval '1 day', case when n % 3 = 0 then now() end
       from generate_series($2::bigint, $3::bigint) n`,
    ),
    inserted(
      MAILS,
      `insert into mails (tenant_id, id, template, recipient, params, due_at, expires_at)
       select $1::uuid, ${idOf('mail', 'n')}, 'identity.verifyEmail', 'user@example.org', '{}',
         now() + (n - ${MAILS} / 2) * interval '1 second', now() + interval '1 day'
       from generate_series($2::bigint, $3::bigint) n`,
    ),
    // Four events of a key: one of them failed, has retries left or none, and the others wait.
    inserted(
      users / 10,
      `insert into outbox_set_aside (tenant_id, consumer, event_id, xid, type, key, payload, created_at, attempts,
         error, retry_at)
       select $1::uuid, '${CONSUMER}', n, '1', 'post.created', ((n - 1) / 4)::text, '{}', ${at('n')},
         case n % 4 when 1 then 5 else 0 end, '', case n % 8 when 1 then now() - interval '1 minute' end
       from generate_series($2::bigint, $3::bigint) n`,
    ),
    inserted(
      200,
      `insert into token_keys (tenant_id, id, algorithm, public_key, revoked_at)
       select $1::uuid, ${idOf('key', 'n')}, 'EdDSA', sha256(n::text::bytea), case when n % 2 = 1 then now() end
       from generate_series($2::bigint, $3::bigint) n`,
    ),
    // Of all tenants, once.
    inserted(
      1,
      `with keys as (
         insert into token_keys (tenant_id, id, algorithm, public_key)
         select t.tenant_id, gen_random_uuid(), 'EdDSA', sha256(t.name::bytea) from tenants t where $1 = '${TENANT}'
       )
       insert into token_settings (tenant_id)
       select t.tenant_id from tenants t where $1 = '${TENANT}' and $2::bigint <= $3::bigint`,
    ),
    inserted(
      200,
      `insert into api_keys (tenant_id, id, kind, key_hash, hint)
       select $1::uuid, ${idOf('key', 'n')}, 'publishable', sha256(($1::uuid || ' key ' || n)::bytea), 'nova_pk_'
       from generate_series($2::bigint, $3::bigint) n`,
    ),
    // A tenth is old enough to go, of either.
    inserted(
      100_000,
      `insert into tenant_usage (tenant_id, day, counter, value)
       select $1::uuid, current_date + 500 - n::int / 100, 'counter ' || n % 100, n
       from generate_series($2::bigint, $3::bigint) n`,
    ),
    inserted(
      users,
      `insert into tenant_active_users (tenant_id, day, user_id)
       select $1::uuid, current_date - case when n % 10 = 0 then 5 else 0 end, ${user('n')} from generate_series($2::bigint, $3::bigint) n`,
    ),
    inserted(
      HASHTAGS,
      `insert into hashtag_usage (tenant_id, hashtag, posts)
       select $1::uuid, case n when 1 then 'popular' else 'tag_' || n end, n
       from generate_series($2::bigint, $3::bigint) n`,
    ),
  ]);
}

/**
 * Runs `load` on two connections of a superuser, without foreign keys and with the indexes put aside that nothing needs
 * meanwhile, keys of tables that no other table refers to among them; then builds and analyses.
 */
export async function withRelaxedTables(superuserUrl: string, load: (sql: Pool) => Promise<void>): Promise<void> {
  const settings = {
    search_path: 'nova',
    session_replication_role: 'replica',
    synchronous_commit: 'off',
    maintenance_work_mem: '256MB',
    // The other core builds another index.
    max_parallel_maintenance_workers: '0',
  };
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  const sql = new Pool({ connectionString: superuserUrl, options: options.join(' '), max: 2 });
  try {
    const { rows } = await sql.query<{ drop: string; build: string }>(
      `select format('drop index %s', i.indexrelid::regclass) as drop, pg_get_indexdef(i.indexrelid) as build
       from pg_index i join pg_class c on c.oid = i.indexrelid
       where c.relnamespace = 'nova'::regnamespace and not i.indisunique
       union all
       select format('alter table %s drop constraint %I', k.conrelid::regclass, k.conname),
         format('alter table %s add constraint %I %s', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid))
       from pg_constraint k
       where k.connamespace = 'nova'::regnamespace and k.contype = 'p'
         and not exists (select from pg_constraint f where f.contype = 'f' and f.confrelid = k.conrelid)`,
    );
    for (const { drop } of rows) await sql.query(drop);
    await load(sql);
    await Promise.all(rows.map(({ build }) => sql.query(build)));
    await sql.query('vacuum (analyze)');
  } finally {
    await sql.end();
  }
}
