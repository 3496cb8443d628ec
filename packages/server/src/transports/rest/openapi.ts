import type { ErrorCatalogue } from '../../platform/errors/index.js';
import type { BoundOperation, RestBinding } from '../../platform/operation/index.js';
import { pathParametersOf, takesBody } from './input.js';
import { componentsOf, type Described, headersOf, parametersOf, problemResponses } from './openapi-parts.js';
import { type Json, SchemaComponents } from './openapi-schemas.js';
import { REST_PREFIX } from './routes.js';

/** The operations of one domain, shown together. */
export interface OpenApiDomain {
  readonly name: string;
  readonly description: string;
  readonly bindings: readonly RestBinding[];
}

export interface OpenApiOptions {
  readonly version: string;
  readonly domains: readonly OpenApiDomain[];
  /** All error codes of the product. */
  readonly catalogue: ErrorCatalogue;
}

const DESCRIPTION = `Every answer names its request in \`x-request-id\`. Errors are \`application/problem+json\` (RFC 9457)
with a stable \`code\`. Lists take \`limit\` and \`cursor\` and answer \`{ items, nextCursor }\`. Times are RFC 3339 in UTC.
Any write takes an \`Idempotency-Key\`: a repetition within 24 hours has the effect and the answer of the first call.`;

/**
 * The OpenAPI 3.1 document of the bindings, from the very schemas that validate and serialise. It is put together
 * here rather than by @fastify/swagger from the routes: those hold schemas for the serialiser, not for readers,
 * and 3.1 takes TypeBox's JSON Schema as it is. The same bindings give the same document, byte by byte.
 */
function openApiOf({ version, domains, catalogue }: OpenApiOptions): Json {
  const schemas = new SchemaComponents();
  const refusals = new Map<string, Json>();
  const paths: Record<string, Record<string, Json>> = {};
  const names = new Set<string>();
  for (const domain of domains) {
    for (const binding of domain.bindings) {
      const { name } = binding.operation;
      // One operation may be bound to several paths; only the first may carry its id.
      const path = REST_PREFIX + binding.path.replaceAll(/:(\w+)/g, '{$1}');
      const item = paths[path] ?? {};
      paths[path] = item;
      const method = binding.method.toLowerCase();
      if (item[method] !== undefined) throw new Error(`${binding.method} ${path} is bound twice`);
      item[method] = describe(binding, domain.name, { schemas, refusals, catalogue, isRepeated: names.has(name) });
      names.add(name);
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Nova',
      version,
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    // Relative: the document is served by the server that it describes.
    servers: [{ url: '/' }],
    tags: domains.map(({ name, description }) => ({ name, description })),
    paths: sorted(paths),
    components: componentsOf(schemas, refusals, catalogue),
  };
}

/** As it is committed and served. */
export function renderOpenApi(options: OpenApiOptions): string {
  return `${JSON.stringify(openApiOf(options), null, 2)}\n`;
}

interface Surroundings {
  readonly schemas: SchemaComponents;
  readonly refusals: Map<string, Json>;
  readonly catalogue: ErrorCatalogue;
  /** Another path has the operation already. */
  readonly isRepeated: boolean;
}

function describe(
  { method, path, operation, status }: RestBinding,
  tag: string,
  { schemas, refusals, catalogue, isRepeated }: Surroundings,
): Json {
  const pathParameters = pathParametersOf(path);
  const described: Described = { method, operation, pathParameters, schemas, refusals };
  const success = {
    description: status === 204 ? 'Done' : status === 201 ? 'Created' : 'OK',
    headers: headersOf(described),
    ...(status === 204 ? {} : { content: { 'application/json': { schema: schemas.of(operation.output) } } }),
  };
  return {
    ...(isRepeated ? {} : { operationId: operation.name }),
    summary: operation.summary,
    tags: [tag],
    security: securityOf(operation),
    parameters: parametersOf(described),
    ...(takesBody(method) ? requestBodyOf(described) : {}),
    responses: { [status]: success, ...problemResponses(described, catalogue) },
  };
}

/** All that is not in the path; nothing when nothing is left. */
function requestBodyOf({ operation, pathParameters, schemas }: Described): Record<string, Json> {
  const { properties, required = [] } = operation.input as { properties: object; required?: readonly string[] };
  const isInBody = (name: string) => !pathParameters.includes(name);
  const fields = Object.entries(properties).filter(([name]) => isInBody(name));
  if (fields.length === 0) return {};
  const needed = required.filter(isInBody);
  const schema = {
    type: 'object',
    properties: Object.fromEntries(fields.map(([name, field]) => [name, schemas.of(field)])),
    ...(needed.length === 0 ? {} : { required: needed }),
    additionalProperties: false,
  };
  return { requestBody: { required: needed.length > 0, content: { 'application/json': { schema } } } };
}

function securityOf({ access }: BoundOperation): Json {
  switch (access) {
    case 'anyone':
      return [{}, { publishableKey: [] }, { sessionToken: [] }, { secretKey: [] }];
    case 'user':
      return [{ sessionToken: [] }];
    case 'moderator':
    case 'owner':
      return [{ sessionToken: [] }, { secretKey: [] }];
    case 'secret':
      return [{ secretKey: [] }];
  }
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
