import { once } from 'node:events';
import { type Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import Type from 'typebox';
import { platformErrors } from '../platform/errors/index.js';
import {
  type BoundOperation,
  bindOperation,
  type Check,
  compileCheck,
  type Execute,
  PreparedJson,
  type Principal,
  type RestBinding,
  readOperation,
  type WriteScope,
  writeOperation,
} from '../platform/operation/index.js';
import { createRateLimiter, type RateLimiter } from '../platform/rate-limit/index.js';
import { createSilentLogger, type Logger, noTracing } from '../platform/telemetry/index.js';
import {
  type Authenticate,
  createHttpServer,
  type HttpServer,
  type HttpServerDeps,
  openCalls,
} from '../transports/http/index.js';
import { registerRest } from '../transports/rest/index.js';

/** A small API without a database, to test the HTTP side of things with. */

const TENANT = { id: '01900000-0000-7000-8000-000000000001', plan: 'free' } as const;

/** Token `user-<name>` is a user, `secret` a backend, no credentials a visitor; anything else is refused. */
const toyAuthenticate: Authenticate = async ({ bearer, key }) => {
  const visitor: Principal = { tenant: TENANT, viewer: null, secret: false, keyId: key, keyScopes: null };
  if (bearer === null) return visitor;
  if (bearer === 'secret') return { ...visitor, secret: true, keyId: 'secret-key' };
  if (!bearer.startsWith('user-')) throw platformErrors.unauthenticated();
  return { ...visitor, viewer: { userId: bearer, sessionId: `session of ${bearer}`, role: 'member' } };
};

/** Validates and runs, as the executor does, without transactions; a repeated Idempotency-Key is a replay. */
function createToyExecute(): Execute {
  const answers = new Map<string, unknown>();
  const checks = new Map<BoundOperation, Check<BoundOperation['input']>>();
  const run = async (operation: BoundOperation, scope: WriteScope, input: unknown) =>
    await operation.run(scope, input, undefined);
  return async (operation, call, raw) => {
    const { viewer, secret, tenant } = call.principal;
    if (operation.access === 'user' && viewer === null) throw platformErrors.unauthenticated();
    if (operation.access === 'secret' && !secret) throw platformErrors.forbidden();
    const check = checks.get(operation) ?? compileCheck(operation.input);
    checks.set(operation, check);
    const input = check(raw);
    const scope = { ...call, tenant, viewer, log: call.log, signal: call.signal } as unknown as WriteScope;
    const key = operation.kind === 'write' ? call.idempotencyKey : null;
    if (key !== null && answers.has(key)) {
      const hidden = Object.fromEntries(operation.secretOutput.map((name) => [name, null]));
      return { output: { ...(answers.get(key) as object), ...hidden }, replayed: true };
    }
    const output = await run(operation, scope, input);
    if (key !== null) answers.set(key, output);
    return { output, replayed: false };
  };
}

const Note = Type.Object(
  {
    id: Type.String({ maxLength: 40 }),
    text: Type.String({ maxLength: 1000 }),
    pinnedAt: Type.Union([Type.String(), Type.Null()]),
    kind: Type.Union([Type.Literal('plain'), Type.Literal('loud')]),
    tags: Type.Array(Type.String()),
  },
  { additionalProperties: false, title: 'Note', description: 'A toy' },
);

const noteOf = (id: string, text: string) => ({
  id,
  text,
  pinnedAt: null,
  kind: 'plain' as const,
  tags: ['a', 'b "quoted"'],
});

export interface ToyDeps {
  /** Awaited by `GET /slow`; told the signal of the call. */
  readonly slow: (signal: AbortSignal) => Promise<void>;
}

export function toyBindings(deps: ToyDeps): RestBinding[] {
  const echo = readOperation({
    name: 'toy.echo',
    summary: 'Says the input again',
    access: 'anyone',
    input: Type.Object(
      {
        noteId: Type.String({ maxLength: 40 }),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 50, description: 'Items' })),
        ratio: Type.Optional(Type.Number()),
        loud: Type.Optional(Type.Boolean()),
        ids: Type.Optional(Type.Array(Type.String({ maxLength: 10 }), { maxItems: 3 })),
        text: Type.Optional(Type.String({ maxLength: 100 })),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({ input: Type.Unknown() }),
    run: async (_deps: ToyDeps, _scope, input) => ({ input }),
  });
  const readNote = readOperation({
    name: 'toy.readNote',
    summary: 'One note, with a field too many',
    access: 'anyone',
    input: Type.Object({ noteId: Type.String({ maxLength: 40 }) }, { additionalProperties: false }),
    output: Note,
    run: async (_deps: ToyDeps, _scope, { noteId }) => {
      if (noteId === 'missing') throw platformErrors.not_found({ detail: 'no such note' });
      if (noteId === 'broken') throw new Error('select secret from internals');
      if (noteId === 'busy') throw platformErrors.overloaded({ retryAfterMs: 1200 });
      return { ...noteOf(noteId, 'hello'), passwordHash: 'must not show' };
    },
  });
  const listNotes = readOperation({
    name: 'toy.listNotes',
    summary: 'Many notes, kept as bytes',
    access: 'user',
    input: Type.Object({}, { additionalProperties: false }),
    output: Type.Object({ items: Type.Array(Note) }, { additionalProperties: false }),
    run: async () => {
      const page = { items: Array.from({ length: 50 }, (_, n) => noteOf(`n${n}`, 'again')) };
      return new PreparedJson(
        () => page,
        () => JSON.stringify(page),
      ) as never;
    },
  });
  const createNote = writeOperation({
    name: 'toy.createNote',
    summary: 'Creates a note',
    access: 'user',
    input: Type.Object({ text: Type.String({ minLength: 1, maxLength: 1000 }) }, { additionalProperties: false }),
    output: Type.Object({ note: Note, token: Type.String() }, { additionalProperties: false }),
    secretOutput: ['token'],
    run: async (_deps: ToyDeps, _scope, { text }) => ({ note: noteOf('new', text), token: 'shown once' }),
  });
  const changeNote = writeOperation({
    name: 'toy.changeNote',
    summary: 'Changes a note',
    access: 'secret',
    keyScope: 'tenant:write',
    input: Type.Object(
      { noteId: Type.String({ maxLength: 40 }), text: Type.Optional(Type.String({ maxLength: 1000 })) },
      { additionalProperties: false },
    ),
    output: Note,
    run: async (_deps: ToyDeps, _scope, { noteId, text }) => noteOf(noteId, text ?? 'unchanged'),
  });
  const deleteNote = writeOperation({
    name: 'toy.deleteNote',
    summary: 'Deletes a note',
    access: 'user',
    input: Type.Object({ noteId: Type.String({ maxLength: 40 }) }, { additionalProperties: false }),
    output: Type.Null(),
    run: async () => null,
  });
  const slow = readOperation({
    name: 'toy.slow',
    summary: 'Takes its time',
    access: 'anyone',
    input: Type.Object({}, { additionalProperties: false }),
    output: Type.Object({ done: Type.Boolean() }, { additionalProperties: false }),
    run: async (toy: ToyDeps, scope) => {
      await toy.slow(scope.signal);
      return { done: true };
    },
  });
  return [
    { method: 'GET', path: '/echo/:noteId', operation: bindOperation(echo, deps), status: 200 },
    { method: 'GET', path: '/notes/:noteId', operation: bindOperation(readNote, deps), status: 200 },
    { method: 'GET', path: '/notes', operation: bindOperation(listNotes, deps), status: 200 },
    { method: 'POST', path: '/notes', operation: bindOperation(createNote, deps), status: 201 },
    { method: 'PATCH', path: '/notes/:noteId', operation: bindOperation(changeNote, deps), status: 200 },
    { method: 'DELETE', path: '/notes/:noteId', operation: bindOperation(deleteNote, deps), status: 204 },
    { method: 'GET', path: '/slow', operation: bindOperation(slow, deps), status: 200 },
  ];
}

export interface ToyServerOptions extends Partial<Omit<HttpServerDeps, 'settings'>> {
  readonly settings?: Partial<HttpServerDeps['settings']>;
  readonly slow?: ToyDeps['slow'];
  readonly rateLimiter?: Pick<RateLimiter, 'take'>;
  readonly requestTimeoutMs?: number;
  readonly maxInFlight?: number;
  readonly log?: Logger;
  /** Connections are handed to the server instead of accepted by it. */
  readonly handedOver?: boolean;
  /** Registers more, before the server listens. */
  readonly extend?: (http: HttpServer, bindings: readonly RestBinding[]) => void;
}

/** @returns the port, and what ends the server */
function listen({ fastify, drain }: HttpServer): Promise<{ port: number; close: () => Promise<void> }> {
  return fastify.listen({ host: '127.0.0.1', port: 0 }).then(() => ({
    port: (fastify.server.address() as AddressInfo).port,
    close: () => drain({ timeoutMs: 0 }),
  }));
}

/** Like `listen`, with a listener apart that hands its connections over. */
async function receive(http: HttpServer): ReturnType<typeof listen> {
  await http.openToOthers();
  const listener = createServer((connection) => {
    if (!http.take(connection)) connection.destroy();
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    port: (listener.address() as AddressInfo).port,
    close: async () => {
      listener.close();
      await http.drain({ timeoutMs: 0 });
    },
  };
}

export interface Exchange {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
}

/** One request on a connection of its own with node:http, as fetch repairs, adds and unpacks. */
export async function exchange(
  port: number,
  method: string,
  path: string,
  {
    body,
    headers = {},
    agent = false,
  }: { body?: string | Buffer; headers?: Record<string, string>; agent?: Agent | false } = {},
): Promise<Exchange> {
  // Node announces no body of GET and DELETE by itself.
  const length =
    body === undefined || headers['transfer-encoding'] ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return await new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port, method, path, headers: { ...length, ...headers }, agent },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const whole = Buffer.concat(chunks);
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: whole, text: whole.toString() });
        });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

/** Starts the toy API on a free port; `close` ends it. */
export async function startToyServer(options: ToyServerOptions = {}) {
  const log = options.log ?? createSilentLogger();
  const { settings, slow, rateLimiter, requestTimeoutMs, maxInFlight, handedOver = false, extend, ...deps } = options;
  const http = createHttpServer({
    slowRequestMs: 1000,
    metrics: { recordHttpRequest: () => {} },
    tracing: noTracing(),
    readiness: [],
    ...deps,
    log,
    settings: {
      trustProxy: [],
      bodyLimitBytes: 256 * 1024,
      corsOrigins: [],
      compressionThresholdBytes: 1024,
      ...settings,
    },
  });
  const bindings = toyBindings({ slow: slow ?? (async () => {}) });
  const generous = createRateLimiter({
    ratesPerMinute: { free: 100_000, pro: 100_000, enterprise: 100_000 },
    maxEntries: 1000,
    now: () => performance.now(),
  });
  void http.fastify.register((scope, _options, done) => {
    openCalls(scope, {
      log,
      authenticate: toyAuthenticate,
      rateLimiter: rateLimiter ?? generous,
      requestTimeoutMs: requestTimeoutMs ?? 5000,
      ...(maxInFlight === undefined ? {} : { maxInFlight }),
    });
    registerRest(scope, { bindings, execute: createToyExecute() });
    done();
  });
  extend?.(http, bindings);
  const { port, close } = await (handedOver ? receive(http) : listen(http));
  const origin = `http://127.0.0.1:${port}`;
  return {
    http,
    origin,
    port,
    api: `${origin}/api/v1`,
    close,
  };
}
