import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectTo } from '../../testing/test-cluster.js';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.js';
import { findCatalogueViolations, findIsolationViolations } from './catalogue.js';

let database: TestDatabase;
let owner: Client;

beforeAll(async () => {
  database = await createTestDatabase();
  owner = await connectTo(database.ownerUrl);
});

afterAll(async () => {
  await owner?.end();
  await database?.drop();
});

test('the migrated schema breaks no rule', async () => {
  expect(await findCatalogueViolations(owner)).toEqual([]);
});

/** Violations of the schema as changed by `sql`, which is taken back. */
async function violationsAfter(sql: string): Promise<{ all: string[]; isolation: string[] }> {
  await owner.query('BEGIN');
  try {
    await owner.query(sql);
    return { all: await findCatalogueViolations(owner), isolation: await findIsolationViolations(owner) };
  } finally {
    await owner.query('ROLLBACK');
  }
}

const CONDITION = "(tenant_id = (select nullif(current_setting('nova.tenant_id', true), '')::uuid))";
const policy = (table: string, using = CONDITION, check = CONDITION, rest = '') =>
  `CREATE POLICY p ON ${table} ${rest} USING ${using} WITH CHECK ${check};`;
const secured = (table: string) =>
  `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY; ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;`;
const GOOD = `CREATE TABLE t (tenant_id uuid NOT NULL, id uuid NOT NULL, other_id uuid, PRIMARY KEY (tenant_id, id));
  ${secured('t')} ${policy('t')}`;

test('a table by the rules, with partitions by the rules, is none', async () => {
  const partitioned = `
    CREATE TABLE p (tenant_id uuid NOT NULL, id uuid NOT NULL, PRIMARY KEY (tenant_id, id),
      FOREIGN KEY (tenant_id, id) REFERENCES t (tenant_id, id)) PARTITION BY RANGE (id);
    CREATE TABLE p1 PARTITION OF p DEFAULT;
    ${secured('p')} ${policy('p')} ${secured('p1')} ${policy('p1')}
    CREATE VIEW v WITH (security_invoker = on) AS SELECT * FROM t;`;
  expect((await violationsAfter(GOOD + partitioned)).all).toEqual([]);
});

describe('isolation, checked at every start too', () => {
  test.each([
    [
      'row-level security off',
      `${GOOD} ALTER TABLE t DISABLE ROW LEVEL SECURITY`,
      't: row-level security is not enabled',
    ],
    [
      'row-level security not forced',
      `${GOOD} ALTER TABLE t NO FORCE ROW LEVEL SECURITY`,
      't: row-level security is not forced',
    ],
    ['no policy', `${GOOD} DROP POLICY p ON t`, 't: has 0 policies'],
    ['a second policy', `${GOOD} CREATE POLICY q ON t USING (true)`, 't: has 2 policies'],
    ['another condition', `${GOOD} DROP POLICY p ON t; ${policy('t', '(true)')}`, 't: policy p is not exactly'],
    ['another check', `${GOOD} DROP POLICY p ON t; ${policy('t', CONDITION, '(true)')}`, 't: policy p is not exactly'],
    [
      'a condition with a way out',
      `${GOOD} DROP POLICY p ON t; ${policy('t', `(${CONDITION} OR tenant_id IS NULL)`)}`,
      't: policy p is not exactly',
    ],
    [
      'a setting read once a row',
      `${GOOD} DROP POLICY p ON t; ${policy('t', "(tenant_id = nullif(current_setting('nova.tenant_id', true), '')::uuid)")}`,
      't: policy p is not exactly',
    ],
    ['no check', `${GOOD} DROP POLICY p ON t; CREATE POLICY p ON t USING ${CONDITION}`, 't: policy p is not exactly'],
    [
      'a policy for one role only',
      `${GOOD} DROP POLICY p ON t; ${policy('t', CONDITION, CONDITION, 'TO nova_system')}`,
      't: policy p is not exactly',
    ],
    [
      'a restrictive policy',
      `${GOOD} DROP POLICY p ON t; ${policy('t', CONDITION, CONDITION, 'AS RESTRICTIVE')}`,
      't: policy p is not exactly',
    ],
    [
      'a partition without row-level security',
      `CREATE TABLE p (tenant_id uuid NOT NULL, id uuid, PRIMARY KEY (tenant_id, id)) PARTITION BY RANGE (id);
       ${secured('p')} ${policy('p')} CREATE TABLE p1 PARTITION OF p DEFAULT;`,
      'p1: row-level security is not enabled',
    ],
    ['a view as its owner', `${GOOD} CREATE VIEW v AS SELECT * FROM t`, 'v: the view lacks security_invoker'],
    [
      'a view that says no',
      `${GOOD} CREATE VIEW v WITH (security_invoker = off) AS SELECT * FROM t`,
      'v: the view lacks security_invoker',
    ],
    [
      'a materialized view',
      `${GOOD} CREATE MATERIALIZED VIEW m AS SELECT * FROM t`,
      'm: a materialized view has no row-level security',
    ],
  ])('%s', async (_, sql, violation) => {
    const { all, isolation } = await violationsAfter(sql);
    expect(all).toContainEqual(expect.stringContaining(`nova.${violation}`));
    expect(isolation).toContainEqual(expect.stringContaining(`nova.${violation}`));
  });
});

describe('design of the schema', () => {
  test.each([
    ['no tenant', 'CREATE TABLE n (id int PRIMARY KEY)', 'nova.n: has no column tenant_id'],
    [
      'a tenant that may be null',
      'CREATE TABLE n (id int PRIMARY KEY, tenant_id uuid)',
      'nova.n: has no column tenant_id uuid not null',
    ],
    [
      'a tenant of another type',
      'CREATE TABLE n (tenant_id text PRIMARY KEY)',
      'nova.n: has no column tenant_id uuid not null',
    ],
    [
      'a named global table that is gone',
      'DROP TABLE schema_migrations',
      'nova.schema_migrations: is named as a global',
    ],
    ['no primary key', 'CREATE TABLE n (tenant_id uuid NOT NULL)', 'nova.n: has no primary key'],
    [
      'a primary key with the tenant last',
      'CREATE TABLE n (tenant_id uuid NOT NULL, id int, PRIMARY KEY (id, tenant_id))',
      'nova.n: unique index n_pkey does not start with tenant_id',
    ],
    [
      'a unique index over all tenants',
      `${GOOD} CREATE UNIQUE INDEX u ON t (other_id)`,
      'nova.t: unique index u does not start with tenant_id',
    ],
    [
      'a unique index on an expression of the tenant',
      `${GOOD} CREATE UNIQUE INDEX u ON t ((tenant_id::text), id)`,
      'nova.t: unique index u does not start with tenant_id',
    ],
    [
      'an exclusion constraint over all tenants',
      `${GOOD} ALTER TABLE t ADD COLUMN at tstzrange, ADD CONSTRAINT x EXCLUDE USING gist (at WITH &&)`,
      'nova.t: unique index x does not start with tenant_id',
    ],
    [
      'a foreign key into another tenant',
      `${GOOD} CREATE UNIQUE INDEX u ON t (other_id);
       CREATE TABLE n (tenant_id uuid NOT NULL, id uuid, PRIMARY KEY (tenant_id, id), FOREIGN KEY (id) REFERENCES t (other_id))`,
      'nova.n: foreign key n_id_fkey does not start with tenant_id',
    ],
    [
      'a foreign key with the tenant in another place',
      `${GOOD} CREATE UNIQUE INDEX u ON t (id, tenant_id);
       ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (tenant_id, other_id) REFERENCES t (id, tenant_id)`,
      'nova.t: foreign key f does not start with tenant_id on both sides',
    ],
    [
      'a function as its owner',
      "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = '' AS 'SELECT 1'",
      'f(integer): is SECURITY DEFINER and not on the list',
    ],
    [
      'a function as its owner with the search path of its caller',
      "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
      'f(): is SECURITY DEFINER and does not fix its search_path',
    ],
    ['TRUNCATE', `${GOOD} GRANT TRUNCATE ON t TO nova_app`, 'nova.t: nova_app may truncate'],
    ['TRIGGER', `${GOOD} GRANT TRIGGER ON t TO nova_app`, 'nova.t: nova_app may trigger'],
    ['REFERENCES on a column', `${GOOD} GRANT REFERENCES (id) ON t TO nova_app`, 'nova.t: nova_app may references'],
    [
      'grant option',
      `${GOOD} GRANT SELECT ON t TO nova_app WITH GRANT OPTION`,
      'nova.t: nova_app may select and grant it',
    ],
    ['a right of everybody', `${GOOD} GRANT SELECT ON t TO PUBLIC`, 'nova.t: PUBLIC may select'],
  ])('%s', async (_, sql, violation) => {
    expect((await violationsAfter(sql)).all).toContainEqual(expect.stringContaining(violation));
  });
});
