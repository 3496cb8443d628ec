import { setTimeout as sleep } from 'node:timers/promises';
import { Client, DatabaseError, escapeIdentifier, escapeLiteral } from 'pg';
import {
  asTransaction,
  bootstrapLockStatement,
  clusterStatements,
  createDatabaseStatement,
  databaseAccessStatements,
  databaseExistsQuery,
  quietSessionStatements,
  schemaStatements,
} from './bootstrap-sql.js';
import { scramVerifier } from './scram-verifier.js';

export interface BootstrapInput {
  /** A superuser's address; its database is the maintenance database and must be the same for all who bootstrap. */
  readonly superuserUrl: string;
  readonly database: string;
  readonly passwords: { readonly owner: string; readonly app: string; readonly system: string };
  /** Ends the wait for the lock of a concurrent bootstrap. Default: 60 s. */
  readonly lockWaitMs?: number;
}

/**
 * Prepares a PostgreSQL server for Nova: the three roles with their limits, the database, the schema and the default
 * privileges. May run again at any time, and from several processes at once; existing data is never touched, the
 * roles' attributes, settings and passwords are set to what is given here.
 *
 * @throws DatabaseError when the server refuses (not a superuser, a name that is taken otherwise)
 */
export async function bootstrapDatabase(input: BootstrapInput): Promise<void> {
  const database = escapeIdentifier(input.database);
  const verifiers = {
    owner: escapeLiteral(await scramVerifier(input.passwords.owner)),
    app: escapeLiteral(await scramVerifier(input.passwords.app)),
    system: escapeLiteral(await scramVerifier(input.passwords.system)),
  };
  await withClient(input.superuserUrl, async (cluster) => {
    await cluster.query(`SET lock_timeout = ${Math.ceil(input.lockWaitMs ?? 60_000)}`);
    await cluster.query(bootstrapLockStatement);
    for (const sql of quietSessionStatements) await cluster.query(sql);
    await untilUncontended(cluster, asTransaction(clusterStatements(verifiers)));
    const { rowCount } = await cluster.query(databaseExistsQuery, [input.database]);
    if (rowCount === 0) await cluster.query(createDatabaseStatement(database));
    await untilUncontended(cluster, asTransaction(databaseAccessStatements(database)));
    await withClient(urlOfDatabase(input.superuserUrl, input.database), async (own) => {
      await own.query(asTransaction(schemaStatements()));
    });
  });
}

/** The same address with another database. */
export function urlOfDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(database)}`;
  return changed.toString();
}

/** `tuple concurrently updated`: someone else alters the same role without our lock. Altering again is harmless. */
async function untilUncontended(client: Client, sql: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.query(sql);
      return;
    } catch (error) {
      const contended = error instanceof DatabaseError && error.code === 'XX000' && /concurrently/.test(error.message);
      if (!contended || attempt === 10) throw error;
      await client.query('ROLLBACK');
      await sleep(20 + Math.random() * 50);
    }
  }
}

async function withClient<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({
    connectionString: url,
    application_name: 'nova bootstrap',
    connectionTimeoutMillis: 10_000,
  });
  // A connection lost between two statements is reported by the next one.
  client.on('error', () => {});
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
