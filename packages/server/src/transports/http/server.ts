import type { Socket } from 'node:net';
import { constants } from 'node:zlib';
import compress from '@fastify/compress';
import cors from '@fastify/cors';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import type { Config } from '../../config/index.js';
import { type NovaError, platformErrors } from '../../platform/errors/index.js';
import { formatTraceparent, type Logger, type Metrics, type Tracing } from '../../platform/telemetry/index.js';
import { recordRequest } from './access-log.js';
import { answerConnectionError, headerRefusal } from './client-errors.js';
import { Drain, type DrainOptions } from './drain.js';
import { entityTagOf, matchesEntityTag } from './entity-tag.js';
import { type ReadinessCheck, registerHealth } from './health.js';
import { acceptJsonOnly } from './json-body.js';
import { KnownRoutes } from './known-routes.js';
import { novaErrorOf, PROBLEM_MEDIA_TYPE, problemOf, retryAfterSeconds } from './problem.js';
import { parseQuery } from './query-string.js';
import { openServerSpan, requestIdOf, traceOf } from './request-trace.js';
import { SECURITY_HEADERS } from './security-headers.js';

export interface HttpServerDeps {
  readonly settings: Pick<
    Config['http'],
    'trustProxy' | 'bodyLimitBytes' | 'corsOrigins' | 'compressionThresholdBytes'
  >;
  readonly slowRequestMs: number;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, 'recordHttpRequest'>;
  readonly tracing: Pick<Tracing, 'enabled' | 'open' | 'within'>;
  readonly readiness: readonly ReadinessCheck[];
  /** May answer what no route has. @returns whether it has */
  readonly answerUnknown?: ((request: FastifyRequest, reply: FastifyReply) => boolean) | undefined;
  /** Connections beyond it are closed unanswered (I10); by default below the common limit of 20,000 open files. */
  readonly maxConnections?: number;
  /** For tests of slow callers; the defaults are sound. */
  readonly timeouts?: Partial<ConnectionTimeouts>;
}

export interface ConnectionTimeouts {
  /** Longest time for the headers of a request to arrive. */
  readonly headersMs: number;
  /** Longest time for a whole request to arrive. */
  readonly requestMs: number;
  /** Longest rest of a connection between two requests: above the 60 s of common load balancers, which must be
   * the ones to close. */
  readonly keepAliveMs: number;
  /** Longest time from a request to the last byte of its answer: a reader that is slower holds memory, and is cut off
   * (I10). */
  readonly answerMs: number;
  /** How often the first two are looked at. */
  readonly checkMs: number;
}

export interface HttpServer {
  /** Not listening yet: transports register their routes on it, then `listen` is called, or `openToOthers`. */
  readonly fastify: FastifyInstance;
  /** Instead of listening: serves the connections that another process accepts, given to `take`. */
  openToOthers(): Promise<void>;
  /** @returns false from when a drain takes no more: the connection is left to the caller */
  take(connection: Socket): boolean;
  /** The first part of a drain, ahead of it; see `Drain.becomeUnready`. */
  becomeUnready(): void;
  /** Ends the server in good order, once; see `Drain.begin`. */
  drain(options: DrainOptions): Promise<void>;
}

const TIMEOUTS: ConnectionTimeouts = {
  headersMs: 10_000,
  requestMs: 30_000,
  keepAliveMs: 72_000,
  // 500 kB at 100 kbit/s take 40 s.
  answerMs: 60_000,
  checkMs: 5_000,
};
const MAX_CONNECTIONS = 18_000;
const MAX_HEADER_BYTES = 16 * 1024;
/** Ids have 36 characters, handles fewer than 64. */
const MAX_PARAMETER_LENGTH = 256;
/** A day, or what browsers make of it. */
const PREFLIGHT_MAX_AGE_S = 86_400;

const ALLOWED_HEADERS = [
  'authorization',
  'content-type',
  'idempotency-key',
  'if-none-match',
  'traceparent',
  'x-nova-key',
];
const EXPOSED_HEADERS = [
  'etag',
  'idempotency-replayed',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
  'retry-after',
  'traceparent',
  'x-request-id',
];

/**
 * The HTTP server of all transports: limits, request ids, security headers, CORS, compression, entity tags,
 * errors as problem+json, health, access log, drain. It knows no operation; those come in scopes registered on it.
 */
export function createHttpServer(deps: HttpServerDeps): HttpServer {
  const { settings, log, tracing } = deps;
  const timeouts = { ...TIMEOUTS, ...deps.timeouts };
  const fastify = Fastify({
    loggerInstance: log as FastifyBaseLogger,
    // One line a request is written when it ends, in the vocabulary of the product.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: requestIdOf,
    bodyLimit: settings.bodyLimitBytes,
    trustProxy: settings.trustProxy.length > 0 ? [...settings.trustProxy] : false,
    requestTimeout: timeouts.requestMs,
    keepAliveTimeout: timeouts.keepAliveMs,
    http: {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: timeouts.headersMs,
      requestTimeout: timeouts.requestMs,
      connectionsCheckingInterval: timeouts.checkMs,
      // Node's own answer has no body; see `headerRefusal`.
      requireHostHeader: false,
    },
    routerOptions: { maxParamLength: MAX_PARAMETER_LENGTH, querystringParser: parseQuery },
    clientErrorHandler: answerConnectionError,
    // What arrives on an open connection during a drain is still answered.
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => {
      // A path that cannot be decoded reaches no hook.
      open(request, reply);
      if (drain.isUnready) reply.header('connection', 'close');
      answerError(log, error, request, reply);
    },
  });
  fastify.server.on('checkExpectation', (...exchange) => fastify.server.emit('request', ...exchange));
  const maxConnections = deps.maxConnections ?? MAX_CONNECTIONS;
  fastify.server.maxConnections = maxConnections;
  const drain = new Drain(fastify, log);
  const known = new KnownRoutes();
  const open = (request: FastifyRequest, reply: FastifyReply): void => {
    const endSpan = tracing.enabled ? openServerSpan(tracing, request, reply) : undefined;
    prepare(request, reply);
    const slowReader = setTimeout(cutOff, timeouts.answerMs, reply);
    reply.raw.on('close', () => {
      clearTimeout(slowReader);
      // Node counts an answer as finished, too, when its connection has been destroyed under it.
      const answered = reply.raw.writableFinished && !request.raw.socket.destroyed;
      request.call?.end(answered);
      recordRequest(deps, request, reply.statusCode, answered);
      endSpan?.(answered);
    });
  };

  // A child logger for each request would be made for nothing most times: calls make their own when they log.
  fastify.setChildLoggerFactory((logger) => logger);
  // Operations validate their input, once.
  fastify.setValidatorCompiler(() => () => true);
  fastify.decorateRequest('call', null);
  fastify.decorateRequest('startedAt', 0);
  acceptJsonOnly(fastify);

  fastify.addHook('onRoute', ({ url, method }) => {
    if (url !== '*') known.add(url, typeof method === 'string' ? [method] : method);
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    open(request, reply);
    const refusal = headerRefusal(request.raw);
    if (refusal !== undefined) {
      reply.header('connection', 'close');
      done(refusal);
    } else if (request.method === 'OPTIONS') done(allowOrRefuse(known, request, reply));
    else done();
  });
  if (tracing.enabled) {
    fastify.addHook('onRequest', (request, _reply, done) => tracing.within(traceOf(request), done));
  }
  fastify.addHook('onSend', (request, reply, payload, done) => {
    // What is left, compressing and sending it, takes as long as its reader takes.
    request.call?.end(true);
    if (drain.isUnready) reply.header('connection', 'close');
    done(null, revalidate(request, reply, payload));
  });

  fastify.setErrorHandler((error, request, reply) => answerError(log, error, request, reply));
  fastify.setNotFoundHandler((request, reply) => {
    const allow = known.allow(request.url);
    if (allow === null) {
      if (deps.answerUnknown?.(request, reply)) return reply;
      throw platformErrors.not_found();
    }
    reply.header('allow', allow);
    if (request.method === 'OPTIONS') return reply.code(204).send();
    throw platformErrors.method_not_allowed({ detail: `this path takes ${allow}` });
  });

  if (settings.corsOrigins.length > 0) void fastify.register(cors, corsOptions(settings.corsOrigins));
  void fastify.register(compress, {
    threshold: settings.compressionThresholdBytes,
    encodings: ['br', 'gzip'],
    // Quality 4 of 11: near gzip's speed at a better ratio; 11 takes some hundred times longer for 10-20 % less.
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
    globalDecompression: false,
  });
  registerHealth(fastify, { checks: deps.readiness, isDraining: () => drain.isUnready });

  return {
    fastify,
    becomeUnready: () => drain.becomeUnready(),
    drain: (options) => drain.begin(options),
    async openToOthers() {
      await fastify.ready();
      // From this event on Node watches over slow headers and bodies.
      fastify.server.emit('listening');
    },
    take(connection) {
      if (!drain.takesConnections) return false;
      if (drain.connections >= maxConnections) {
        connection.destroy();
        return true;
      }
      // As with the connections that a server accepts itself: a client may end its side and still read the answer.
      connection.allowHalfOpen = true;
      fastify.server.emit('connection', connection);
      return true;
    },
  };
}

function prepare(request: FastifyRequest, reply: FastifyReply): void {
  request.startedAt = performance.now();
  reply.headers(SECURITY_HEADERS);
  reply.header('x-request-id', request.id);
  reply.header('traceparent', formatTraceparent(traceOf(request)));
}

function cutOff({ raw }: FastifyReply): void {
  raw.destroy();
}

function allowOrRefuse(known: KnownRoutes, request: FastifyRequest, reply: FastifyReply): NovaError | undefined {
  const allow = known.allow(request.url);
  if (allow === null) return platformErrors.not_found();
  reply.header('allow', allow);
  return undefined;
}

function corsOptions(origins: readonly string[]) {
  return {
    origin: origins.includes('*') ? '*' : [...origins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ALLOWED_HEADERS,
    exposedHeaders: EXPOSED_HEADERS,
    // Callers show tokens, never cookies.
    credentials: false,
    maxAge: PREFLIGHT_MAX_AGE_S,
    // An OPTIONS that is no preflight gets its `Allow`, too.
    strictPreflight: false,
  };
}

/**
 * Sees to it that an answer is not kept by anybody but its caller, and not without asking: GET may be
 * revalidated by entity tag (`304`), everything else is not stored at all.
 */
function revalidate(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  const { method } = request;
  const rereadable = reply.statusCode === 200 && (method === 'GET' || method === 'HEAD');
  if (!reply.hasHeader('cache-control')) reply.header('cache-control', rereadable ? 'private, no-cache' : 'no-store');
  if (!rereadable || !(typeof payload === 'string' || Buffer.isBuffer(payload))) return payload;
  let tag = reply.getHeader('etag');
  if (typeof tag !== 'string') {
    tag = entityTagOf(payload);
    reply.header('etag', tag);
  }
  const condition = request.headers['if-none-match'];
  if (condition === undefined || !matchesEntityTag(condition, tag)) return payload;
  reply.code(304);
  reply.removeHeader('content-type');
  reply.removeHeader('content-length');
  return null;
}

function answerError(log: Logger, thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const error = novaErrorOf(thrown);
  const { status } = error.kind;
  if (status >= 500) logFailure(log, error, request);
  if (error.retryAfterMs !== undefined) reply.header('retry-after', retryAfterSeconds(error.retryAfterMs));
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  // What was said about the answer that did not come to be.
  for (const name of ['etag', 'content-encoding', 'content-length']) reply.removeHeader(name);
  reply.header('cache-control', 'no-store');
  reply
    .code(status)
    .type(PROBLEM_MEDIA_TYPE)
    .send(JSON.stringify(problemOf(error, request.id)));
}

/** Overload and outages are counted and told elsewhere; what nobody foresaw is logged with its stack. */
function logFailure(log: Logger, error: NovaError, request: FastifyRequest): void {
  const level = error.code === 'internal' ? 'error' : 'debug';
  const principal = request.call?.principal;
  log[level](
    {
      correlationId: request.id,
      tenantId: principal?.tenant.id,
      userId: principal?.viewer?.userId,
      method: request.method,
      route: request.routeOptions.config.url,
      err: error.cause ?? error,
    },
    'request failed',
  );
}
