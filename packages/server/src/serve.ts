import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Config } from './config/index.js';
import type { ErrorCatalogue } from './platform/errors/index.js';
import type { Call, Domain, Execute, Plan, Scope } from './platform/operation/index.js';
import {
  type Admission,
  createAdmission,
  createRateLimiter,
  createUnlimitedRateLimiter,
  type RateLimiter,
} from './platform/rate-limit/index.js';
import type { Logger, Metrics, Tracing } from './platform/telemetry/index.js';
import type { UsageMeter } from './platform/usage/index.js';
import { buildGraphqlSchema, registerGraphiql, registerGraphql } from './transports/graphql/index.js';
import { type Authenticate, callOf, createHttpServer, type HttpServer, openCalls } from './transports/http/index.js';
import { registerReference, registerRest } from './transports/rest/index.js';
import { answerWithPage, readWebFiles, registerWeb, WEB_DIRECTORY, type WebFiles } from './transports/web/index.js';

/** What the transports need of Nova. */
export interface ServedNova {
  /** In the order of the reference pages. */
  readonly domains: readonly Domain[];
  readonly execute: Execute;
  readonly authenticate: Authenticate;
  readonly scopeOf: (call: Call) => Scope;
  readonly usage: Pick<UsageMeter, 'add' | 'active'>;
  /** Rejects when requests should not be sent here. */
  ready(): Promise<void>;
}

export interface ServeOptions {
  readonly nova: ServedNova;
  readonly config: Config;
  readonly catalogue: ErrorCatalogue;
  readonly version: string;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
}

export interface RunningServer {
  readonly adminUrl: string;
  /** Ends in good order (I14): unready at once, requests in flight finish, then everything closes. */
  close(): Promise<void>;
}

/** A server that listens on the port of the API itself. */
export interface ListeningServer extends RunningServer {
  readonly url: string;
}

/** A server that is handed its connections by another process. */
export interface ReceivingServer extends RunningServer {
  /** @returns false when it is ending: the connection is left to the caller */
  take(connection: Socket): boolean;
  /** Says so to load balancers, and goes on serving until `close`. */
  becomeUnready(): void;
}

/** Callers, and tenants, whose requests of the last minute are counted. */
const RATE_LIMITED_CALLERS = 100_000;
/** Tenants that the metrics tell of at a time. */
const TENANTS_IN_METRICS = 20;
/** Ports tried after the configured one when it is taken. */
const PORTS_TRIED = 20;

/** Puts the transports on Nova and listens. Closes what it opened when it throws; `nova` belongs to the caller. */
export async function serve(options: ServeOptions): Promise<ListeningServer> {
  const { config } = options;
  return await open(options, async ({ fastify }) => {
    await fastify.ready();
    const port = await withPortFallback(config.http, (port) =>
      fastify.listen({ host: config.http.host, port }).then(() => (fastify.server.address() as AddressInfo).port),
    );
    return { url: urlOf(config.http.host, port) };
  });
}

/** Puts the transports on Nova, for connections that another process accepts; else like `serve`. */
export async function serveOthers(options: ServeOptions): Promise<ReceivingServer> {
  return await open(options, async (http) => {
    await http.openToOthers();
    return { take: http.take, becomeUnready: http.becomeUnready };
  });
}

async function open<T extends object>(
  options: ServeOptions,
  begin: (http: HttpServer) => Promise<T>,
): Promise<RunningServer & T> {
  const { nova, config, log, metrics, tracing } = options;
  const web = webOf(options);
  const http = createHttpServer({
    settings: config.http,
    slowRequestMs: config.telemetry.slowRequestMs,
    log,
    metrics,
    tracing,
    readiness: [{ name: 'database', check: () => nova.ready() }],
    answerUnknown: web === null ? undefined : (request, reply) => answerWithPage(web, request, reply),
  });
  registerApi(options, http.fastify);
  if (web !== null) registerWeb(http.fastify, web);
  const admin = createAdminServer(metrics);
  try {
    const begun = await begin(http);
    const adminPort = await withPortFallback(config.admin, (port) => listen(admin, config.admin.host, port));
    return Object.assign(begun, {
      adminUrl: urlOf(config.admin.host, adminPort),
      async close() {
        await http.drain({ timeoutMs: config.http.drainTimeoutMs, unreadyMs: config.http.drainUnreadyMs });
        await closeServer(admin);
      },
    });
  } catch (error) {
    await http.fastify.close();
    await closeServer(admin);
    throw error;
  }
}

/** The web app calls without an API key, so it is of the default tenant. */
function webOf({ config, log }: ServeOptions): WebFiles | null {
  if (!config.web || !config.tenancy.defaultTenant) return null;
  const files = readWebFiles(WEB_DIRECTORY);
  if (files === null) log.warn('the web app is not built: npm run build; NOVA_WEB=off serves without it');
  return files;
}

function registerApi(
  { nova, config, catalogue, version, log, metrics, tracing }: ServeOptions,
  fastify: ReturnType<typeof createHttpServer>['fastify'],
): void {
  const { graphql, ratePerMinute, tenantRatePerMinute } = config.limits;
  const quotas = {
    rateLimiter: rateLimiterOf(config, ratePerMinute),
    tenantRateLimiter: rateLimiterOf(config, tenantRatePerMinute),
    admission: admissionOf(config),
    usage: nova.usage,
    metrics,
  };
  metrics.watchTenants(() => quotas.admission.busiest(TENANTS_IN_METRICS));
  const { execute, authenticate } = nova;
  void fastify.register((scope, _, done) => {
    openCalls(scope, { log, authenticate, ...quotas, requestTimeoutMs: config.http.requestTimeoutMs });
    registerRest(scope, { bindings: nova.domains.flatMap(({ bindings }) => bindings.rest), execute });
    registerGraphql(scope, {
      schema: buildGraphqlSchema(
        nova.domains.map(({ bindings }) => bindings.graphql),
        execute,
      ),
      limits: graphql,
      callOf,
      scopeOf: nova.scopeOf,
      tracing,
    });
    done();
  });
  const domains = nova.domains.map(({ name, description, bindings }) => ({
    name,
    description,
    bindings: bindings.rest,
  }));
  registerReference(fastify, { version, domains, catalogue });
  if (config.environment === 'development') registerGraphiql(fastify);
}

function rateLimiterOf({ limits }: Config, ratesPerMinute: Config['limits']['ratePerMinute']): RateLimiter {
  const limiter = createRateLimiter({
    ratesPerMinute,
    maxEntries: RATE_LIMITED_CALLERS,
    now: () => performance.now(),
  });
  return limits.rateLimitEnabled ? limiter : createUnlimitedRateLimiter(limiter);
}

/** Between tenants it is fair even where the quotas of the plans are off, and quotas set for one tenant hold. */
function admissionOf({ limits }: Config): Admission {
  const { rateLimitEnabled, tenantConcurrency, callerConcurrency, fairShareInFlight } = limits;
  const of = (plan: Plan) => ({
    tenantConcurrency: rateLimitEnabled ? tenantConcurrency[plan] : Number.POSITIVE_INFINITY,
    callerConcurrency: rateLimitEnabled ? callerConcurrency[plan] : Number.POSITIVE_INFINITY,
  });
  return createAdmission({
    plans: { free: of('free'), pro: of('pro'), enterprise: of('enterprise') },
    capacity: fairShareInFlight,
  });
}

/** For operators and their collectors only: it listens on an address of its own. */
function createAdminServer(metrics: Metrics): Server {
  return createServer((request, response) => {
    const path = request.url?.split('?')[0];
    if (path === '/metrics') {
      metrics.text().then(
        (text) => response.writeHead(200, { 'content-type': metrics.contentType }).end(text),
        () => response.writeHead(500).end(),
      );
    } else if (path === '/livez') {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"alive"}');
    } else {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('Here are /metrics and /livez.\n');
    }
  });
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, () => {
      server.removeListener('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Tries the next ports when the configured one is taken, if the configuration says so. */
export async function withPortFallback<T>(
  { port, portFallback }: { readonly port: number; readonly portFallback: boolean },
  attempt: (port: number) => Promise<T>,
): Promise<T> {
  for (let offset = 0; ; offset++) {
    try {
      return await attempt(port + offset);
    } catch (error) {
      const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (!taken || !portFallback || port === 0 || offset === PORTS_TRIED) throw error;
    }
  }
}

async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

/** What a person types to reach a server that listens there. */
export function urlOf(host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
