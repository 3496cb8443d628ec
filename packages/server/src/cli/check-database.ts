import { Client } from 'pg';
import type { Config } from '../config/index.js';
import { ECHO_WITHIN_MS, hearsNotifications } from '../platform/bus/index.js';
import { ConnectionBudgetExceeded, checkConnectionBudget, databaseQueries } from '../platform/db/index.js';
import { RoleViolationError, verifyRoles } from '../platform/roles/index.js';
import type { DatabaseAddresses } from './deployment.js';

/**
 * What must be true before anything is served: roles with exactly their rights, row-level security on every
 * tenant table, connections for all processes (R1), and notifications that are heard.
 * @throws RoleViolationError with all that is not so: the server does not start
 */
export async function checkDatabase(config: Config, addresses: DatabaseAddresses): Promise<void> {
  const opened: Client[] = [];
  const open = async (address: string) => {
    const client = await connect(address);
    opened.push(client);
    return client;
  };
  try {
    const app = await open(addresses.app);
    const system = await open(addresses.system);
    const owner = await open(addresses.owner);
    const listener = await open(addresses.direct);
    const notifier = await open(addresses.direct);
    const limit = config.database.connectionLimit ?? (await serverLimit(system));
    const refusals = [
      ...(await refusalsOf(() => verifyRoles({ app, system, owner }))),
      ...(await refusalsOf(() => checkConnectionBudget(config.process.processes, config.database, limit))),
      ...(await deafness(listener, notifier)),
    ];
    if (refusals.length > 0) throw new RoleViolationError(refusals);
  } finally {
    await Promise.all(opened.map((client) => client.end()));
  }
}

/** What a check has against the database; errors of other kinds are thrown on. */
async function refusalsOf(check: () => void | Promise<void>): Promise<readonly string[]> {
  try {
    await check();
    return [];
  } catch (error) {
    if (error instanceof RoleViolationError) return error.violations;
    if (error instanceof ConnectionBudgetExceeded) return [error.message];
    throw error;
  }
}

/** Processes that do not hear one another answer as if all were well, with what the others have long changed. */
async function deafness(listener: Client, notifier: Client): Promise<string[]> {
  const reason = await hearsNotifications(listener, notifier).then(
    (heard) => (heard ? null : `none came within ${ECHO_WITHIN_MS} ms, as through a pooler in transaction mode`),
    (error: Error) => error.message,
  );
  if (reason === null) return [];
  return [
    `DATABASE_DIRECT_URL (absent: DATABASE_URL) does not bring notifications: ${reason}; ` +
      'set it to the address of PostgreSQL itself',
  ];
}

async function serverLimit(client: Client): Promise<number> {
  const { rows } = await client.query<{ connections: number }>(databaseQueries.connectionLimit.text);
  return rows[0]?.connections ?? 0;
}

async function connect(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString, application_name: 'nova start', connectionTimeoutMillis: 10_000 });
  // A connection lost between two statements is reported by the next one.
  client.on('error', () => {});
  await client.connect();
  return client;
}
