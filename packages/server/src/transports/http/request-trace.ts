import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type TraceContext, type Tracing, traceContextFrom } from '../../platform/telemetry/index.js';

const TRACE = Symbol('trace of the request');

interface TracedMessage extends IncomingMessage {
  [TRACE]?: TraceContext;
}

/** The methods of OpenTelemetry's conventions; others are told as one, since a caller may send any. */
const METHODS = new Set(['CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'TRACE']);
/** The caller has hung up, or was cut off since it did not read. */
const UNDELIVERED = 'undelivered';

/** Begins the trace of a request, or goes on with its caller's, and gives its id. */
export function requestIdOf(raw: TracedMessage): string {
  const header = raw.headers['traceparent'];
  const trace = traceContextFrom(typeof header === 'string' ? header : undefined);
  raw[TRACE] = trace;
  return trace.traceId;
}

/** The trace of a request: its id is the request id. */
export function traceOf({ raw }: { readonly raw: TracedMessage }): TraceContext {
  raw[TRACE] ??= traceContextFrom(undefined);
  return raw[TRACE];
}

/**
 * Opens the span of a request, under which its trace goes on (O2); named and described as in OpenTelemetry's conventions
 * for HTTP servers, with the route in place of the address, which holds ids.
 *
 * @returns what ends it
 */
export function openServerSpan(
  tracing: Pick<Tracing, 'open'>,
  request: FastifyRequest,
  reply: FastifyReply,
): (answered: boolean) => void {
  const method = METHODS.has(request.method) ? request.method : undefined;
  const route = request.routeOptions.config.url;
  const span = tracing.open(
    [method ?? 'HTTP', route].join(' ').trimEnd(),
    { 'http.request.method': method ?? '_OTHER', 'http.route': route, 'url.scheme': request.protocol },
    traceOf(request),
  );
  (request.raw as TracedMessage)[TRACE] = span.context;
  return (answered) => {
    const { statusCode: status, raw } = reply;
    span.end({
      'http.response.status_code': raw.headersSent ? status : undefined,
      'nova.tenant_id': request.call?.principal.tenant.id,
      'error.type': answered ? (status >= 500 ? String(status) : undefined) : UNDELIVERED,
    });
  };
}
