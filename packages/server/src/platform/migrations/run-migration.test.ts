import type { Client } from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createMigrationTree, type MigrationTree } from '../../testing/migration-tree.js';
import { connectTo } from '../../testing/test-cluster.js';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.js';
import { migrateUp } from './apply.js';
import { parseMigration } from './discover.js';
import { recordStarted } from './ledger-sql.js';
import { migrationStatus } from './status.js';

let database: TestDatabase;
let owner: Client;
let tree: MigrationTree;

beforeEach(async () => {
  database = await createTestDatabase({ empty: true });
  owner = await connectTo(database.ownerUrl);
  tree = await createMigrationTree();
  await tree.put(1, 'CREATE TABLE t (n int); INSERT INTO t VALUES (1), (1)');
  await migrate();
});

afterEach(async () => {
  await owner?.end();
  await database?.drop();
  await tree?.drop();
});

const log = { info: () => {}, warn: () => {} };
const migrate = () => migrateUp({ ownerUrl: database.ownerUrl, root: tree.root, log });
const pending = async () =>
  (await migrationStatus({ url: database.appUrl, root: tree.root })).pending.map(({ version }) => version);

async function indexes(): Promise<unknown[]> {
  const { rows } = await owner.query(
    `SELECT indexrelid::regclass::text AS name, indisvalid AS valid FROM pg_index WHERE indrelid = 't'::regclass`,
  );
  return rows;
}

test('a no-transaction file runs outside a transaction', async () => {
  await tree.put(2, '-- no-transaction\n-- Why.\nCREATE INDEX CONCURRENTLY t_n ON nova.t (n);\n');
  expect((await migrate()).applied).toEqual([tree.version(2)]);
  expect(await indexes()).toEqual([{ name: 't_n', valid: true }]);
  expect(await pending()).toEqual([]);
});

test.each(['t_n', '"T ""n"" 1"'])('the invalid index %s of a failed attempt is replaced', async (name) => {
  await tree.put(2, `-- no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS ${name} ON t (n)`);
  await expect(migrate()).rejects.toMatchObject({ code: 'failed', message: expect.stringContaining('duplicated') });
  expect(await indexes()).toMatchObject([{ valid: false }]);
  expect(await pending()).toEqual([tree.version(2)]);
  await owner.query('UPDATE t SET n = 2 WHERE ctid = (SELECT min(ctid) FROM t)');
  expect((await migrate()).applied).toEqual([tree.version(2)]);
  expect(await indexes()).toMatchObject([{ valid: true }]);
  expect(await pending()).toEqual([]);
});

const CREATE = '-- no-transaction\nCREATE INDEX CONCURRENTLY t_n ON t (n)';

test('after a crash between the index and its ledger entry the next run only completes the entry', async () => {
  await tree.put(2, CREATE);
  await recordStarted(owner, parseMigration(`domains/a/migrations/${tree.version(2)}_step.sql`, CREATE));
  await owner.query('CREATE INDEX CONCURRENTLY t_n ON t (n)');
  expect(await pending()).toEqual([tree.version(2)]);
  expect((await migrate()).applied).toEqual([tree.version(2)]);
  expect(await pending()).toEqual([]);
});

test('the index of an attempt with another content is not taken for this one', async () => {
  await tree.put(2, '-- no-transaction\nCREATE INDEX CONCURRENTLY t_n ON t (n DESC)');
  await recordStarted(owner, parseMigration(`domains/a/migrations/${tree.version(2)}_step.sql`, CREATE));
  await owner.query('CREATE INDEX CONCURRENTLY t_n ON t (n)');
  await expect(migrate()).rejects.toMatchObject({ code: 'failed', message: expect.stringContaining('already exists') });
});

test('an index of that name from elsewhere is not taken for the own one', async () => {
  await tree.put(2, CREATE);
  await owner.query('CREATE INDEX t_n ON t ((n + 1))');
  await expect(migrate()).rejects.toMatchObject({ code: 'failed', message: expect.stringContaining('already exists') });
  expect(await pending()).toEqual([tree.version(2)]);
});

test('a started file that was changed since then runs as it is now', async () => {
  await tree.put(2, '-- no-transaction\nCREATE INDEX CONCURRENTLY t_n ON t (n) nonsense');
  await expect(migrate()).rejects.toMatchObject({
    code: 'failed',
    message: expect.stringMatching(/:2: syntax error at or near "nonsense"/),
  });
  await tree.put(2, CREATE);
  expect((await migrate()).applied).toEqual([tree.version(2)]);
});
