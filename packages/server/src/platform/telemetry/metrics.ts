import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { createEventLoopMonitor, type EventLoopMonitor } from './event-loop.js';
import { type ProcessIdentity, registerProcessMetrics } from './process-metrics.js';
import { type Unwatch, WatchedGauges } from './watched-gauges.js';

/** State of a connection pool: slots, not sockets, where one socket carries several (R3). */
export interface PoolReading {
  readonly limit: number;
  readonly open: number;
  readonly inUse: number;
  readonly waiting: number;
}

/** State of a bounded work queue, such as that of password hashes (R11). */
export interface QueueReading {
  readonly running: number;
  readonly waiting: number;
  readonly limit: number;
}

export interface CacheReading {
  readonly entries: number;
  readonly bytes: number;
}

/** What one statement did. */
export interface QueryRecord {
  readonly query: string;
  readonly role: string;
  readonly outcome: string;
  readonly durationMs: number;
}

export type BreakerStateName = 'closed' | 'open' | 'half_open';

/** Counters of one cache (C8). */
export interface CacheMetrics {
  hit(): void;
  /** A value past its time, served while it is loaded again. */
  stale(): void;
  miss(): void;
  load(durationMs: number, outcome: 'ok' | 'error'): void;
  /** A caller that waited for the load of another instead of loading. */
  coalesced(): void;
}

/** How far a consumer of the outbox is behind (E1). */
export interface OutboxLag {
  /** Events that wait. */
  readonly events: number;
  /** Age of the oldest of them, in ms. */
  readonly ageMs: number;
  readonly level: 'OK' | 'WARNING' | 'CRITICAL';
}

/** The metrics of one server process. Modules take the `Pick` they use. */
export interface Metrics {
  /** @param route the template, never the address as called, as each gets series of its own */
  recordHttpRequest(route: string, method: string, status: number, durationMs: number): void;
  recordQuery(record: QueryRecord): void;
  recordBreakerTransition(breaker: string, from: BreakerStateName, to: BreakerStateName): void;
  /** Work refused to protect the rest (R3, I10), by where. */
  recordShed(reason: string): void;
  /** @param scope whose limit: `caller`, `tenant`, or `stranger` for wrong credentials */
  recordRateLimited(plan: string, scope: string): void;
  /** Requests refused because too many were under way already, of the caller or of the tenant (R12). */
  recordConcurrencyLimited(plan: string, scope: string): void;
  recordOutboxLag(consumer: string, lag: OutboxLag): void;
  recordOutboxHandled(consumer: string, events: number): void;
  /** An event that failed: to be retried, or set aside after its last try. */
  recordOutboxFailure(consumer: string, kind: 'retried' | 'set_aside'): void;
  /** Rows whose stored count differs from the recomputed one, in the last sample. */
  recordCountDrift(count: string, sampled: number, drifted: number): void;
  watchBreaker(breaker: string, state: () => BreakerStateName): Unwatch;
  watchPool(pool: string, read: () => PoolReading): Unwatch;
  watchQueue(queue: string, read: () => QueueReading): Unwatch;
  watchCache(cache: string, read: () => CacheReading): Unwatch;
  /** The tenants with the most requests under way: a few, as each gets series of its own. */
  watchTenants(read: () => readonly { readonly tenantId: string; readonly inFlight: number }[]): void;
  /** The counters of a cache; ask once and keep them. */
  cache(name: string): CacheMetrics;
  readonly eventLoop: Pick<EventLoopMonitor, 'read'>;
  /** For metrics that belong to one domain. */
  readonly registry: Registry;
  readonly contentType: string;
  /** All metrics in the exposition format of Prometheus. Begins a new window of event-loop delay. */
  text(): Promise<string>;
  close(): void;
}

const MS_PER_SECOND = 1000;
/** From a cached answer to the request deadline; 0.1 and 1 are the audits' goals (A4, A5, A9). */
const HTTP_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2, 5];
const QUERY_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30];
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const BREAKER_CODES: Readonly<Record<BreakerStateName, number>> = { closed: 0, half_open: 1, open: 2 };
const HEALTH_CODES: Readonly<Record<OutboxLag['level'], number>> = { OK: 0, WARNING: 1, CRITICAL: 2 };

/** Metrics with a registry of their own, so that several servers in one process do not mix. Close them. */
export function createMetrics(identity: ProcessIdentity = { processId: process.pid, version: 'unknown' }): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const eventLoop = createEventLoopMonitor();
  registerProcessMetrics(registry, identity, eventLoop);

  const http = new Histogram({
    name: 'nova_http_request_duration_seconds',
    help: 'Duration of HTTP requests by route template, method and status.',
    labelNames: ['route', 'method', 'status'],
    buckets: HTTP_BUCKETS,
    registers,
  });
  const queries = new Histogram({
    name: 'nova_db_query_duration_seconds',
    help: 'Duration of statements by query name, role and outcome.',
    labelNames: ['query', 'role', 'outcome'],
    buckets: QUERY_BUCKETS,
    registers,
  });
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Counter<Label>({ name, help, labelNames, registers });
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Gauge<Label>({ name, help, labelNames, registers });

  const transitions = counter('nova_breaker_transitions_total', 'Changes of state of circuit breakers.', [
    'breaker',
    'from',
    'to',
  ]);
  const shed = counter('nova_shed_total', 'Work refused to protect the rest.', ['reason']);
  const rateLimited = counter('nova_rate_limited_total', 'Requests over a rate limit.', ['plan', 'scope']);
  const concurrencyLimited = counter(
    'nova_concurrency_limited_total',
    'Requests refused because too many were under way.',
    ['plan', 'scope'],
  );
  const outboxEvents = gauge('nova_outbox_lag_events', 'Events that wait for a consumer.', ['consumer']);
  const outboxAge = gauge('nova_outbox_lag_seconds', 'Age of the oldest event that waits.', ['consumer']);
  const outboxHealth = gauge('nova_outbox_health', 'State of a consumer: 0 OK, 1 WARNING, 2 CRITICAL.', ['consumer']);
  const outboxHandled = counter('nova_outbox_handled_total', 'Events handled.', ['consumer']);
  const outboxFailures = counter('nova_outbox_failures_total', 'Events that failed.', ['consumer', 'kind']);
  const driftSampled = gauge('nova_count_drift_sampled', 'Stored counts compared in the last sample.', ['count']);
  const drifted = gauge('nova_count_drift_rows', 'Stored counts that were wrong in the last sample.', ['count']);

  const breakers = new WatchedGauges<'state'>(registry, 'breaker', {
    state: { name: 'nova_breaker_state', help: 'State of circuit breakers: 0 closed, 1 half open, 2 open.' },
  });
  const pools = new WatchedGauges<keyof PoolReading>(registry, 'pool', {
    limit: { name: 'nova_db_pool_limit', help: 'Slots a pool may use.' },
    open: { name: 'nova_db_pool_open', help: 'Connections open.' },
    inUse: { name: 'nova_db_pool_in_use', help: 'Slots in use.' },
    waiting: { name: 'nova_db_pool_waiting', help: 'Callers that wait for a slot.' },
  });
  const queues = new WatchedGauges<keyof QueueReading>(registry, 'queue', {
    running: { name: 'nova_queue_running', help: 'Tasks that run.' },
    waiting: { name: 'nova_queue_waiting', help: 'Tasks that wait.' },
    limit: { name: 'nova_queue_limit', help: 'Tasks that may wait.' },
  });
  const caches = new WatchedGauges<keyof CacheReading>(registry, 'cache', {
    entries: { name: 'nova_cache_entries', help: 'Entries in a cache.' },
    bytes: { name: 'nova_cache_bytes', help: 'Estimated memory of a cache.' },
  });

  const recordHttp = observer(http);
  const recordStatement = observer(queries);

  return {
    recordHttpRequest: (route, method, status, durationMs) => {
      const knownMethod = METHODS.has(method) ? method : 'other';
      recordHttp(durationMs / MS_PER_SECOND, route, knownMethod, String(status));
    },
    recordQuery: ({ query, role, outcome, durationMs }) =>
      recordStatement(durationMs / MS_PER_SECOND, query, role, outcome),
    recordBreakerTransition: (breaker, from, to) => transitions.inc({ breaker, from, to }),
    recordShed: (reason) => shed.inc({ reason }),
    recordRateLimited: (plan, scope) => rateLimited.inc({ plan, scope }),
    recordConcurrencyLimited: (plan, scope) => concurrencyLimited.inc({ plan, scope }),
    recordOutboxLag: (consumer, { events, ageMs, level }) => {
      outboxEvents.set({ consumer }, events);
      outboxAge.set({ consumer }, ageMs / MS_PER_SECOND);
      outboxHealth.set({ consumer }, HEALTH_CODES[level]);
    },
    recordOutboxHandled: (consumer, events) => outboxHandled.inc({ consumer }, events),
    recordOutboxFailure: (consumer, kind) => outboxFailures.inc({ consumer, kind }),
    recordCountDrift: (count, sampled, rows) => {
      driftSampled.set({ count }, sampled);
      drifted.set({ count }, rows);
    },
    watchBreaker: (breaker, state) => breakers.watch(breaker, () => ({ state: BREAKER_CODES[state()] })),
    watchPool: (pool, read) => pools.watch(pool, read),
    watchQueue: (queue, read) => queues.watch(queue, read),
    watchCache: (cache, read) => caches.watch(cache, read),
    watchTenants: (read) => {
      new Gauge({
        name: 'nova_tenant_in_flight',
        help: 'Requests under way of the tenants that have the most.',
        labelNames: ['tenant'],
        registers,
        collect() {
          this.reset();
          for (const { tenantId, inFlight } of read()) this.set({ tenant: tenantId }, inFlight);
        },
      });
    },
    cache: cacheMetrics(registry),
    eventLoop,
    registry,
    contentType: registry.contentType,
    text: () => registry.metrics(),
    close: () => {
      eventLoop.close();
      registry.clear();
    },
  };
}

/**
 * Observes into the child of three labels. Children are kept: resolving and checking labels at each observation
 * doubles its cost. The number of children is the number of series, which routes and query names bound.
 */
function observer(histogram: Histogram): (value: number, first: string, second: string, third: string) => void {
  const children = new Map<string, Histogram.Internal<string>>();
  return (value, first, second, third) => {
    const key = `${first}\n${second}\n${third}`;
    let child = children.get(key);
    if (child === undefined) {
      child = histogram.labels(first, second, third);
      children.set(key, child);
    }
    child.observe(value);
  };
}

function cacheMetrics(registry: Registry): (name: string) => CacheMetrics {
  const requests = new Counter({
    name: 'nova_cache_requests_total',
    help: 'Look-ups by result: hit, stale, miss, coalesced (waited for the load of another).',
    labelNames: ['cache', 'result'],
    registers: [registry],
  });
  const loads = new Histogram({
    name: 'nova_cache_load_duration_seconds',
    help: 'Duration of loads after a miss.',
    labelNames: ['cache', 'outcome'],
    buckets: QUERY_BUCKETS,
    registers: [registry],
  });
  return (name) => {
    const [hits, stales, misses, coalesced] = (['hit', 'stale', 'miss', 'coalesced'] as const).map((result) =>
      requests.labels(name, result),
    );
    const [loaded, failed] = [loads.labels(name, 'ok'), loads.labels(name, 'error')];
    return {
      hit: () => hits?.inc(),
      stale: () => stales?.inc(),
      miss: () => misses?.inc(),
      coalesced: () => coalesced?.inc(),
      load: (durationMs, outcome) => (outcome === 'ok' ? loaded : failed).observe(durationMs / MS_PER_SECOND),
    };
  };
}
