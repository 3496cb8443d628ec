import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { MigrationError } from './errors.js';
import { tryMigrationLock } from './ledger-sql.js';

const CONNECT_TIMEOUT_MS = 10_000;
const LOCK_POLL_MS = 100;

/** Opens a session as owner, with its own limits rather than the role's, and closes it whatever happens. */
export async function withMigrationSession<T>(ownerUrl: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({
    connectionString: ownerUrl,
    application_name: 'nova migrate',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
  });
  // A connection lost between two statements is reported by the next one.
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query(`
      SET search_path = nova;
      SET timezone = 'UTC';
      SET statement_timeout = 0;
      SET idle_in_transaction_session_timeout = '60s'`);
    return await use(client);
  } finally {
    await client.end();
  }
}

/**
 * Takes the lock of migrators; the end of the session releases it. Polls instead of waiting inside PostgreSQL: a
 * waiting statement holds a snapshot, for which the other migrator's CREATE INDEX CONCURRENTLY would wait in turn.
 *
 * @throws MigrationError `lock_unavailable` after `waitMs`
 */
export async function takeMigrationLock(client: Client, waitMs: number, signal?: AbortSignal): Promise<void> {
  const deadline = performance.now() + waitMs;
  while (!(await tryMigrationLock(client))) {
    if (performance.now() >= deadline) {
      throw new MigrationError('lock_unavailable', `another process has been migrating for ${Math.round(waitMs)} ms`);
    }
    await sleep(LOCK_POLL_MS * (0.5 + Math.random()), undefined, signal === undefined ? {} : { signal });
  }
}
