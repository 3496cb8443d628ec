import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type DocumentNode, type ExecutionResult, execute, GraphQLError, type GraphQLSchema, Kind } from 'graphql';
import Type from 'typebox';
import { platformErrors } from '../../platform/errors/index.js';
import { type Call, compileCheck, type Scope } from '../../platform/operation/index.js';
import type { Tracing } from '../../platform/telemetry/index.js';
import { retryAfterSeconds, traceOf } from '../http/index.js';
import { EdgeBatches } from './batching.js';
import type { GraphqlContext } from './context.js';
import { Documents, hashOf, MAX_DOCUMENT_LENGTH } from './documents.js';
import { formatErrors } from './format-errors.js';
import { costOf, type GraphqlLimits } from './limits.js';

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

/**
 * `POST /graphql`. Answers 200 with data, even beside errors; without any data the status of the gravest
 * error. Persisted queries follow Apollo's automatic protocol: hash alone, then once hash and text.
 */
export function registerGraphql(
  server: FastifyInstance,
  { schema, limits, callOf, scopeOf, tracing }: GraphqlOptions,
): void {
  const documents = new Documents(schema, limits);
  const checkEnvelope = compileCheck(Envelope);

  server.post('/graphql', async (request, reply) => {
    const call = callOf(request);
    const envelope = checkEnvelope(request.body);
    const found = findDocument(documents, envelope.query, envelope.extensions?.persistedQuery?.sha256Hash);
    if ('errors' in found) return answer(reply, call, { errors: found.errors });
    checkOperationName(found.document, envelope.operationName);
    const variables = envelope.variables ?? {};
    const cost = costOf(found.document, variables, limits.maxCost);
    if (cost > limits.maxCost) {
      throw platformErrors.invalid_request({
        problems: [{ path: 'query', reason: `could give more than ${limits.maxCost} values; ask for smaller pages` }],
      });
    }
    const context: GraphqlContext = { call, edges: new EdgeBatches(scopeOf(call)) };
    const run = async () =>
      (await (found.compiled
        ? found.compiled.query(undefined, context, variables)
        : execute({
            schema,
            document: found.document,
            contextValue: context,
            variableValues: variables,
          }))) as ExecutionResult;
    return answer(reply, call, await tracing.span('graphql', {}, traceOf(request), run));
  });
}

function answer(reply: FastifyReply, { correlationId, log }: Call, { data, errors }: ExecutionResult): FastifyReply {
  if (errors === undefined) return reply.send({ data });
  const formatted = formatErrors(errors, correlationId, log);
  const nothing = data === undefined || data === null || Object.values(data).every((value) => value === null);
  if (nothing) {
    reply.code(formatted.status);
    if (formatted.retryAfterMs !== undefined) reply.header('retry-after', retryAfterSeconds(formatted.retryAfterMs));
  }
  return reply.send({ ...(data === undefined ? {} : { data }), errors: formatted.errors });
}

/** A document has one operation (see `documentLimits`): a name can only be that one's. */
function checkOperationName(document: DocumentNode, name: string | null | undefined): void {
  if (name === undefined || name === null || name === '') return;
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (operation?.name?.value === name) return;
  throw platformErrors.invalid_request({
    problems: [{ path: 'operationName', reason: 'names no operation of the query' }],
  });
}

function findDocument(documents: Documents, text: string | undefined, hash: string | undefined) {
  if (text !== undefined) {
    if (hash !== undefined && hashOf(text) !== hash) {
      throw platformErrors.invalid_request({
        problems: [{ path: 'extensions.persistedQuery.sha256Hash', reason: 'is not the SHA-256 of query' }],
      });
    }
    return documents.byText(text);
  }
  if (hash === undefined)
    throw platformErrors.invalid_request({ problems: [{ path: 'query', reason: 'is required' }] });
  const known = documents.byHash(hash);
  if (known !== undefined) return known;
  // The name and wording that Apollo's clients look for before they send the text.
  return {
    errors: [new GraphQLError('PersistedQueryNotFound', { extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } })],
  };
}
