import type { Config } from './config/index.js';
import { Database, type DatabaseOptions, type QueryObservation } from './platform/db/index.js';
import { Breaker } from './platform/resilience/breaker.js';
import type { Logger, Metrics, Tracing } from './platform/telemetry/index.js';

export interface WireDatabaseOptions {
  readonly config: Config;
  readonly addresses: { readonly app: string; readonly system: string };
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly tracing?: Tracing;
  /** Off only in the test that shows row-level security to hold alone (I8). */
  readonly tenantFilters?: boolean;
}

const IDLE_CONNECTION_MS = 60_000;

/** The database with the limits of the configuration, behind its breaker; not yet open. */
export function makeDatabase(
  { config, addresses, log, metrics, tracing, tenantFilters = true }: WireDatabaseOptions,
  { storeEvents, onEventsCommitted }: Pick<DatabaseOptions, 'storeEvents' | 'onEventsCommitted'>,
): Database {
  const settings = config.database;
  const name = 'database';
  return new Database({
    app: { connectionString: addresses.app, application_name: 'nova' },
    system: { connectionString: addresses.system, application_name: 'nova system' },
    pipelineConnections: settings.pipelineConnections,
    writerConnections: settings.writerConnections,
    systemConnections: settings.systemConnections,
    adminConnections: settings.adminConnections,
    maxReadsInFlight: settings.maxInFlightReads,
    saturation: settings.saturationPercent / 100,
    preparedStatements: settings.preparedStatements,
    acquireTimeoutMs: settings.acquireTimeoutMs,
    connectTimeoutMs: settings.connectTimeoutMs,
    queryTimeoutMs: settings.queryTimeoutMs,
    idleTimeoutMs: IDLE_CONNECTION_MS,
    lifetimeMs: settings.connectionLifetimeMs,
    breaker: new Breaker({
      name,
      ...settings.breaker,
      onTransition: (from, to) => {
        metrics.recordBreakerTransition(name, from, to);
        log.warn({ breaker: name, from, to }, 'circuit breaker');
      },
    }),
    tenantFilters,
    observe: (observation) => {
      metrics.recordQuery(observation);
      if (tracing?.enabled) recordSpan(tracing, observation);
      if (observation.durationMs > settings.slowQueryMs) log.warn({ ...observation }, 'slow query');
    },
    onConnectionError: (err) => log.warn({ err }, 'a database connection was lost'),
    storeEvents,
    onEventsCommitted,
    onEffectError: (err) => log.error({ err }, 'an effect after a commit failed'),
  });
}

/** As OpenTelemetry's conventions for database clients say; never the values, which are the callers'. */
function recordSpan(tracing: Tracing, { query, durationMs, outcome }: QueryObservation): void {
  const errorType = outcome === 'ok' ? undefined : '_OTHER';
  const attributes = { 'db.system.name': 'postgresql', 'db.operation.name': query, 'error.type': errorType };
  tracing.record(query, attributes, durationMs);
}

/** Pools and breaker as metrics. Returns what ends the watching. */
export function watchDatabase(metrics: Metrics, database: Database, { database: settings }: Config): (() => void)[] {
  const { reader, breaker } = database;
  const pools = { writers: database.writers, lookups: database.lookups, admin: database.admin };
  return [
    metrics.watchBreaker(breaker.name, () => breaker.state),
    metrics.watchPool('readers', () => ({
      limit: settings.maxInFlightReads,
      open: reader.openSockets,
      inUse: reader.inFlight,
      waiting: 0,
    })),
    ...Object.entries(pools).map(([name, pool]) =>
      metrics.watchPool(name, () => ({ limit: pool.size, open: pool.open, inUse: pool.inUse, waiting: pool.waiting })),
    ),
  ];
}
