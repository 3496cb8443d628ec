import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ColumnShape,
  nullable,
  pg,
  type Query,
  readQuery,
  systemQuery,
  writeQuery,
} from '../platform/db/index.js';
import { namedQueries } from '../registry.js';
import { describeStatement } from '../testing/describe-statement.js';
import { connectTo } from '../testing/test-cluster.js';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.js';

/*
 * Each query declares its parameters and its row once, and TypeScript believes it. Here PostgreSQL is asked: every
 * statement, with and without its tenant filters, is prepared by the role that will run it, and what it takes and
 * gives is compared with the declaration. Whether a column may be null is known of those that come from a table; of a
 * computed one the declaration is believed.
 *
 * Seeded bugs that turn this red: see the second half, which runs the same check on wrong queries.
 */

let database: TestDatabase;
let clients: { readonly app: Client; readonly system: Client };

beforeAll(async () => {
  database = await createTestDatabase();
  const [app, system] = await Promise.all([connectTo(database.appUrl), connectTo(database.systemUrl)]);
  clients = { app, system };
});

afterAll(async () => {
  await Promise.all([clients?.app.end(), clients?.system.end()]);
  await database?.drop();
});

/** How the statement differs from what its query declares; nothing when it keeps its word. */
async function breaches(query: Query, text: string): Promise<string[]> {
  const client = clients[query.role];
  const { parameters, columns } = await describeStatement(client, text);
  const found: string[] = [];
  for (const [index, name] of query.order.entries()) {
    const declared = name === 'tenant' ? pg.uuid : query.params[name];
    if (declared?.oid !== parameters[index]) {
      found.push(`:${name} is declared ${declared?.type} and taken as oid ${parameters[index]}`);
    }
  }
  if (parameters.length !== query.order.length) found.push(`${parameters.length} parameters`);
  const names = columns.map(({ name }) => name);
  if (new Set(names).size < names.length) found.push(`a column is there twice: ${names.join(', ')}`);
  for (const { name, oid, mayBeNull } of columns) {
    const declared = query.row[name];
    if (declared === undefined) found.push(`column ${name} is not declared`);
    else if (declared.oid !== oid) found.push(`column ${name} is declared ${declared.type} and comes as oid ${oid}`);
    else if (mayBeNull && !declared.nullable) found.push(`column ${name} is declared never null and may be null`);
  }
  for (const name of Object.keys(query.row)) if (!names.includes(name)) found.push(`column ${name} does not come`);
  return found;
}

describe.each(namedQueries().map((query) => [query.name, query] as const))('%s', (_name, query) => {
  it('takes and gives what it declares, with and without its tenant filters', async () => {
    expect(await breaches(query, query.text)).toEqual([]);
    if (query.unfilteredText !== query.text) expect(await breaches(query, query.unfilteredText)).toEqual([]);
  });
});

describe('the check', () => {
  const sql = 'select id, handle from users where tenant_id = :tenant and created_at < :before::timestamptz';
  const declare = (params: ColumnShape, row: ColumnShape, text = sql) =>
    readQuery({ name: 'seeded', params, row, sql: text });
  const right = { id: pg.uuid, handle: pg.text };

  it('passes a query that keeps its word', async () => {
    const query = declare({ before: pg.timestamptz }, right);
    expect(await breaches(query, query.text)).toEqual([]);
    expect(await breaches(query, query.unfilteredText)).toEqual([]);
  });

  it.each([
    ['a parameter of another type', declare({ before: pg.text }, right), /:before is declared text/],
    ['a column of another type', declare({ before: pg.timestamptz }, { ...right, id: pg.text }), /id is declared text/],
    [
      'a column that does not come',
      declare({ before: pg.timestamptz }, { ...right, bio: nullable(pg.text) }),
      /bio does not come/,
    ],
    ['a column that nobody declared', declare({ before: pg.timestamptz }, { id: pg.uuid }), /handle is not declared/],
    ['two columns of one name', declare({}, { id: pg.uuid }, 'select id, id from users'), /is there twice: id, id/],
    [
      'a column that may be null',
      declare({}, { email: pg.text }, 'select email from users where tenant_id = :tenant'),
      /email is declared never null/,
    ],
    [
      'a column of a row that an outer join may miss',
      declare(
        {},
        { hash: pg.text },
        `select c.hash from users u
         left join (select tenant_id, user_id, password_hash as hash from credentials offset 0) c
           on c.tenant_id = :tenant and c.user_id = u.id
         where u.tenant_id = :tenant`,
      ),
      /hash is declared never null/,
    ],
    [
      'a column of a row that was not written',
      writeQuery({
        name: 'seeded',
        params: { id: pg.uuid },
        row: { plan: pg.text },
        sql: `
          with changed as (update tenants set plan = 'pro' where tenant_id = :tenant returning tenant_id, plan)
          select changed.plan from users u left join changed on changed.tenant_id = u.tenant_id where u.id = :id::uuid`,
      }),
      /plan is declared never null/,
    ],
    [
      'a count taken for an integer',
      declare({}, { count: pg.int4 }, 'select count(*) as count from users where tenant_id = :tenant'),
      /count is declared integer/,
    ],
  ])('finds %s', async (_what, query, reason) => {
    expect((await breaches(query, query.text)).join('; ')).toMatch(reason);
  });

  it.each([
    ['a column that is not there', declare({}, { id: pg.uuid }, 'select identity as id from users'), /does not exist/],
    ['a table that is not there', declare({}, { id: pg.uuid }, 'select id from members'), /does not exist/],
    [
      'a parameter whose type cannot be told',
      declare({ what: pg.text }, { what: pg.text }, 'select case when true then null else :what end is null as what'),
      undefined,
    ],
    [
      'what the role may not do',
      writeQuery({ name: 'seeded', params: {}, row: {}, sql: 'delete from schema_migrations' }),
      /permission denied/,
    ],
  ])('finds %s', async (_what, query, reason) => {
    const outcome = await breaches(query, query.text).then(
      (found) => found.join('; '),
      (error: Error) => error.message,
    );
    if (reason === undefined) expect(outcome).not.toBe('');
    else expect(outcome).toMatch(reason);
  });

  it('prepares what crosses tenants as nova_system', async () => {
    const query = systemQuery({
      name: 'seeded',
      kind: 'read',
      params: {},
      row: { role: pg.text },
      sql: 'select current_user::text as role',
    });
    expect(await breaches(query, query.text)).toEqual([]);
    expect((await clients.system.query(query.text)).rows).toEqual([{ role: 'nova_system' }]);
    expect((await clients.app.query(query.text)).rows).toEqual([{ role: 'nova_app' }]);
  });
});
