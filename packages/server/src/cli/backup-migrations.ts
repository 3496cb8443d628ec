import type { ClientBase } from 'pg';
import { readMigrationStatus } from '../platform/migrations/index.js';
import type { MigrationRecord } from '../platform/postgres/index.js';
import { MIGRATIONS_ROOT } from './open-nova.js';

/** The migrations that a database has, as a backup notes them. */
export async function readMigrations(client: ClientBase): Promise<readonly MigrationRecord[]> {
  const { applied } = await readMigrationStatus(client, MIGRATIONS_ROOT);
  return applied.map(({ version, checksum }) => ({ id: version, checksum }));
}
