import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { connectTo, dropDatabases } from '../../testing/test-cluster.js';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.js';
import { urlOfDatabase } from './bootstrap.js';
import { bootstrapLockStatement } from './bootstrap-sql.js';
import type { CatalogueConnection } from './catalogue.js';
import { findRoleViolations, RoleViolationError, verifyRoles } from './verify.js';

let database: TestDatabase;
let superuser: Client;
let maintenance: Client;

beforeAll(async () => {
  database = await createTestDatabase();
  superuser = await connectTo(database.superuserUrl);
  maintenance = await connectTo(inject('novaTestCluster').superuserUrl);
});

afterAll(async () => {
  await superuser?.end();
  await maintenance?.end();
  await database?.drop();
});

async function withConnections<T>(urls: Record<string, string>, use: (clients: Record<string, Client>) => Promise<T>) {
  const clients: Record<string, Client> = {};
  try {
    for (const [name, url] of Object.entries(urls)) clients[name] = await connectTo(url);
    return await use(clients);
  } finally {
    for (const client of Object.values(clients)) await client.end();
  }
}

test('the roles as bootstrapped are accepted over their own connections', async () => {
  const urls = { app: database.appUrl, system: database.systemUrl, owner: database.ownerUrl };
  await withConnections(urls, async ({ app, system, owner }) => {
    await verifyRoles({ app: app!, system: system!, owner: owner! });
    await verifyRoles({ app: app!, system: system! });
  });
});

/**
 * What is refused after `sql`, which is taken back: roles belong to the whole server, where other tests rely on them.
 * Each connection is the superuser's own, acting as another role inside the one transaction.
 */
async function refusedAfter(sql: string, roles = { app: 'nova_app', system: 'nova_system', owner: 'nova_owner' }) {
  const acting = (role: string): CatalogueConnection => ({
    query: async (text, values) => {
      await superuser.query(`SET LOCAL ROLE ${role}`);
      const result = await superuser.query(text, values);
      await superuser.query('RESET ROLE');
      return result;
    },
  });
  // Nobody else may change the roles meanwhile: PostgreSQL answers with "tuple concurrently updated".
  await maintenance.query(bootstrapLockStatement);
  await superuser.query('BEGIN');
  try {
    await superuser.query(sql);
    return await findRoleViolations({
      app: acting(roles.app),
      system: acting(roles.system),
      owner: acting(roles.owner),
    });
  } finally {
    await superuser.query('ROLLBACK');
    await maintenance.query('SELECT pg_advisory_unlock_all()');
  }
}

test('nothing is refused when nothing was changed', async () => {
  expect(await refusedAfter('SELECT 1')).toEqual([]);
});

describe('the role that serves requests', () => {
  test.each([
    ['superuser', 'ALTER ROLE nova_app SUPERUSER', 'nova_app serves requests and is a superuser'],
    ['bypass', 'ALTER ROLE nova_app BYPASSRLS', 'nova_app serves requests and bypasses row-level security'],
    ['create roles', 'ALTER ROLE nova_app CREATEROLE', 'nova_app may create roles'],
    ['create databases', 'ALTER ROLE nova_app CREATEDB', 'nova_app may create databases'],
    ['replication', 'ALTER ROLE nova_app REPLICATION', 'nova_app may replicate the whole server'],
    ['own the schema', 'ALTER SCHEMA nova OWNER TO nova_app', 'nova_app owns schema nova'],
    ['own a table', 'ALTER TABLE nova.schema_migrations OWNER TO nova_app', 'nova_app owns nova.schema_migrations'],
    ['truncate', 'GRANT TRUNCATE ON nova.users TO nova_app', 'nova_app may truncate nova.users'],
    ['truncate as everybody', 'GRANT TRUNCATE ON nova.users TO PUBLIC', 'nova_app may truncate nova.users'],
    ['create in nova', 'GRANT CREATE ON SCHEMA nova TO nova_app', 'nova_app may create in schema nova'],
    ['create in public', 'GRANT CREATE ON SCHEMA public TO PUBLIC', 'nova_app may create in schema public'],
    [
      'switch off foreign keys',
      'GRANT SET ON PARAMETER session_replication_role TO nova_app',
      'nova_app may set session_replication_role, which turns off foreign keys',
    ],
    [
      'member of the owner',
      'GRANT nova_owner TO nova_app',
      'nova_app is a member of nova_owner, which owns schema nova',
    ],
    [
      'member of the system role, without inheritance',
      'ALTER ROLE nova_app NOINHERIT; GRANT nova_system TO nova_app',
      'nova_app is a member of nova_system, which bypasses row-level security',
    ],
    [
      'member of a superuser over a group',
      'CREATE ROLE inner_group; CREATE ROLE chief SUPERUSER; GRANT chief TO inner_group; GRANT inner_group TO nova_app',
      'nova_app is a member of chief, which is a superuser',
    ],
    [
      'member of a predefined role',
      'GRANT pg_write_all_data TO nova_app',
      'nova_app is a member of pg_write_all_data, which is a predefined role of PostgreSQL',
    ],
  ])('%s', async (_, sql, violation) => {
    expect(await refusedAfter(sql)).toContain(violation);
  });

  test('create in the database', async () => {
    const sql = `GRANT CREATE ON DATABASE ${database.name} TO nova_app`;
    expect(await refusedAfter(sql)).toContain(`nova_app may create schemas in database ${database.name}`);
  });

  test('member of a role without rights of its own: accepted', async () => {
    expect(await refusedAfter('CREATE ROLE watchers; GRANT watchers, pg_monitor TO nova_app')).toEqual([]);
  });
});

describe('the other roles', () => {
  test.each([
    ['system: superuser', 'ALTER ROLE nova_system SUPERUSER', 'nova_system is the system role and a superuser'],
    ['system: no bypass', 'ALTER ROLE nova_system NOBYPASSRLS', 'nova_system is the system role and lacks BYPASSRLS'],
    ['system: DDL', 'GRANT CREATE ON SCHEMA nova TO nova_system', 'nova_system may create in schema nova'],
    ['owner: superuser', 'ALTER ROLE nova_owner SUPERUSER', 'nova_owner is the owner role and a superuser'],
    [
      'owner: bypass',
      'ALTER ROLE nova_owner BYPASSRLS',
      'nova_owner is the owner role and bypasses row-level security',
    ],
    [
      'owner: of nothing',
      'ALTER SCHEMA nova OWNER TO pg_database_owner',
      'nova_owner is the owner role and does not own schema nova',
    ],
  ])('%s', async (_, sql, violation) => {
    expect(await refusedAfter(sql)).toContain(violation);
  });

  test('one address for all roles is refused for each of them', async () => {
    const roles = { app: 'nova_owner', system: 'nova_owner', owner: 'nova_app' };
    expect(await refusedAfter('SELECT 1', roles)).toEqual(
      expect.arrayContaining([
        'nova_owner owns schema nova',
        'nova_owner is the system role and lacks BYPASSRLS',
        'nova_app is the owner role and does not own schema nova',
      ]),
    );
  });
});

test('all violations are reported at once, a table without forced row-level security among them', async () => {
  const sql =
    'ALTER ROLE nova_app CREATEDB; ALTER ROLE nova_system NOBYPASSRLS; ALTER TABLE nova.users NO FORCE ROW LEVEL SECURITY';
  const violations = await refusedAfter(sql);
  expect(violations).toEqual([
    'nova_app may create databases',
    'nova_system is the system role and lacks BYPASSRLS',
    'nova.users: row-level security is not forced',
  ]);
  const error = new RoleViolationError(violations);
  for (const violation of violations) expect(error.message).toContain(violation);
});

test('a new global table of a newer version is accepted', async () => {
  expect(await refusedAfter('CREATE TABLE nova.of_the_future (id int PRIMARY KEY)')).toEqual([]);
});

test('addresses of different databases are refused', async () => {
  const other = await createTestDatabase({ empty: true });
  try {
    await withConnections({ app: database.appUrl, system: other.systemUrl }, async ({ app, system }) => {
      await expect(verifyRoles({ app: app!, system: system! })).rejects.toThrow(
        'the system address leads to another database than that of nova_app',
      );
    });
  } finally {
    await other.drop();
  }
});

test('a database in another encoding and without the schema is refused', async () => {
  const { superuserUrl, prefix } = inject('novaTestCluster');
  const name = `${prefix}latin`;
  try {
    await maintenance.query(
      `CREATE DATABASE ${name} ENCODING 'LATIN1' LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`,
    );
    await withConnections({ any: urlOfDatabase(superuserUrl, name) }, async ({ any }) => {
      expect(await findRoleViolations({ app: any!, system: any! })).toEqual([
        `database ${name} is encoded in LATIN1, not in UTF8`,
        `database ${name} has no schema nova`,
      ]);
    });
  } finally {
    await dropDatabases(maintenance, [name]);
  }
});
