import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { discoverMigrations, parseMigration } from './discover.js';
import { splitStatements } from './split-statements.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'nova-discover-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(file: string, sql = 'SELECT 1;'): Promise<void> {
  await mkdir(path.join(root, path.dirname(file)), { recursive: true });
  await writeFile(path.join(root, file), sql);
}

test('files of all modules come in the order of their timestamps', async () => {
  await put('domains/b/migrations/20260101000003_third.sql');
  await put('platform/outbox/migrations/20260101000002_second.sql');
  await put('domains/a/migrations/20260101000001_first.sql');
  await put('domains/a/migrations/README.md');
  await put('domains/a/queries/20260101000000_none.sql');
  await mkdir(path.join(root, 'domains/c'));
  const found = await discoverMigrations(root);
  expect(found.map(({ name }) => name)).toEqual(['first', 'second', 'third']);
  expect(found[1]).toMatchObject({
    version: '20260101000002',
    file: 'platform/outbox/migrations/20260101000002_second.sql',
    phase: 'expand',
    transactional: true,
  });
});

test('equal timestamps are refused', async () => {
  await put('domains/b/migrations/20260101000001_one.sql');
  await put('platform/a/migrations/20260101000001_two.sql');
  await expect(discoverMigrations(root)).rejects.toMatchObject({
    code: 'duplicate_version',
    version: '20260101000001',
  });
});

test('no migration at all is refused', async () => {
  await expect(discoverMigrations(root)).rejects.toMatchObject({ code: 'no_files' });
});

test.each(['1_short.sql', '20260101000001.sql', '20260101000001_Upper.sql', '20260101000001-dash.sql'])(
  'the name %s is refused',
  async (name) => {
    await put(`domains/a/migrations/${name}`);
    await expect(discoverMigrations(root)).rejects.toMatchObject({ code: 'invalid_file' });
  },
);

describe('a file', () => {
  const parse = (sql: string) => parseMigration('domains/a/migrations/20260101000001_x.sql', sql);

  test('has the same checksum with either line end', () => {
    expect(parse('SELECT 1;\r\nSELECT 2;\r\n').checksum).toBe(parse('SELECT 1;\nSELECT 2;\n').checksum);
    expect(parse('SELECT 1;').checksum).not.toBe(parse('SELECT 2;').checksum);
  });

  test('says in its first comment lines how it runs', () => {
    const sql = '-- no-transaction\n-- Why.\n-- phase: contract\nDROP INDEX CONCURRENTLY IF EXISTS i;';
    expect(parse(sql)).toMatchObject({ phase: 'contract', transactional: false });
    expect(parse('SELECT 1;\n-- no-transaction\n-- phase: contract')).toMatchObject({
      phase: 'expand',
      transactional: true,
    });
  });

  test.each([
    ['another phase', '-- phase: later\nSELECT 1'],
    ['nothing', '-- only words\n'],
    ['two statements without a transaction', '-- no-transaction\nSELECT 1; SELECT 2'],
    ['its own transaction', 'BEGIN; SELECT 1; COMMIT'],
    ['an early end of the transaction', 'SELECT 1; /* now */ COMMIT; SELECT 2'],
  ])('with %s is refused', (_, sql) => {
    expect(() => parse(sql)).toThrow(expect.objectContaining({ code: 'invalid_file' }));
  });
});

describe('statements', () => {
  const split = (sql: string) => splitStatements(sql).map(({ text }) => text.trim());

  test.each([
    ["SELECT ';', ''';', E'\\';'; SELECT 2", ["SELECT ';', ''';', E'\\';'", 'SELECT 2']],
    ['SELECT 1 -- ; no\n; SELECT 2', ['SELECT 1 -- ; no', 'SELECT 2']],
    ['SELECT /* ; /* ; */ ; */ 1; SELECT 2', ['SELECT /* ; /* ; */ ; */ 1', 'SELECT 2']],
    ['SELECT ";" FROM t; SELECT 2', ['SELECT ";" FROM t', 'SELECT 2']],
    ['DO $$ BEGIN; END $$; SELECT 2', ['DO $$ BEGIN; END $$', 'SELECT 2']],
    ['DO $a$ ; $$ ; $b$ ; $a$; SELECT a$1$2; SELECT $1', ['DO $a$ ; $$ ; $b$ ; $a$', 'SELECT a$1$2', 'SELECT $1']],
    [';; -- nothing\n;', []],
  ])('%s', (sql, statements) => {
    expect(split(sql)).toEqual(statements);
  });

  test('know where they start, and blank what is no code without moving the rest', () => {
    const [, second] = splitStatements("SELECT 1; SELECT 'a;b' /* c */ FROM t");
    expect(second).toEqual({ offset: 9, text: " SELECT 'a;b' /* c */ FROM t", code: " SELECT '   '         FROM t" });
  });
});
