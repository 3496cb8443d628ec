import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { namedQueries } from '../app.js';
import type { Query } from '../platform/db/index.js';
import { BACKGROUND_STATEMENTS } from '../testing/background-statements.js';
import {
  BUSY,
  CONSUMER,
  fillLargeTenant,
  LARGE,
  largeId,
  OTHER_TENANT,
  TENANT,
  withRelaxedTables,
} from '../testing/large-tenant.js';
import { type PlanBounds, type PlanNode, planFlaws } from '../testing/query-plan.js';
import { REQUEST_STATEMENTS } from '../testing/request-statements.js';
import { literalOf, type StatementCase } from '../testing/statement-case.js';
import { connectTo } from '../testing/test-cluster.js';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.js';

/*
 * D1, D3, D8, D11: at 100,000 users and a million posts each statement of the product goes through its index, reads
 * about as many rows as it gives, sorts no more than it may and needs no disk - as the role that runs it, under
 * row-level security, for plans with and without the values, and for the users whom averages do not describe.
 *
 * Seeded bugs that turn this red: at the end indexes are dropped, and statements sort, hash and scan too much.
 */

/** Loading takes half a minute on two quiet cores; the rest is for machines that do ten things. */
const LOAD_WITHIN_MS = 600_000;

const CASES: Readonly<Record<string, StatementCase>> = { ...REQUEST_STATEMENTS, ...BACKGROUND_STATEMENTS };
const queries = new Map(namedQueries().map((query) => [query.name, query]));

let database: TestDatabase;
let superuser: Client;
let clients: { readonly app: Client; readonly system: Client };

beforeAll(async () => {
  database = await createTestDatabase();
  await withRelaxedTables(database.superuserUrl, async (sql) => {
    await sql.query(
      `insert into tenants (tenant_id, name, plan)
       select id, 'tenant', 'free' from unnest($1::uuid[]) id union all
       select gen_random_uuid(), 'tenant', 'free' from generate_series(1, 20000)`,
      [[TENANT, OTHER_TENANT]],
    );
    await sql.query(
      `insert into api_keys (tenant_id, id, kind, key_hash, hint)
       select tenant_id, gen_random_uuid(), kind, sha256((tenant_id || kind)::bytea), 'nova_' from tenants
       cross join unnest(array['publishable', 'secret']) kind`,
    );
    await sql.query('insert into link_preview_settings (tenant_id, enabled) select tenant_id, true from tenants');
    await fillLargeTenant(sql, TENANT, LARGE);
    await fillLargeTenant(sql, OTHER_TENANT, { ...LARGE, users: LARGE.users / 10 });
    await sql.query(
      `insert into outbox_offsets (consumer, xid, id)
       select consumer, xid, id from unnest(array[$1, 'another']) consumer
       cross join (select xid, id from outbox order by xid, id offset $2 limit 1) half_way`,
      [CONSUMER, LARGE.users / 2],
    );
  });
  superuser = await connectTo(database.superuserUrl);
  await superuser.query('set search_path = nova');
  const [app, system] = await Promise.all([connectTo(database.appUrl), connectTo(database.systemUrl)]);
  clients = { app, system };
}, LOAD_WITHIN_MS);

afterAll(async () => {
  await Promise.all([clients?.app.end(), clients?.system.end(), superuser?.end()]);
  await database?.drop();
});

type Statement = Pick<Query, 'text' | 'order'>;

/** What `work` gives; what it has done is taken back. */
async function undone<T>(client: Client, work: () => Promise<T>): Promise<T> {
  try {
    await client.query('begin');
    return await work();
  } finally {
    // What is not flushed would count as scans of the next transaction.
    await client.query('rollback; deallocate all; select pg_stat_force_next_flush()');
  }
}

/** What is wrong with the statement as it runs with its values: with its plan, and with those of its foreign keys. */
async function flaws(client: Client, { text, order }: Statement, given: StatementCase, mode: 'generic' | 'custom') {
  const values: StatementCase['values'] = { tenant: TENANT, ...given.values };
  expect(order.filter((name) => values[name] === undefined)).toEqual([]);
  const list = order.map((name) => literalOf(values[name])).join(', ');
  await client.query(`select set_config('nova.tenant_id', $1, true), set_config('plan_cache_mode', $2, true)`, [
    values['tenant'],
    `force_${mode}_plan`,
  ]);
  await client.query(`prepare statement as ${text}`);
  const execute = `execute statement ${list && `(${list})`}`;
  const { rows } = await client.query(`explain (analyze, buffers, format json) ${execute}`);
  const plan: PlanNode = rows[0]['QUERY PLAN'][0].Plan;
  const { rows: scanned } = await client.query<{ table: string }>(
    'select relname as table from pg_stat_xact_user_tables where seq_scan > 0',
  );
  const found = [
    ...planFlaws(plan, given),
    ...scanned.filter(({ table }) => !given.scans?.includes(table)).map(({ table }) => `scans ${table}`),
  ];
  return { found, plan };
}

describe('every statement at 100,000 users and a million posts (D1, D3, D8, D11)', () => {
  it('is described', () => {
    expect(Object.keys(CASES).sort()).toEqual([...queries.keys()].sort());
  });

  it.each(Object.keys(CASES).filter((name) => queries.has(name)))('%s keeps its bounds', async (name) => {
    const [query, bounds] = [queries.get(name) as Query, CASES[name] as StatementCase];
    const client = clients[query.role];
    for (const mode of ['generic', 'custom'] as const) {
      const { found, plan } = await undone(client, () => flaws(client, query, bounds, mode));
      expect(found, `${mode}\n${JSON.stringify(plan, null, 1)}`).toEqual([]);
    }
  });

  it.each([
    ['feed.homeSkeleton', 'posts_by_author'],
    ['content.postsByAuthor', 'posts_by_author'],
    ['graph.followers', 'follows_by_followee'],
    ['content.postsByHashtag', 'post_hashtags_by_hashtag'],
    ['identity.sessionsByToken', 'sessions_by_token'],
    ['identity.purgeEndedSessions', 'sessions_by_expiry'],
    ['outbox.eventsAfter', 'outbox_in_commit_order'],
  ])('would be found: %s without %s', async (name, index) => {
    const query = queries.get(name) as Query;
    const found = await undone(superuser, async () => {
      await superuser.query(`drop index ${index}; set local role nova_${query.role}`);
      const { rows } = await superuser.query(`explain (generic_plan, format json) ${query.text}`);
      return planFlaws(rows[0]['QUERY PLAN'][0].Plan, CASES[name] as StatementCase);
    });
    expect(found.join('; ')).toContain(`does not use ${index}`);
  });

  it.each([
    [
      'an order that no index has',
      'content.postsByAuthor',
      (text: string) => text.replace('order by p.created_at', 'order by p.like_count, p.created_at'),
      {},
      /^sorts 51 rows instead of 0; reads \d+ rows instead of 153$/,
    ],
    [
      'a list without a limit',
      'graph.usersByFollowers',
      (text: string) => text,
      { limit: LARGE.users },
      /sorts 1\d{5} rows.*spills/,
    ],
  ] as const)('would be found: %s', async (_what, name, change, values, reason) => {
    const [query, bounds] = [queries.get(name) as Query, CASES[name] as StatementCase];
    const text = change(query.text);
    const given = { ...bounds, values: { ...bounds.values, ...values } };
    const { found } = await undone(clients.app, () => flaws(clients.app, { ...query, text }, given, 'custom'));
    expect(found.join('; ')).toMatch(reason);
  });

  it.each<readonly [string, string, PlanBounds, RegExp]>([
    [
      'a sort in groups',
      `select body from posts
       where tenant_id = '${TENANT}' and author_id = '${largeId('user', BUSY)}' and deleted_at is null
       order by created_at desc, body`,
      { reads: 20_000 },
      /^sorts \d{5} rows instead of 0$/,
    ],
    [
      'a join that is larger than its memory',
      `select count(*) from users u join credentials c on c.tenant_id = u.tenant_id and c.user_id = u.id
       where u.tenant_id = '${TENANT}'`,
      { scans: ['users', 'credentials'], reads: 300_000 },
      /hashes in \d+ batches.*spills/,
    ],
    [
      'groups that are larger than their memory',
      'select count(*) from (select n % 50000 from generate_series(1, 100000) n group by 1) groups',
      {},
      /hashes in \d+ batches.*spills/,
    ],
  ])('would be found: %s', async (_what, text, bounds, reason) => {
    const { found } = await undone(clients.app, async () => {
      await clients.app.query(`set local work_mem = '64kB'`);
      return await flaws(clients.app, { text, order: [] }, { values: {}, ...bounds }, 'custom');
    });
    expect(found.join('; ')).toMatch(reason);
  });

  it('would be found: a foreign key without an index', async () => {
    const name = 'identity.purgeEndedSessions';
    const [query, bounds] = [queries.get(name) as Query, CASES[name] as StatementCase];
    const { found } = await undone(superuser, async () => {
      await superuser.query('alter table session_revocations drop constraint session_revocations_pkey');
      await superuser.query('set local role nova_system');
      return await flaws(superuser, query, { ...bounds, values: { limit: 1 } }, 'generic');
    });
    expect(found).toEqual(['scans session_revocations']);
  });
});
