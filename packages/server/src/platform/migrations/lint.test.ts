import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { discoverMigrations, parseMigration } from './discover.js';
import { lintMigration } from './lint.js';

const FILE = 'domains/x/migrations/20260101000000_x.sql';
const lint = (sql: string) => lintMigration(parseMigration(FILE, sql)).map(({ rule }) => rule);

test('no committed migration locks or rewrites a table in use, unless it says why', async () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const findings = (await discoverMigrations(root)).flatMap(lintMigration);
  expect(findings).toEqual([]);
});

describe('is found', () => {
  test.each([
    ['create-index-concurrently', 'CREATE INDEX i ON nova.t (a)'],
    ['create-index-concurrently', 'CREATE UNIQUE INDEX IF NOT EXISTS i ON t (a)'],
    ['create-index-concurrently', 'CREATE TABLE u (id int); CREATE INDEX i ON t (a)'],
    ['add-not-null-with-default', 'ALTER TABLE t ADD COLUMN a int NOT NULL'],
    ['add-not-null-with-default', 'ALTER TABLE t ADD COLUMN b int NOT NULL DEFAULT 0, ADD a int NOT NULL'],
    ['add-column-without-rewrite', 'ALTER TABLE t ADD COLUMN a uuid NOT NULL DEFAULT gen_random_uuid()'],
    ['add-column-without-rewrite', 'ALTER TABLE t ADD COLUMN a bigint GENERATED ALWAYS AS IDENTITY'],
    ['add-column-without-rewrite', 'ALTER TABLE t ADD COLUMN a text GENERATED ALWAYS AS (lower(b)) STORED'],
    ['add-column-without-rewrite', 'ALTER TABLE t ADD COLUMN a bigserial'],
    ['alter-type-without-rewrite', 'ALTER TABLE t ALTER COLUMN a TYPE bigint'],
    ['alter-type-without-rewrite', 'ALTER TABLE t ALTER a SET DATA TYPE bigint'],
    ['set-not-null-by-constraint', 'ALTER TABLE t ALTER COLUMN a SET NOT NULL'],
    ['constraint-not-valid', 'ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)'],
    ['constraint-not-valid', 'ALTER TABLE t ADD FOREIGN KEY (tenant_id, a) REFERENCES u (tenant_id, id)'],
    ['constraint-using-index', 'ALTER TABLE t ADD CONSTRAINT c UNIQUE (tenant_id, a)'],
    ['constraint-using-index', 'ALTER TABLE t ADD PRIMARY KEY (tenant_id, a)'],
    ['no-rewrite', '-- no-transaction\nVACUUM FULL t'],
    ['no-rewrite', '-- no-transaction\nVACUUM (ANALYZE, FULL) t'],
    ['no-rewrite', 'LOCK TABLE t'],
    ['no-rewrite', 'ALTER TABLE t SET UNLOGGED'],
    ['no-rewrite', 'TRUNCATE t'],
    ['update-in-batches', 'UPDATE t SET a = 0'],
    ['update-in-batches', 'DELETE FROM nova.t'],
    ['keep-for-previous-version', 'DROP TABLE t'],
    ['keep-for-previous-version', 'ALTER TABLE t DROP COLUMN a'],
    ['keep-for-previous-version', 'ALTER TABLE t RENAME COLUMN a TO b'],
    ['keep-for-previous-version', 'ALTER TABLE t RENAME TO u'],
    ['drop-index-concurrently', 'DROP INDEX IF EXISTS i'],
    ['repeatable-drop-index', '-- no-transaction\nDROP INDEX CONCURRENTLY i'],
    ['validate-apart', 'ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT c'],
  ])('%s: %s', (rule, sql) => {
    expect(lint(sql)).toEqual([rule]);
  });
});

describe('is accepted', () => {
  test.each([
    ['CREATE TABLE nova.t (id int NOT NULL); CREATE INDEX i ON nova.t (id); ALTER TABLE t ADD CHECK (id > 0)'],
    ['-- no-transaction\nCREATE INDEX CONCURRENTLY IF NOT EXISTS i ON nova.t (a)'],
    ['-- no-transaction\nDROP INDEX CONCURRENTLY IF EXISTS i'],
    ['CREATE INDEX i ON ONLY t (a)'],
    ['ALTER TABLE t ADD COLUMN a int'],
    ["ALTER TABLE t ADD COLUMN a text NOT NULL DEFAULT 'not null, default'"],
    ['ALTER TABLE t ADD COLUMN a text DEFAULT now() NOT NULL'],
    ['ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID'],
    ['ALTER TABLE t VALIDATE CONSTRAINT c'],
    ['ALTER TABLE t ADD CONSTRAINT c UNIQUE USING INDEX i'],
    ['ALTER TABLE t ALTER COLUMN a DROP NOT NULL, ALTER COLUMN a DROP DEFAULT, DROP CONSTRAINT c'],
    ['UPDATE t SET a = 0 WHERE tenant_id IS NULL'],
    ['-- phase: contract\nALTER TABLE t DROP COLUMN a'],
    ["INSERT INTO t VALUES ('DROP TABLE t; LOCK TABLE t')"],
    ['-- lint-allow: no-rewrite: the table has one row\nTRUNCATE t'],
  ])('%s', (sql) => {
    expect(lint(sql)).toEqual([]);
  });
});

test('an excuse without a reason, or for another rule, excuses nothing', () => {
  expect(lint('-- lint-allow: no-rewrite:\nTRUNCATE t')).toEqual(['no-rewrite']);
  expect(lint('-- lint-allow: update-in-batches: small\nTRUNCATE t')).toEqual(['no-rewrite']);
});

test('a finding names file and line', () => {
  expect(lintMigration(parseMigration(FILE, 'SELECT 1;\n\n-- why\nTRUNCATE t;'))).toMatchObject([
    { file: FILE, line: 4 },
  ]);
});
