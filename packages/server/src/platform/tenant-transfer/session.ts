import { Client } from 'pg';
import type { TenantTable } from './catalogue.js';
import { tenantTables } from './queries.js';

const CONNECT_DEADLINE_MS = 10_000;

/** A connection as `nova_app`, for one command. Row-level security holds: it sees the tenant that it has entered. */
export async function openTransferSession(url: string): Promise<Client> {
  const client = new Client({
    connectionString: url,
    application_name: 'nova tenant',
    connectionTimeoutMillis: CONNECT_DEADLINE_MS,
  });
  // A lost connection fails the statement under way, which reports it.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

export async function readTenantTables(client: Pick<Client, 'query'>): Promise<TenantTable[]> {
  return (await client.query<TenantTable>(tenantTables.text)).rows;
}
