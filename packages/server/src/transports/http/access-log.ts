import type { FastifyRequest } from 'fastify';
import type { Logger, Metrics } from '../../platform/telemetry/index.js';

export interface AccessLogDeps {
  readonly log: Logger;
  readonly metrics: Pick<Metrics, 'recordHttpRequest'>;
  /** Slower requests are logged as warnings. */
  readonly slowRequestMs: number;
}

/** nginx's status for a caller that hung up before the answer. */
const CLIENT_CLOSED_REQUEST = 499;
/** Addresses that lead nowhere share one series: a caller could invent any number of them. */
const NO_ROUTE = 'none';

/**
 * One measurement for each request that has come to its end, and one line: a warning for what failed or was slow,
 * information for what was refused, and detail (`debug`) for what went well. The metrics count everything; at
 * thousands of requests a second the lines of the last kind were a twelfth of the processor time.
 */
export function recordRequest(deps: AccessLogDeps, request: FastifyRequest, status: number, answered: boolean): void {
  const durationMs = performance.now() - request.startedAt;
  const route = request.routeOptions.config.url ?? NO_ROUTE;
  const outcome = answered ? status : CLIENT_CLOSED_REQUEST;
  deps.metrics.recordHttpRequest(route, request.method, outcome, durationMs);
  const slow = durationMs >= deps.slowRequestMs;
  const level = slow || outcome >= 500 ? 'warn' : outcome >= 400 ? 'info' : 'debug';
  if (!deps.log.isLevelEnabled(level)) return;
  const principal = request.call?.principal;
  deps.log[level](
    {
      correlationId: request.id,
      method: request.method,
      route,
      status: outcome,
      durationMs: Math.round(durationMs * 100) / 100,
      tenantId: principal?.tenant.id,
      userId: principal?.viewer?.userId,
    },
    slow ? 'slow request' : 'request',
  );
}
