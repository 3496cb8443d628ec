import { type GraphQLOutputType, type GraphQLSchema, getNamedType, isLeafType, isObjectType } from 'graphql';
import type { BoundOperation, EdgeLoader } from '../platform/operation/index.js';
import { buildGraphqlSchema } from '../transports/graphql/index.js';
import type { TestApp } from './test-app.js';

/** All that callers can reach, asked of the running product, so that a test of everything cannot miss what is new. */
export interface ApiSurface {
  /** As `/openapi.json` tells them. */
  readonly rest: readonly RestOperation[];
  /** Fields of Query and Mutation. */
  readonly graphql: readonly GraphqlField[];
  readonly edges: readonly Edge[];
  readonly schema: GraphQLSchema;
}

export interface RestOperation {
  readonly operation: BoundOperation;
  readonly method: string;
  /** Below `/api/v1`, with `{name}` parameters. */
  readonly path: string;
}

export interface GraphqlField {
  readonly operation: BoundOperation;
  readonly kind: 'query' | 'mutation';
  readonly field: string;
}

export interface Edge {
  /** `User.posts` */
  readonly name: string;
  readonly type: string;
  readonly field: string;
  readonly loader: EdgeLoader;
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId?: string }>>>>;
}

const PREFIX = '/api/v1';

export async function readApiSurface(app: Pick<TestApp, 'url' | 'nova'>): Promise<ApiSurface> {
  const { paths } = (await (await fetch(`${app.url}/openapi.json`)).json()) as OpenApi;
  const bindings = app.nova.domains.map((domain) => domain.bindings);
  const byName = new Map(bindings.flatMap(({ rest }) => rest).map(({ operation }) => [operation.name, operation]));
  const rest = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]): RestOperation => {
      const operation = byName.get(operationId ?? '');
      if (operation === undefined) throw new Error(`${method} ${path} has no operation`);
      return { operation, method: method.toUpperCase(), path: path.slice(PREFIX.length) };
    }),
  );
  const graphqlBindings = bindings.map(({ graphql }) => graphql);
  const schema = buildGraphqlSchema(graphqlBindings, app.nova.execute);
  const fieldsOf = (kind: 'query' | 'mutation') => {
    const type = kind === 'query' ? schema.getQueryType() : schema.getMutationType();
    return Object.keys(type?.getFields() ?? {}).map((field): GraphqlField => {
      const found = graphqlBindings.map((binding) => (kind === 'query' ? binding.queries : binding.mutations)[field]);
      const operation = found.find((candidate) => candidate !== undefined);
      if (operation === undefined) throw new Error(`${kind} ${field} has no operation`);
      return { operation, kind, field };
    });
  };
  const edges = graphqlBindings.flatMap((binding) =>
    Object.entries(binding.edges).flatMap(([type, fields]) =>
      Object.entries(fields).map(([field, loader]): Edge => ({ name: `${type}.${field}`, type, field, loader })),
    ),
  );
  return { rest, graphql: [...fieldsOf('query'), ...fieldsOf('mutation')], edges, schema };
}

export type Input = Readonly<Record<string, unknown>>;

/** The request that carries the input: path parameters, then the query string or the JSON body. */
export function restRequest({ method, path }: RestOperation, input: Input): { path: string; body?: Input } {
  const rest = new Map(Object.entries(input));
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = rest.get(name);
    rest.delete(name);
    return encodeURIComponent(String(value));
  });
  if (method === 'GET' || method === 'DELETE') {
    const texts = [...rest].map(([name, value]): [string, string] => [name, String(value)]);
    const query = new URLSearchParams(texts).toString();
    return { path: query === '' ? filled : `${filled}?${query}` };
  }
  return { path: filled, ...(rest.size === 0 ? {} : { body: Object.fromEntries(rest) }) };
}

/** Other names of `limit`, `cursor`, `items` and `nextCursor`, see transports/graphql/connections.ts. */
export const RELAY_ARGUMENTS: ReadonlySet<string> = new Set(['first', 'after']);
const RELAY_FIELDS: ReadonlySet<string> = new Set(['edges', 'pageInfo']);

/**
 * The document that calls a field with variables for all of its arguments and selects every value there is, through
 * `edgeLevels` lists below the field itself.
 */
export function documentOf(schema: GraphQLSchema, { kind, field }: GraphqlField, edgeLevels: number, edgeLimit = 2) {
  const definition = (kind === 'query' ? schema.getQueryType() : schema.getMutationType())?.getFields()[field];
  if (definition === undefined) throw new Error(`no field ${field}`);
  const args = definition.args.filter(({ name }) => !RELAY_ARGUMENTS.has(name));
  const declared = args.map(({ name, type }) => `$${name}: ${type}`).join(', ');
  const given = args.map(({ name }) => `${name}: $${name}`).join(', ');
  const parenthesised = (text: string) => (text === '' ? '' : `(${text})`);
  const selected = selectionOf(definition.type, edgeLevels, edgeLimit);
  return `${kind} ${parenthesised(declared)} { ${field}${parenthesised(given)} ${selected} }`;
}

/** `{ ... }`, or nothing for a scalar. */
function selectionOf(output: GraphQLOutputType, edgeLevels: number, edgeLimit: number): string {
  const type = getNamedType(output);
  if (!isObjectType(type)) return '';
  const fields = Object.values(type.getFields()).flatMap((field) => {
    if (RELAY_FIELDS.has(field.name)) return [];
    if (isLeafType(getNamedType(field.type))) return [field.name];
    const isList = field.args.length > 0;
    if (isList && edgeLevels === 0) return [];
    const below = selectionOf(field.type, isList ? edgeLevels - 1 : edgeLevels, edgeLimit);
    return [`${field.name}${isList ? `(limit: ${edgeLimit})` : ''} ${below}`];
  });
  return `{ ${fields.join(' ')} }`;
}
