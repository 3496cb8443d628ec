import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMigrationTree, type MigrationTree } from '../../testing/migration-tree.js';
import { connectTo } from '../../testing/test-cluster.js';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.js';
import { type MigrateInput, migrateUp } from './apply.js';
import { tryMigrationLock } from './ledger-sql.js';
import { migrationStatus } from './status.js';

let database: TestDatabase;
let owner: Client;
let tree: MigrationTree;
let warnings: object[];

beforeEach(async () => {
  database = await createTestDatabase({ empty: true });
  owner = await connectTo(database.ownerUrl);
  tree = await createMigrationTree();
  warnings = [];
});

afterEach(async () => {
  await owner?.end();
  await database?.drop();
  await tree?.drop();
});

const version = (number: number) => tree.version(number);
const put = (number: number, sql: string) => tree.put(number, sql);

const migrate = (options: Partial<MigrateInput> = {}) =>
  migrateUp({
    ownerUrl: database.ownerUrl,
    root: tree.root,
    log: { info: () => {}, warn: (fields) => warnings.push(fields) },
    ...options,
  });

const status = () => migrationStatus({ url: database.appUrl, root: tree.root });

async function column(sql: string): Promise<unknown[]> {
  return (await owner.query<unknown[]>({ text: sql, rowMode: 'array' })).rows.map(([value]) => value);
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not within 20 s: ${condition.toString()}`);
    await sleep(10);
  }
}

const migratorWaits = async () =>
  (
    await column(
      "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'nova migrate' AND wait_event_type = 'Lock'",
    )
  )[0];

test('applies what is pending in order, once, and records it', async () => {
  await put(2, 'INSERT INTO log VALUES (2)');
  await put(1, 'CREATE TABLE log (n int); INSERT INTO log VALUES (1);');
  expect(await status()).toMatchObject({ pending: [{ version: version(1) }, { version: version(2) }], applied: [] });
  expect(await migrate()).toEqual({ applied: [version(1), version(2)], deferred: [], newer: [] });
  await put(3, 'INSERT INTO log VALUES (3)');
  expect(await migrate()).toEqual({ applied: [version(3)], deferred: [], newer: [] });
  expect(await migrate()).toEqual({ applied: [], deferred: [], newer: [] });
  expect(await column('SELECT n FROM log')).toEqual([1, 2, 3]);
  const { pending, applied } = await status();
  expect(pending).toEqual([]);
  expect(applied.map((entry) => entry.version)).toEqual([1, 2, 3].map(version));
  expect(applied[0]).toMatchObject({
    name: 'step',
    checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
    appliedAt: expect.any(Date),
    durationMs: expect.any(Number),
  });
});

test('the ledger is read-only for the roles that serve', async () => {
  await put(1, 'SELECT 1');
  await migrate();
  for (const url of [database.appUrl, database.systemUrl]) {
    const client = await connectTo(url);
    try {
      await expect(client.query('DELETE FROM schema_migrations')).rejects.toMatchObject({ code: '42501' });
      await expect(client.query('UPDATE schema_migrations SET name = name')).rejects.toMatchObject({ code: '42501' });
    } finally {
      await client.end();
    }
  }
});

test('migrators at the same time apply each migration once, an index made concurrently among them', async () => {
  await put(1, 'CREATE TABLE log (n int)');
  for (const n of [2, 3, 5, 6]) await put(n, `INSERT INTO log SELECT count(*) FROM log`);
  await put(4, '-- no-transaction\nCREATE INDEX CONCURRENTLY log_n ON log (n)');
  const results = await Promise.all([migrate(), migrate(), migrate(), migrate()]);
  expect(results.flatMap(({ applied }) => applied).sort()).toEqual([1, 2, 3, 4, 5, 6].map(version));
  expect(await column('SELECT n FROM log ORDER BY n')).toEqual([0, 1, 2, 3]);
});

describe('a lock held by another session', () => {
  let blocker: Client;
  beforeEach(async () => {
    await put(1, 'CREATE TABLE busy (n int)');
    await migrate();
    blocker = await connectTo(database.appUrl);
    await blocker.query('BEGIN; SELECT FROM busy');
  });
  afterEach(() => blocker.end());

  test('lets queued readers pass between the tries, and the migration succeeds after its release', async () => {
    await put(2, 'ALTER TABLE busy ADD COLUMN m int');
    const migrating = migrate();
    await until(async () => (await migratorWaits()) !== undefined);
    const reader = await connectTo(database.appUrl);
    try {
      await reader.query("SET lock_timeout = '15s'");
      // Waits behind the migrator's request: comes back only because the migrator gives up while the lock is held.
      await reader.query('SELECT FROM busy');
    } finally {
      await reader.end();
    }
    await until(async () => warnings.length > 0);
    await blocker.query('COMMIT');
    expect((await migrating).applied).toEqual([version(2)]);
    expect(warnings[0]).toMatchObject({ attempt: 1, migration: expect.stringContaining(version(2)) });
  });

  test('ends the migration after the last try, and leaves what was before', async () => {
    await put(2, 'CREATE TABLE before_it (n int)');
    await put(3, 'CREATE TABLE with_it (n int); ALTER TABLE busy ADD COLUMN m int');
    await expect(migrate({ lockTries: 1 })).rejects.toMatchObject({ code: 'blocked', version: version(3) });
    expect((await status()).pending).toMatchObject([{ version: version(3) }]);
    expect(await column("SELECT to_regclass('before_it') IS NOT NULL")).toEqual([true]);
    expect(await column("SELECT to_regclass('with_it') IS NULL")).toEqual([true]);
  });

  test('a migrator whose connection is cut leaves nothing half done, and the next one finishes', async () => {
    await put(2, 'CREATE TABLE with_it (n int); ALTER TABLE busy ADD COLUMN m int');
    const cut = expect(migrate()).rejects.toThrow();
    await until(async () => (await migratorWaits()) !== undefined);
    await owner.query('SELECT pg_terminate_backend($1)', [await migratorWaits()]);
    await cut;
    expect(await column("SELECT to_regclass('with_it') IS NULL")).toEqual([true]);
    await blocker.query('COMMIT');
    expect((await migrate()).applied).toEqual([version(2)]);
  });

  test('an abort ends the wait', async () => {
    await put(2, 'ALTER TABLE busy ADD COLUMN m int');
    const abort = new AbortController();
    const log = { info: () => {}, warn: () => abort.abort() };
    await expect(migrate({ log, signal: abort.signal })).rejects.toThrow(/abort/i);
    expect((await status()).pending).toHaveLength(1);
  });
});

test('a failing file is undone as a whole, names its line, and goes on once repaired', async () => {
  await put(1, 'CREATE TABLE one (n int)');
  await put(2, 'CREATE TABLE two (n int);\n\nINSERT INTO two\n  VALUES (nonsense);');
  await put(3, 'CREATE TABLE three (n int)');
  await expect(migrate()).rejects.toMatchObject({
    code: 'failed',
    version: version(2),
    message: expect.stringMatching(/_step\.sql:4: column "nonsense" does not exist/),
  });
  expect(await column("SELECT to_regclass('one') IS NOT NULL AND to_regclass('two') IS NULL")).toEqual([true]);
  await put(2, 'CREATE TABLE two (n int)');
  expect((await migrate()).applied).toEqual([version(2), version(3)]);
});

test('a file and its ledger entry are one', async () => {
  await put(1, "CREATE TABLE one (n int); ALTER TABLE schema_migrations ADD CHECK (name <> 'step')");
  await expect(migrate()).rejects.toMatchObject({
    code: 'failed',
    message: expect.stringContaining('check constraint'),
  });
  expect(await column("SELECT to_regclass('one') IS NULL")).toEqual([true]);
});

test('a changed file is refused before anything is applied', async () => {
  await put(1, 'CREATE TABLE one (n int)');
  await migrate();
  await put(1, 'CREATE TABLE one (n bigint)');
  await put(2, 'CREATE TABLE two (n int)');
  await expect(migrate()).rejects.toMatchObject({ code: 'checksum_mismatch', version: version(1) });
  expect(await status()).toMatchObject({ changed: [version(1)], pending: [{ version: version(2) }] });
  expect(await column("SELECT to_regclass('two') IS NULL")).toEqual([true]);
});

test('migrations of a newer version are tolerated and reported; a gap is refused', async () => {
  for (const n of [1, 2, 3]) await put(n, 'SELECT 1');
  await migrate();
  await tree.remove(3);
  expect(await migrate()).toEqual({ applied: [], deferred: [], newer: [version(3)] });
  expect(warnings).toEqual([{ versions: [version(3)] }]);
  expect(await status()).toMatchObject({ newer: [version(3)], missing: [] });
  await put(3, 'SELECT 1');
  await tree.remove(2);
  await expect(migrate()).rejects.toMatchObject({ code: 'missing_file', version: version(2) });
  expect(await status()).toMatchObject({ newer: [], missing: [version(2)] });
});

test('contract migrations wait until they are asked for', async () => {
  await put(1, 'CREATE TABLE t (old int)');
  await put(2, '-- phase: contract\nALTER TABLE t DROP COLUMN old');
  await put(3, 'ALTER TABLE t ADD COLUMN new int');
  expect(await migrate()).toEqual({ applied: [version(1), version(3)], deferred: [version(2)], newer: [] });
  expect((await status()).pending).toMatchObject([{ version: version(2), phase: 'contract' }]);
  expect(await migrate({ contract: true })).toEqual({ applied: [version(2)], deferred: [], newer: [] });
});

test('`until` ends after a version, and `only` picks versions of either phase', async () => {
  for (const n of [1, 2, 3, 4]) await put(n, 'SELECT 1');
  await put(5, '-- phase: contract\nSELECT 1');
  expect((await migrate({ until: version(2) })).applied).toEqual([version(1), version(2)]);
  expect((await migrate({ only: [version(2), version(4), version(5)] })).applied).toEqual([version(4), version(5)]);
  expect((await migrate()).applied).toEqual([version(3)]);
});

test('waits for another migrator no longer than it may, and not at all when nothing is to be done', async () => {
  await put(1, 'SELECT 1');
  await migrate();
  const other = await connectTo(database.ownerUrl);
  try {
    expect(await tryMigrationLock(other)).toBe(true);
    expect((await migrate()).applied).toEqual([]);
    await put(2, 'SELECT 1');
    await expect(migrate({ lockWaitMs: 300 })).rejects.toMatchObject({ code: 'lock_unavailable' });
  } finally {
    await other.end();
  }
  expect((await migrate()).applied).toEqual([version(2)]);
});
