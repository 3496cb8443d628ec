import { Client } from 'pg';
import { afterEach, expect, inject, test } from 'vitest';
import { abandonedDatabases, connectTo, databasesLike, dropDatabases, RUN_PREFIX } from './test-cluster.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

const databases: TestDatabase[] = [];
const create = async (options = {}) => {
  const database = await createTestDatabase(options);
  databases.push(database);
  return database;
};

afterEach(async () => {
  for (const database of databases.splice(0)) await database.drop();
});

async function ask(url: string, sql: string): Promise<unknown> {
  const client = await connectTo(url);
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows[0]?.[0];
  } finally {
    await client.end();
  }
}

test('clones made at the same time are separate, migrated, and reached by each role', async () => {
  const [one, two] = await Promise.all([create(), create()]);
  expect(one.name).not.toBe(two.name);
  for (const [role, url] of [
    ['nova_app', one.appUrl],
    ['nova_system', one.systemUrl],
    ['nova_owner', one.ownerUrl],
  ] as const) {
    expect(await ask(url, "SELECT current_user || ' ' || current_schema() || ' ' || current_database()")).toBe(
      `${role} nova ${one.name}`,
    );
  }
  await ask(one.ownerUrl, 'CREATE TABLE only_in_one (id int)');
  expect(await ask(one.appUrl, "SELECT to_regclass('nova.only_in_one') IS NOT NULL")).toBe(true);
  expect(await ask(two.appUrl, "SELECT to_regclass('nova.only_in_one') IS NOT NULL")).toBe(false);
  expect(await ask(two.appUrl, 'SELECT count(*)::int FROM schema_migrations')).toBeGreaterThan(0);
});

test('an empty database has the schema and no table', async () => {
  const { appUrl } = await create({ empty: true });
  expect(await ask(appUrl, "SELECT count(*)::int FROM pg_class WHERE relnamespace = 'nova'::regnamespace")).toBe(0);
});

test('drop ends what is still connected and leaves no database', async () => {
  const database = await createTestDatabase();
  const client = new Client({ connectionString: database.appUrl });
  const ended = new Promise((resolve) => client.on('error', resolve));
  await client.connect();
  await database.drop();
  await ended;
  const { superuserUrl } = inject('novaTestCluster');
  const maintenance = await connectTo(superuserUrl);
  try {
    expect(await databasesLike(maintenance, database.name)).toEqual([]);
  } finally {
    await maintenance.end();
  }
});

test('nobody connects to the template', async () => {
  const { superuserUrl, template } = inject('novaTestCluster');
  const url = new URL(superuserUrl);
  url.pathname = `/${template}`;
  await expect(connectTo(url.toString())).rejects.toThrow('not currently accepting connections');
});

test('databases of a run that is gone are abandoned, and those of this run are not', async () => {
  const { superuserUrl, prefix } = inject('novaTestCluster');
  const maintenance = await connectTo(superuserUrl);
  const gone = `${RUN_PREFIX}gone_${prefix.slice(RUN_PREFIX.length)}template`;
  try {
    await maintenance.query(`CREATE DATABASE ${gone}`);
    const abandoned = await abandonedDatabases(maintenance);
    expect(abandoned).toContain(gone);
    expect(abandoned.filter((name) => name.startsWith(prefix))).toEqual([]);
  } finally {
    await dropDatabases(maintenance, [gone]);
    await maintenance.end();
  }
});
