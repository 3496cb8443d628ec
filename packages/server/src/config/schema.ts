import {
  boolean,
  bytes,
  duration,
  integer,
  isCorsOrigin,
  isTrustedProxy,
  list,
  oneOf,
  optionalHttpUrl,
  optionalInteger,
  optionalMailbox,
  optionalPostgresUrl,
  optionalSecret,
  optionalSmtpUrl,
  optionalText,
  type Setting,
  type SettingValue,
  text,
} from './setting.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;

const PORT = { min: 0, max: 65_535 };
/** A deadline of 0 would refuse everything; above a minute it is no deadline any more. */
const DEADLINE = { min: 1, max: MINUTE };
const CONNECTIONS = { min: 1, max: 1000 };
const CONCURRENCY = { min: 1, max: 4096 };
const RATE = { min: 1, max: 10_000_000 };

/**
 * The table of all settings: the place in the tree is the place in the configuration, the row has the variable,
 * default, limits and meaning. Types, validation, the typo guard and docs/configuration.md all derive from it.
 * Names follow the path (`http.bodyLimitBytes` is NOVA_HTTP_BODY_LIMIT_BYTES) unless a standard or a shorter
 * name is better known.
 */
export const SETTINGS = {
  environment: oneOf(
    'NOVA_ENV',
    ['development', 'production'],
    'development',
    'What the process runs for: development favours readable output, production favours caution.',
  ),
  secretKey: optionalSecret(
    'NOVA_SECRET_KEY',
    32,
    'Signs cursors and recognises repeated requests; the same on every process. Absent: made at first start, kept with the data and in their backups.',
  ),
  http: {
    host: text('NOVA_HTTP_HOST', '127.0.0.1', 'Address the public server listens on; 0.0.0.0 or :: for all.'),
    port: integer('NOVA_HTTP_PORT', 4000, PORT, 'Port of the public server; 0 takes any free one.'),
    portFallback: boolean('NOVA_HTTP_PORT_FALLBACK', false, 'Take the next free port when the port is in use.'),
    trustProxy: list(
      'NOVA_HTTP_TRUST_PROXY',
      'addresses, CIDR blocks, loopback, linklocal or uniquelocal',
      isTrustedProxy,
      'Proxies whose X-Forwarded-* headers are believed.',
    ),
    bodyLimitBytes: bytes(
      'NOVA_HTTP_BODY_LIMIT_BYTES',
      256 * KIB,
      { min: KIB, max: 64 * MIB },
      'Largest request body.',
    ),
    requestTimeoutMs: duration('NOVA_HTTP_REQUEST_TIMEOUT_MS', 1800, DEADLINE, "Deadline of a request's work."),
    drainTimeoutMs: duration(
      'NOVA_HTTP_DRAIN_TIMEOUT_MS',
      20 * SECOND,
      { min: 0, max: 10 * MINUTE },
      'How long requests in flight may finish after SIGTERM.',
    ),
    drainUnreadyMs: duration(
      'NOVA_HTTP_DRAIN_UNREADY_MS',
      0,
      { min: 0, max: MINUTE },
      'Part of the drain timeout: /readyz says 503, and new connections are still taken, for load balancers to notice.',
      5 * SECOND,
    ),
    corsOrigins: list('NOVA_HTTP_CORS_ORIGINS', 'origins, or *', isCorsOrigin, 'Web origins that may call the API.'),
    compressionThresholdBytes: bytes(
      'NOVA_HTTP_COMPRESSION_THRESHOLD_BYTES',
      KIB,
      { min: 0, max: MIB },
      'Smallest answer that is compressed.',
    ),
  },
  web: boolean(
    'NOVA_WEB',
    true,
    'Serve the web app at /, to browsers. It is of the default tenant: without NOVA_DEFAULT_TENANT there is none.',
  ),
  admin: {
    host: text('NOVA_ADMIN_HOST', '127.0.0.1', 'Address of the admin server (metrics, health). Keep it private.'),
    port: integer('NOVA_ADMIN_PORT', 4001, PORT, 'Port of the admin server; 0 takes any free one.'),
    portFallback: boolean('NOVA_ADMIN_PORT_FALLBACK', false, 'Take the next free port when the port is in use.'),
  },
  process: {
    processes: integer('NOVA_PROCESSES', 1, { min: 1, max: 64 }, 'Server processes that share the port.'),
  },
  database: {
    url: optionalPostgresUrl(
      'DATABASE_URL',
      'Database that serves requests (role nova_app); may go through PgBouncer. Absent: the embedded server.',
    ),
    directUrl: optionalPostgresUrl(
      'DATABASE_DIRECT_URL',
      'The same database without a pooler, for LISTEN and advisory locks. Absent: DATABASE_URL.',
    ),
    ownerUrl: optionalPostgresUrl(
      'DATABASE_OWNER_URL',
      'Database as the owner of the schema (role nova_owner), for migrations. Absent: DATABASE_URL.',
    ),
    systemUrl: optionalPostgresUrl(
      'DATABASE_SYSTEM_URL',
      'Database as the role nova_system, for what crosses tenants. Needed with DATABASE_URL.',
    ),
    dataDir: optionalText('NOVA_DATABASE_DATA_DIR', 'Data directory of the embedded server. Absent: .nova/ here.'),
    embeddedPort: integer('NOVA_DATABASE_EMBEDDED_PORT', 0, PORT, 'Port of the embedded server; 0 takes a free one.'),
    preparedStatements: boolean(
      'NOVA_DATABASE_PREPARED_STATEMENTS',
      true,
      'Use named statements. Turn off behind PgBouncer before 1.21 in transaction mode.',
    ),
    pipelineConnections: integer(
      'NOVA_DATABASE_PIPELINE_CONNECTIONS',
      2,
      CONNECTIONS,
      'Connections per process shared by short reads.',
    ),
    writerConnections: integer(
      'NOVA_DATABASE_WRITER_CONNECTIONS',
      8,
      CONNECTIONS,
      'Connections per process for writes and slow queries.',
    ),
    adminConnections: integer(
      'NOVA_DATABASE_ADMIN_CONNECTIONS',
      2,
      CONNECTIONS,
      'Connections per process for administrative work.',
    ),
    systemConnections: integer(
      'NOVA_DATABASE_SYSTEM_CONNECTIONS',
      2,
      CONNECTIONS,
      'Connections per process for what crosses tenants.',
    ),
    connectionLimit: optionalInteger(
      'NOVA_DATABASE_CONNECTION_LIMIT',
      { min: 1, max: 100_000 },
      'Connections all processes may open together (limit of PgBouncer or of the hosting). Absent: asked of the server.',
    ),
    acquireTimeoutMs: duration(
      'NOVA_DATABASE_ACQUIRE_TIMEOUT_MS',
      SECOND,
      DEADLINE,
      'Longest wait for a connection, free or new.',
    ),
    connectTimeoutMs: duration('NOVA_DATABASE_CONNECT_TIMEOUT_MS', SECOND, DEADLINE, 'Deadline to open a connection.'),
    queryTimeoutMs: duration(
      'NOVA_DATABASE_QUERY_TIMEOUT_MS',
      1500,
      DEADLINE,
      'Deadline of a query on the client side, which also holds when the server is frozen.',
    ),
    connectionLifetimeMs: duration(
      'NOVA_DATABASE_CONNECTION_LIFETIME_MS',
      5 * MINUTE,
      { min: SECOND, max: DAY },
      'Age at which a connection is replaced.',
    ),
    maxInFlightReads: integer(
      'NOVA_DATABASE_MAX_IN_FLIGHT_READS',
      256,
      { min: 1, max: 65_536 },
      'Pipelined reads per process before further ones are refused.',
    ),
    saturationPercent: integer(
      'NOVA_DATABASE_SATURATION_PERCENT',
      85,
      { min: 1, max: 100 },
      'Share of slots in use above which waiting work is refused with 503.',
    ),
    slowQueryMs: duration(
      'NOVA_DATABASE_SLOW_QUERY_MS',
      100,
      { min: 0, max: HOUR },
      'Queries slower than this are logged by name.',
    ),
    breaker: {
      failures: integer(
        'NOVA_DATABASE_BREAKER_FAILURES',
        5,
        { min: 1, max: 1000 },
        'Consecutive failures that open the circuit breaker.',
      ),
      openMs: duration(
        'NOVA_DATABASE_BREAKER_OPEN_MS',
        30 * SECOND,
        { min: 10, max: HOUR },
        'How long the breaker stays open before a probe.',
      ),
    },
  },
  identity: {
    sessionTtlMs: duration(
      'NOVA_IDENTITY_SESSION_TTL_MS',
      30 * DAY,
      { min: SECOND, max: 365 * DAY },
      'Lifetime of a session.',
    ),
    sessionCacheSize: integer(
      'NOVA_IDENTITY_SESSION_CACHE_SIZE',
      100_000,
      { min: 0, max: 10_000_000 },
      'Sessions kept in memory per process.',
    ),
    sessionCacheTtlMs: duration(
      'NOVA_IDENTITY_SESSION_CACHE_TTL_MS',
      HOUR,
      { min: 0, max: DAY },
      'How long a session is answered from memory (revocation ends it at once).',
    ),
    tokenMaxTtlMs: duration(
      'NOVA_IDENTITY_TOKEN_MAX_TTL_MS',
      DAY,
      { min: MINUTE, max: 7 * DAY },
      'Longest lifetime of a token that the backend of a tenant signs.',
    ),
    signInFailures: integer(
      'NOVA_IDENTITY_SIGN_IN_FAILURES',
      20,
      { min: 1, max: 1_000_000 },
      'Wrong passwords for one account from one address in 15 minutes; 5 times as many for one account or from one address.',
    ),
    mailRequests: integer(
      'NOVA_IDENTITY_MAIL_REQUESTS',
      5,
      { min: 1, max: 1_000_000 },
      'Mails to verify an address, and as many to reset a password, that one account may ask for in an hour; 5 times as many requests from one network address.',
    ),
    passwordHashConcurrency: integer(
      'NOVA_IDENTITY_PASSWORD_HASH_CONCURRENCY',
      2,
      { min: 1, max: 128 },
      'Password hashes computed at a time per process.',
    ),
    passwordHashQueue: integer(
      'NOVA_IDENTITY_PASSWORD_HASH_QUEUE',
      64,
      { min: 0, max: 100_000 },
      'Password hashes that may wait before sign-ins are refused.',
    ),
  },
  content: {
    editWindowMs: duration(
      'NOVA_CONTENT_EDIT_WINDOW_MS',
      0,
      { min: 0, max: 365 * DAY },
      'How long after its creation a post can be edited; 0 is for ever. Every version is kept.',
    ),
    linkPreviewConcurrency: integer(
      'NOVA_LINK_PREVIEW_CONCURRENCY',
      4,
      { min: 0, max: 64 },
      'Links of posts fetched at a time per process; 0 fetches none.',
    ),
    linkPreviewAllowedAddresses: list(
      'NOVA_LINK_PREVIEW_ALLOWED_ADDRESSES',
      'address:port',
      (item) => /^.{2,45}:\d{1,5}$/.test(item),
      'Internal addresses that links may lead to all the same, IPv6 without brackets. For tests: anybody can post a link.',
    ),
  },
  mail: {
    url: optionalSmtpUrl(
      'NOVA_MAIL_URL',
      'Server that takes mails: smtps:// (port 465), or smtp:// (587, STARTTLS where offered). Absent: mails go to the log.',
    ),
    from: optionalMailbox('NOVA_MAIL_FROM', 'Sender of mails. Needed with NOVA_MAIL_URL.'),
    appUrl: optionalHttpUrl(
      'NOVA_MAIL_APP_URL',
      'Address of your app, which links in mails lead to. Needed with NOVA_MAIL_URL.',
    ),
    connections: integer('NOVA_MAIL_CONNECTIONS', 2, { min: 1, max: 50 }, 'Connections to it per process.'),
    timeoutMs: duration('NOVA_MAIL_TIMEOUT_MS', 10 * SECOND, { min: 100, max: MINUTE }, 'Deadline of one mail.'),
  },
  tenancy: {
    defaultTenant: boolean('NOVA_DEFAULT_TENANT', true, 'Requests without an API key belong to the default tenant.'),
    defaultTenantPlan: oneOf(
      'NOVA_DEFAULT_TENANT_PLAN',
      ['free', 'pro', 'enterprise'],
      'enterprise',
      'Plan of the default tenant.',
    ),
  },
  limits: {
    rateLimitEnabled: boolean('NOVA_RATE_LIMIT_ENABLED', true, 'Apply the quotas of the plans: rates and concurrency.'),
    ratePerMinute: {
      free: integer('NOVA_RATE_LIMIT_FREE', 100, RATE, 'Requests per minute on the plan free.'),
      pro: integer('NOVA_RATE_LIMIT_PRO', 500, RATE, 'Requests per minute on the plan pro.'),
      enterprise: integer('NOVA_RATE_LIMIT_ENTERPRISE', 2000, RATE, 'Requests per minute on the plan enterprise.'),
    },
    tenantRatePerMinute: {
      free: integer(
        'NOVA_TENANT_RATE_LIMIT_FREE',
        6_000,
        RATE,
        'Requests per minute of a whole tenant on the plan free.',
      ),
      pro: integer(
        'NOVA_TENANT_RATE_LIMIT_PRO',
        60_000,
        RATE,
        'Requests per minute of a whole tenant on the plan pro.',
      ),
      enterprise: integer(
        'NOVA_TENANT_RATE_LIMIT_ENTERPRISE',
        1_200_000,
        RATE,
        'Requests per minute of a whole tenant on the plan enterprise.',
      ),
    },
    tenantConcurrency: {
      free: integer(
        'NOVA_TENANT_CONCURRENCY_FREE',
        50,
        CONCURRENCY,
        'Requests under way of a tenant on the plan free.',
      ),
      pro: integer('NOVA_TENANT_CONCURRENCY_PRO', 200, CONCURRENCY, 'Requests under way of a tenant on the plan pro.'),
      enterprise: integer(
        'NOVA_TENANT_CONCURRENCY_ENTERPRISE',
        2_000,
        CONCURRENCY,
        'Requests under way of a tenant on the plan enterprise.',
      ),
    },
    callerConcurrency: {
      free: integer('NOVA_CONCURRENCY_FREE', 20, CONCURRENCY, 'Requests under way of one caller on the plan free.'),
      pro: integer('NOVA_CONCURRENCY_PRO', 50, CONCURRENCY, 'Requests under way of one caller on the plan pro.'),
      enterprise: integer(
        'NOVA_CONCURRENCY_ENTERPRISE',
        200,
        CONCURRENCY,
        'Requests under way of one caller on the plan enterprise.',
      ),
    },
    // Below the reads that the database takes before it refuses some (R3): those of one tenant leave room for others.
    fairShareInFlight: integer(
      'NOVA_FAIR_SHARE_IN_FLIGHT',
      128,
      CONCURRENCY,
      'Requests under way in a process from which on tenants share it evenly.',
    ),
    graphql: {
      maxDepth: integer('NOVA_GRAPHQL_MAX_DEPTH', 10, { min: 1, max: 100 }, 'Deepest nesting of an operation.'),
      maxCost: integer('NOVA_GRAPHQL_MAX_COST', 5000, { min: 1, max: 1_000_000 }, 'Highest cost of an operation.'),
      maxAliases: integer('NOVA_GRAPHQL_MAX_ALIASES', 30, { min: 0, max: 10_000 }, 'Most aliases in an operation.'),
    },
  },
  cache: {
    pageTtlMs: duration(
      'NOVA_CACHE_PAGE_TTL_MS',
      SECOND,
      { min: 0, max: SECOND },
      'Age up to which a kept first page of a feed is served; no cache may be more than 1 s behind.',
    ),
    maxBytes: bytes(
      'NOVA_CACHE_MAX_BYTES',
      64 * MIB,
      { min: 0, max: 64 * GIB },
      'Memory of the posts kept per process, as much again at most for feed pages, a quarter for profiles, a sixteenth for which feed sessions are stored; 0 keeps none.',
    ),
    relationBytes: bytes(
      'NOVA_CACHE_RELATION_BYTES',
      32 * MIB,
      { min: 0, max: 64 * GIB },
      'Memory of whom viewers block and mute and are blocked by, per process; 0 asks the database each time.',
    ),
  },
  feed: {
    sourceTimeoutMs: duration(
      'NOVA_FEED_SOURCE_TIMEOUT_MS',
      SECOND / 4,
      { min: 1, max: 10 * SECOND },
      'How long a source of a ranked feed may take; a slower one is left out, and the answer says so.',
    ),
  },
  outbox: {
    // Not below the 100,000 at which the outbox is CRITICAL: an operator is told before anybody is refused.
    maxBacklog: integer(
      'NOVA_OUTBOX_MAX_BACKLOG',
      1_000_000,
      { min: 100_000, max: 1_000_000_000 },
      'Events that may wait for the slowest consumer before changes that make more are refused with 503.',
    ),
  },
  telemetry: {
    logLevel: oneOf(
      'NOVA_LOG_LEVEL',
      ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
      'info',
      'Least severe log line that is written.',
    ),
    logFormat: oneOf('NOVA_LOG_FORMAT', ['json', 'pretty'], 'json', 'One JSON object per line, or text for people.'),
    slowRequestMs: duration(
      'NOVA_SLOW_REQUEST_MS',
      SECOND,
      { min: 0, max: HOUR },
      'Requests slower than this are logged as warnings.',
    ),
    otlpEndpoint: optionalHttpUrl(
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      'Base address of an OpenTelemetry collector (OTLP over HTTP). Absent: no tracing.',
    ),
    serviceName: text('OTEL_SERVICE_NAME', 'nova', 'Name of the service in logs and traces.'),
  },
} as const;

/** The values of a tree of settings, read-only. */
export type ValuesOf<Node> =
  Node extends Setting<unknown> ? SettingValue<Node> : { readonly [Key in keyof Node]: ValuesOf<Node[Key]> };

/** A node of the table: a row, or a group of nodes. */
export type SettingNode = Setting<unknown> | { readonly [key: string]: SettingNode };

/** Whether a node of the table is a row. */
export function isSetting(node: SettingNode): node is Setting<unknown> {
  return typeof node['parse'] === 'function';
}

/** All rows below a node in the order of the table, each with its path (`database.breaker.failures`). */
export function* settingsOf(
  node: SettingNode,
  path = '',
): Generator<readonly [path: string, setting: Setting<unknown>]> {
  if (isSetting(node)) {
    yield [path, node];
    return;
  }
  for (const [key, child] of Object.entries(node)) yield* settingsOf(child, path === '' ? key : `${path}.${key}`);
}
