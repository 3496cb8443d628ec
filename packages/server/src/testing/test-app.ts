import { createNova, type Nova } from '../app.js';
import { type Config, loadConfig } from '../config/index.js';
import type { QueryObservation } from '../platform/db/index.js';
import {
  createMetrics,
  createSilentLogger,
  type Logger,
  noTracing,
  type Tracing,
} from '../platform/telemetry/index.js';
import { errorCatalogue } from '../registry.js';
import { serve } from '../serve.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

export interface TestAppOptions {
  /** Settings by environment variable; ports are free ones and rate limits are off unless set here. */
  readonly env?: Readonly<Record<string, string>>;
  /** Off: statements run without their tenant filters, so that row-level security stands alone (I8). */
  readonly tenantFilters?: boolean;
  /** A database to share with another app; by default one of its own. */
  readonly database?: TestDatabase;
  readonly log?: Logger;
  readonly tracing?: Tracing;
}

export interface TestApp {
  readonly url: string;
  readonly adminUrl: string;
  readonly nova: Nova;
  readonly config: Config;
  readonly database: TestDatabase;
  /** Names of the statements that `work` caused, in order. */
  queriesOf<T>(work: () => Promise<T>): Promise<{ result: T; queries: readonly string[] }>;
  /** JSON over REST: path below `/api/v1`. */
  rest(method: string, path: string, options?: RestOptions): Promise<RestAnswer>;
  graphql(query: string, options?: GraphqlOptions): Promise<RestAnswer>;
  /** Signs up a member with this handle. */
  signUp(handle: string, options?: { readonly key?: string }): Promise<Member>;
  close(): Promise<void>;
}

export interface Member {
  readonly id: string;
  readonly handle: string;
  readonly token: string;
}

export interface RestOptions {
  readonly token?: string | undefined;
  readonly key?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface GraphqlOptions extends Omit<RestOptions, 'body'> {
  readonly variables?: Readonly<Record<string, unknown>>;
}

export interface RestAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON, or `null` without a body. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers whose shape the assertion itself states
  readonly body: any;
}

/** A whole Nova in this process, on a real database and a real socket. */
export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const database = options.database ?? (await createTestDatabase());
  const config = loadConfig({
    NOVA_HTTP_PORT: '0',
    NOVA_ADMIN_PORT: '0',
    NOVA_RATE_LIMIT_ENABLED: 'false',
    ...options.env,
  });
  const log = options.log ?? createSilentLogger();
  const tracing = options.tracing ?? noTracing();
  const metrics = createMetrics();
  let observed: string[] | null = null;
  const recordQuery = metrics.recordQuery.bind(metrics);
  const nova = createNova({
    config,
    addresses: { app: database.appUrl, direct: database.appUrl, system: database.systemUrl },
    secretKey: 'the secret of tests, which signs cursors',
    log,
    metrics: {
      ...metrics,
      recordQuery(record: QueryObservation) {
        observed?.push(record.query);
        recordQuery(record);
      },
    },
    tracing,
    tenantFilters: options.tenantFilters ?? true,
  });
  await nova.open();
  nova.start();
  const catalogue = errorCatalogue();
  const server = await serve({ nova, config, catalogue, version: 'test', log, metrics, tracing });

  const send = async (method: string, url: string, { token, key, body, headers }: RestOptions): Promise<RestAnswer> => {
    const response = await fetch(url, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(key === undefined ? {} : { 'x-nova-key': key }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
  };
  const rest: TestApp['rest'] = (method, path, request = {}) => send(method, `${server.url}/api/v1${path}`, request);

  return {
    url: server.url,
    adminUrl: server.adminUrl,
    nova,
    config,
    database,
    rest,
    graphql: (query, { variables, ...request } = {}) =>
      send('POST', `${server.url}/graphql`, { ...request, body: { query, ...(variables ? { variables } : {}) } }),
    async queriesOf(work) {
      const queries: string[] = [];
      observed = queries;
      try {
        return { result: await work(), queries };
      } finally {
        observed = null;
      }
    },
    async signUp(handle, { key } = {}) {
      const { status, body } = await rest('POST', '/users', {
        key,
        body: { handle, email: `${handle}@example.org`, password: `a password of ${handle}` },
      });
      if (status !== 201) throw new Error(`sign-up answered ${status}: ${JSON.stringify(body)}`);
      return { id: body.user.id, handle, token: body.token };
    },
    async close() {
      await server.close();
      await nova.close();
      metrics.close();
      if (options.database === undefined) await database.drop();
    },
  };
}
