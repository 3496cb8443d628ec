import { Client } from 'pg';
import type { Config } from '../config/index.js';
import { checkConnectionBudget, databaseQueries } from '../platform/db/index.js';
import { verifyRoles } from '../platform/roles/index.js';
import type { DatabaseAddresses } from './deployment.js';

/**
 * What must be true before anything is served: roles with exactly their rights, row-level security on every
 * tenant table, and connections for all processes (R1).
 * @throws RoleViolationError, ConnectionBudgetExceeded: the server does not start
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
    await verifyRoles({ app, system, owner });
    const limit = config.database.connectionLimit ?? (await serverLimit(system));
    checkConnectionBudget(config.process.processes, config.database, limit);
  } finally {
    await Promise.all(opened.map((client) => client.end()));
  }
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
