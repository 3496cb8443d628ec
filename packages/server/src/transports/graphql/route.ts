import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import Type from 'typebox';
import { platformErrors } from '../../platform/errors/index.js';
import { type Call, compileCheck, type Scope } from '../../platform/operation/index.js';
import type { Tracing } from '../../platform/telemetry/index.js';
import { countFurtherCall, retryAfterSeconds, traceOf } from '../http/index.js';
import { EdgeBatches } from './batching.js';
import { createCostOf } from './cost.js';
import { Documents, hashOf, MAX_DOCUMENT_LENGTH } from './documents.js';
import { executeDocument } from './execute-document.js';
import { formatErrors } from './format-errors.js';
import type { GraphqlLimits } from './limits.js';

export interface GraphqlOptions {
  readonly schema: GraphQLSchema;
  readonly limits: GraphqlLimits;
  readonly callOf: (request: FastifyRequest) => Call;
  readonly scopeOf: (call: Call) => Scope;
  readonly tracing: Pick<Tracing, 'span'>;
}

const Envelope = Type.Object(
  {
    query: Type.Optional(Type.String({ minLength: 1, maxLength: MAX_DOCUMENT_LENGTH })),
    operationName: Type.Optional(Type.Union([Type.String({ maxLength: 200 }), Type.Null()])),
    variables: Type.Optional(Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()])),
    extensions: Type.Optional(
      Type.Object(
        {
          persistedQuery: Type.Optional(
            Type.Object(
              { version: Type.Literal(1), sha256Hash: Type.String({ pattern: '^[0-9a-f]{64}$' }) },
              { additionalProperties: false },
            ),
          ),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);

/** Of bad variables, the first ones are what a person reads. */
const MAX_VARIABLE_ERRORS = 5;

/**
 * `POST /graphql`. Answers 200 with data, even beside errors; without any data the status of the gravest
 * error. Persisted queries follow Apollo's automatic protocol: hash alone, then once hash and text.
 */
export function registerGraphql(
  server: FastifyInstance,
  { schema, limits, callOf, scopeOf, tracing }: GraphqlOptions,
): void {
  const documents = new Documents(schema, limits);
  const costOf = createCostOf(schema, limits.maxCost);
  const checkEnvelope = compileCheck(Envelope);

  server.post('/graphql', async (request, reply) => {
    const call = callOf(request);
    const envelope = checkEnvelope(request.body);
    const found = findDocument(documents, call, envelope.query, envelope.extensions?.persistedQuery?.sha256Hash);
    if ('errors' in found) return answer(reply, call, { errors: found.errors });
    const { document, operation } = found;
    checkOperationName(operation, envelope.operationName);
    const { coerced: variables, errors } = getVariableValues(
      schema,
      operation.variableDefinitions ?? [],
      envelope.variables ?? {},
      { maxErrors: MAX_VARIABLE_ERRORS },
    );
    if (variables === undefined) return answer(reply, call, { errors });
    if (costOf(document, variables) > limits.maxCost) {
      throw platformErrors.invalid_request({
        problems: [
          { path: 'query', reason: `costs more than ${limits.maxCost}; ask for fewer fields or smaller pages` },
        ],
      });
    }
    const context = { call, edges: new EdgeBatches(scopeOf(call)), admit: admitFields(request) };
    const described = {
      'graphql.operation.type': operation.operation,
      'graphql.operation.name': operation.name?.value,
    };
    const result = await tracing.span(operation.operation, described, traceOf(request), () =>
      executeDocument(schema, found, variables, context),
    );
    return answer(reply, call, result, operation);
  });
}

/** The first field of a document is the call that its request was counted for. */
function admitFields(request: FastifyRequest): () => void {
  let isFirst = true;
  return () => {
    if (!isFirst) countFurtherCall(request);
    isFirst = false;
  };
}

/** Without data, the status tells what happened, unless a change was made whose answer could not be put together. */
function answer(
  reply: FastifyReply,
  { correlationId, log }: Call,
  { data, errors }: ExecutionResult,
  operation?: OperationDefinitionNode,
): FastifyReply {
  if (errors === undefined) return reply.send({ data });
  const formatted = formatErrors(errors, correlationId, log);
  const nothing = data === undefined || data === null || Object.values(data).every((value) => value === null);
  const changed =
    operation?.operation === OperationTypeNode.MUTATION && errors.some(({ path }) => path && path.length > 1);
  if (nothing && !changed) {
    reply.code(formatted.status);
    if (formatted.retryAfterMs !== undefined) reply.header('retry-after', retryAfterSeconds(formatted.retryAfterMs));
  }
  return reply.send({ ...(data === undefined ? {} : { data }), errors: formatted.errors });
}

/** A document has one operation (see `documentLimits`): a name can only be that one's. */
function checkOperationName(operation: OperationDefinitionNode, name: string | null | undefined): void {
  if (name === undefined || name === null || name === '' || operation.name?.value === name) return;
  throw platformErrors.invalid_request({
    problems: [{ path: 'operationName', reason: 'names no operation of the query' }],
  });
}

function findDocument(documents: Documents, { log }: Call, text: string | undefined, hash: string | undefined) {
  if (text !== undefined) {
    if (hash !== undefined && hashOf(text) !== hash) {
      throw platformErrors.invalid_request({
        problems: [{ path: 'extensions.persistedQuery.sha256Hash', reason: 'is not the SHA-256 of query' }],
      });
    }
    return documents.byText(text, log);
  }
  if (hash === undefined)
    throw platformErrors.invalid_request({ problems: [{ path: 'query', reason: 'is required' }] });
  const known = documents.byHash(hash, log);
  if (known !== undefined) return known;
  // The name and wording that Apollo's clients look for before they send the text.
  return {
    errors: [new GraphQLError('PersistedQueryNotFound', { extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } })],
  };
}
