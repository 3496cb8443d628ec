import { buildSchema, type GraphQLFieldResolver, type GraphQLSchema, isNonNullType, isObjectType } from 'graphql';
import { platformErrors } from '../../platform/errors/index.js';
import {
  type BoundOperation,
  type Execute,
  type GraphqlBinding,
  PreparedJson,
  withIdempotencyKey,
} from '../../platform/operation/index.js';
import type { GraphqlContext } from './context.js';
import { COST_DIRECTIVE } from './cost.js';

const BASE = `
  ${COST_DIRECTIVE}
  "An instant in UTC, RFC 3339 with microseconds"
  scalar DateTime
  "Any value of JSON"
  scalar JSON
  type Query
  type Mutation
`;

type Resolver = GraphQLFieldResolver<unknown, GraphqlContext, Record<string, unknown>>;

/** Page size of an edge; lists at the root are checked by their operation. */
const MAX_EDGE_LIMIT = 100;

/**
 * Joins the domains' SDL and resolvers into one schema. Throws when a binding names a field the SDL lacks, and when a
 * field of Query or Mutation is not nullable: its failure would take away what the fields beside it have answered.
 */
export function buildGraphqlSchema(bindings: readonly GraphqlBinding[], execute: Execute): GraphQLSchema {
  const schema = buildSchema([BASE, ...bindings.map((binding) => binding.typeDefs)].join('\n'));
  const attach = (type: string, field: string, resolve: Resolver) => {
    const target = schema.getType(type);
    const definition = isObjectType(target) ? target.getFields()[field] : undefined;
    if (definition === undefined) throw new Error(`GraphQL binding: no field ${type}.${field}`);
    definition.resolve = resolve;
    return definition;
  };
  const attachRoot = (type: 'Query' | 'Mutation', field: string, resolve: Resolver) => {
    const definition = attach(type, field, resolve);
    if (isNonNullType(definition.type)) throw new Error(`GraphQL binding: ${type}.${field} must be nullable`);
  };
  for (const { queries, mutations, edges } of bindings) {
    for (const [field, operation] of Object.entries(queries)) {
      attachRoot('Query', field, resolveRead(operation, execute));
    }
    for (const [field, operation] of Object.entries(mutations)) {
      attachRoot('Mutation', field, resolveWrite(operation, execute));
    }
    for (const [type, fields] of Object.entries(edges)) {
      for (const [field, loader] of Object.entries(fields)) {
        attach(type, field, (parent, args, { edges: batches }) => {
          checkEdgeLimit(field, args['limit']);
          return batches.load(loader, parent as Record<string, unknown>, args);
        });
      }
    }
  }
  return schema;
}

function resolveRead(operation: BoundOperation, execute: Execute): Resolver {
  return async (_, args, { call, admit }) => {
    admit();
    return unprepared((await execute(operation, call, withoutNulls(args))).output);
  };
}

function resolveWrite(operation: BoundOperation, execute: Execute): Resolver {
  return async (_, args, { call, admit }, info) => {
    admit();
    // Each field of a document is a call of its own: one key for all would be a conflict between them.
    const { idempotencyKey } = call;
    const ownCall =
      idempotencyKey === null ? call : withIdempotencyKey(call, `${idempotencyKey}#${String(info.path.key)}`);
    const { output } = await execute(operation, ownCall, withoutNulls(args));
    // Operations that answer nothing (204 on REST) have to answer something here.
    return output === undefined || output === null ? true : unprepared(output);
  };
}

function unprepared(output: unknown): unknown {
  return output instanceof PreparedJson ? output.value : output;
}

/** GraphQL sends null for "not given"; operations know absent fields only. */
function withoutNulls(args: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== null));
}

function checkEdgeLimit(field: string, limit: unknown): void {
  if (limit === undefined || limit === null) return;
  if (typeof limit === 'number' && Number.isInteger(limit) && limit >= 1 && limit <= MAX_EDGE_LIMIT) return;
  throw platformErrors.invalid_request({
    problems: [{ path: `${field}.limit`, reason: `must be between 1 and ${MAX_EDGE_LIMIT}` }],
  });
}
