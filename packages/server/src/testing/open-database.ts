import { Database, type DatabaseOptions } from '../platform/db/index.js';
import { Breaker } from '../platform/resilience/breaker.js';
import type { TestDatabase } from './test-database.js';

/** A `Database` on a test's own database, with the limits of production; not yet open. */
export function makeDatabase(
  { appUrl, systemUrl }: Pick<TestDatabase, 'appUrl' | 'systemUrl'>,
  overrides: Partial<DatabaseOptions> = {},
): Database {
  return new Database({
    app: { connectionString: appUrl },
    system: { connectionString: systemUrl },
    pipelineConnections: 1,
    writerConnections: 4,
    systemConnections: 2,
    adminConnections: 2,
    maxReadsInFlight: 64,
    saturation: 0.85,
    preparedStatements: true,
    acquireTimeoutMs: 1_000,
    connectTimeoutMs: 1_000,
    queryTimeoutMs: 1_500,
    idleTimeoutMs: 10_000,
    lifetimeMs: 300_000,
    breaker: new Breaker({ name: 'database', failures: 5, openMs: 30_000 }),
    tenantFilters: true,
    observe: () => {},
    onConnectionError: () => {},
    storeEvents: async () => {},
    onEventsCommitted: () => {},
    onEffectError: () => {},
    ...overrides,
  });
}
