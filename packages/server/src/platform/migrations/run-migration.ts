import { type ClientBase, DatabaseError } from 'pg';
import type { Migration } from './discover.js';
import { MigrationError } from './errors.js';
import { indexValidity, recordApplied, recordStarted } from './ledger-sql.js';

/** The longest a migration may hold up the traffic that queues behind its lock request (I13). */
const LOCK_TIMEOUT = '2s';
/**
 * Statements with CONCURRENTLY wait for old transactions, while nothing waits for them: with 2 s they would fail
 * whenever one longer transaction is running. Longer than the longest statement of any Nova role.
 */
const CONCURRENT_LOCK_TIMEOUT = '10min';

const CREATE_INDEX =
  /^\s*create\s+(?:unique\s+)?index\s+concurrently\s+(?:if\s+not\s+exists\s+)?("(?:[^"]|"")+"|[\w$]+)/i;

/** Runs a file and its ledger entry in one transaction; nothing of it stays when it fails. */
export async function runInTransaction(client: ClientBase, migration: Migration): Promise<void> {
  const started = performance.now();
  await client.query(`SET lock_timeout = '${LOCK_TIMEOUT}'`);
  await client.query('BEGIN');
  try {
    await client.query(migration.sql);
    await recordApplied(client, migration, performance.now() - started);
    // A COMMIT of a transaction that has failed answers ROLLBACK and no error.
    const { command } = await client.query('COMMIT');
    if (command !== 'COMMIT') throw new MigrationError('failed', `${migration.file} was rolled back`);
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw describeFailure(migration, error, 0);
  }
}

/**
 * Runs the one statement of a `no-transaction` file. The ledger first says that it has started, so that after a crash
 * between the statement and its entry the index it made is recognised as its own, instead of failing as a duplicate.
 */
export async function runOutsideTransaction(client: ClientBase, migration: Migration): Promise<void> {
  const started = performance.now();
  const [statement] = migration.statements;
  if (statement === undefined) throw new MigrationError('invalid_file', `${migration.file} holds no statement`);
  const concurrent = /\bconcurrently\b/i.test(statement.code);
  await client.query(`SET lock_timeout = '${concurrent ? CONCURRENT_LOCK_TIMEOUT : LOCK_TIMEOUT}'`);
  const retried = await recordStarted(client, migration);
  const index = createdIndex(statement.code);
  const before = index === undefined ? undefined : await indexValidity(client, index);
  try {
    if (index !== undefined && before === false) await client.query(`DROP INDEX CONCURRENTLY nova.${quoted(index)}`);
    const done = before === true && retried;
    if (!done) await client.query(statement.text);
  } catch (error) {
    throw describeFailure(migration, error, statement.offset);
  }
  if (index !== undefined && (await indexValidity(client, index)) !== true) {
    throw new MigrationError('failed', `${migration.file}: index ${index} is missing or invalid afterwards`, migration);
  }
  await recordApplied(client, migration, performance.now() - started);
}

/** Name of the index that a statement makes concurrently, as PostgreSQL stores it. */
function createdIndex(code: string): string | undefined {
  const name = CREATE_INDEX.exec(code)?.[1];
  if (name === undefined) return undefined;
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Adds file and line to what PostgreSQL said; its `position` counts characters from 1. */
function describeFailure(migration: Migration, error: unknown, offset: number): unknown {
  if (!(error instanceof DatabaseError)) return error;
  const position = Number(error.position ?? Number.NaN);
  const before = migration.sql.slice(0, offset) + [...migration.sql.slice(offset)].slice(0, position - 1).join('');
  const place = Number.isNaN(position) ? migration.file : `${migration.file}:${before.split('\n').length}`;
  const detail = [error.message, error.detail, error.hint].filter(Boolean).join(' - ');
  return new MigrationError('failed', `${place}: ${detail}`, { version: migration.version, cause: error });
}

/** Refused because of what others were doing: a lock not granted in time, a deadlock, a serialisation failure. */
export function isContention(error: unknown): boolean {
  const cause = error instanceof MigrationError ? error.cause : error;
  return cause instanceof DatabaseError && ['55P03', '40P01', '40001'].includes(cause.code ?? '');
}
