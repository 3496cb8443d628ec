import { STATUS_CODES } from 'node:http';
import type { ErrorCatalogue } from '../../platform/errors/index.js';
import type { BoundOperation, RestBinding } from '../../platform/operation/index.js';
import { takesBody } from './input.js';
import type { Json, SchemaComponents } from './openapi-schemas.js';

/** A binding on its way into the document. */
export interface Described {
  readonly method: RestBinding['method'];
  readonly operation: BoundOperation;
  readonly pathParameters: readonly string[];
  readonly schemas: SchemaComponents;
  /** Refusals by name: few, and the same for most operations. */
  readonly refusals: Map<string, Json>;
}

const reference = (kind: 'headers' | 'parameters' | 'responses' | 'schemas', name: string) => ({
  $ref: `#/components/${kind}/${name}`,
});

const HEADERS: Record<string, Json> = {
  'RateLimit-Limit': {
    description: 'Requests that may come at once, and per minute (draft-ietf-httpapi-ratelimit-headers-06)',
    schema: { type: 'integer' },
  },
  'RateLimit-Remaining': { description: 'Requests that may still come at once', schema: { type: 'integer' } },
  'RateLimit-Reset': { description: 'Seconds until the whole limit is there again', schema: { type: 'integer' } },
  'Retry-After': { description: 'Seconds to wait before the next attempt', schema: { type: 'integer' } },
  'X-Request-Id': { description: 'Id of the request in logs, traces and errors', schema: { type: 'string' } },
  ETag: { description: 'Weak entity tag, for If-None-Match', schema: { type: 'string' } },
  'Idempotency-Replayed': {
    description:
      '`true` when the answer is that of an earlier call with the same Idempotency-Key; secrets in it are null',
    schema: { type: 'string', const: 'true' },
  },
};

const COMMON_HEADERS = ['X-Request-Id', 'RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'];

const refer = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, reference('headers', name)]));

/** The headers of a successful answer. */
export function headersOf({ method, operation }: Described): Json {
  const more = method === 'GET' ? ['ETag'] : operation.kind === 'write' ? ['Idempotency-Replayed'] : [];
  return refer([...COMMON_HEADERS, ...more]);
}

/** Path and query parameters from the input schema, and the headers that an operation takes. */
export function parametersOf({ method, operation, pathParameters, schemas }: Described): Json {
  const { properties, required = [] } = operation.input as {
    properties: Readonly<Record<string, { description?: string; type?: unknown }>>;
    required?: readonly string[];
  };
  const parameters: Json[] = [];
  for (const [name, property] of Object.entries(properties)) {
    const isInPath = pathParameters.includes(name);
    if (!isInPath && takesBody(method)) continue;
    const { description, ...schema } = property;
    parameters.push({
      name,
      in: isInPath ? 'path' : 'query',
      required: isInPath || required.includes(name),
      ...(description === undefined ? {} : { description }),
      ...(property.type === 'array' ? { style: 'form', explode: false } : {}),
      schema: schemas.of(schema),
    });
  }
  if (operation.kind === 'write') parameters.push(reference('parameters', 'IdempotencyKey'));
  return parameters;
}

/** What a call may be refused with, whatever its domain; the errors of domains are in the catalogue. */
function codesOf({ method, operation, pathParameters }: Described): string[] {
  const { properties } = operation.input as { properties: object };
  const codes = ['invalid_request', 'unauthenticated'];
  if (Object.hasOwn(properties, 'cursor')) codes.push('invalid_cursor');
  if (operation.access === 'secret') codes.push('forbidden');
  if (operation.access === 'moderator' || operation.access === 'owner') codes.push('role_required');
  if (pathParameters.length > 0) codes.push('not_found');
  if (operation.kind === 'write') codes.push('idempotency_conflict');
  if (takesBody(method)) codes.push('payload_too_large', 'unsupported_media_type');
  return [...codes, 'rate_limited', 'internal', 'unavailable', 'overloaded', 'deadline_exceeded'];
}

/** `InvalidRequestOrInvalidCursor`, or the status when it would get longer. */
function refusalName(status: number, codes: readonly string[]): string {
  const words = codes.length > 2 ? (STATUS_CODES[status] ?? String(status)).split(' ') : codes.join('_or_').split('_');
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function refusal(status: number, codes: readonly string[], catalogue: ErrorCatalogue): Json {
  const retry = status === 429 || status === 503 ? ['Retry-After'] : [];
  return {
    description: codes.map((code) => `\`${code}\`: ${catalogue[code]?.title}`).join('; '),
    headers: refer(['X-Request-Id', ...retry]),
    content: { 'application/problem+json': { schema: reference('schemas', 'Problem') } },
  };
}

/** By status, and `default` for the errors of domains. */
export function problemResponses(described: Described, catalogue: ErrorCatalogue): Record<string, Json> {
  const byStatus = new Map<number, string[]>();
  for (const code of codesOf(described)) {
    const kind = catalogue[code];
    if (kind === undefined) throw new Error(`the catalogue has no error ${code}`);
    byStatus.set(kind.status, [...(byStatus.get(kind.status) ?? []), code]);
  }
  const responses: Record<string, Json> = {};
  for (const [status, codes] of [...byStatus].sort(([a], [b]) => a - b)) {
    const name = refusalName(status, codes);
    described.refusals.set(name, refusal(status, codes, catalogue));
    responses[status] = reference('responses', name);
  }
  return { ...responses, default: reference('responses', 'Problem') };
}

/** Everything that the operations refer to. To be called when all of them are described. */
export function componentsOf(
  schemas: SchemaComponents,
  refusals: ReadonlyMap<string, Json>,
  catalogue: ErrorCatalogue,
): Json {
  return {
    schemas: { ...schemas.all(), Problem: problemSchema(catalogue) },
    responses: {
      ...Object.fromEntries([...refusals].sort(([a], [b]) => (a < b ? -1 : 1))),
      Problem: {
        description: 'Any other error, as its `code` says',
        headers: refer(['X-Request-Id']),
        content: { 'application/problem+json': { schema: reference('schemas', 'Problem') } },
      },
    },
    parameters: {
      IdempotencyKey: {
        name: 'Idempotency-Key',
        in: 'header',
        required: false,
        description:
          'Makes a repetition safe: within 24 hours the same key gives the same answer; with another request, 409',
        schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x20-\\x7e]+$' },
      },
    },
    headers: HEADERS,
    securitySchemes: {
      sessionToken: { type: 'http', scheme: 'bearer', description: 'Session token of a user, `nova_st_...`' },
      secretKey: { type: 'http', scheme: 'bearer', description: 'Secret key of a backend, `nova_sk_...`' },
      publishableKey: {
        type: 'apiKey',
        in: 'header',
        name: 'X-Nova-Key',
        description:
          'Publishable key that names the tenant, `nova_pk_...`; without any key the default tenant is meant',
      },
    },
  };
}

function problemSchema(catalogue: ErrorCatalogue): Json {
  return {
    title: 'Problem',
    description: 'An error as RFC 9457 describes it',
    type: 'object',
    properties: {
      type: { type: 'string', description: 'Reference to the explanation of the code' },
      title: { type: 'string', description: 'The same for every occurrence' },
      status: { type: 'integer' },
      detail: { type: 'string', description: 'What happened this time' },
      code: { type: 'string', enum: Object.keys(catalogue).sort(), description: 'What a program should test' },
      requestId: { type: 'string', description: 'Name it when asking for help' },
      retryable: { type: 'boolean', description: 'Whether the same call may succeed later' },
      problems: {
        type: 'array',
        items: {
          type: 'object',
          properties: { path: { type: 'string' }, reason: { type: 'string' } },
          required: ['path', 'reason'],
        },
      },
    },
    required: ['type', 'title', 'status', 'code', 'requestId', 'retryable'],
  };
}
