import type { FastifyInstance, FastifyReply } from 'fastify';
import { type Execute, type Outcome, PreparedJson, type RestBinding } from '../../platform/operation/index.js';
import { callOf } from '../http/index.js';
import { createInputReader } from './input.js';
import { serializationOf } from './serialization.js';

export const REST_PREFIX = '/api/v1';

export interface RestDeps {
  readonly bindings: readonly RestBinding[];
  readonly execute: Execute;
}

/**
 * Registers the bindings below `/api/v1`.
 *
 * @param server a scope of the HTTP server with `openCalls`
 */
export function registerRest(server: FastifyInstance, { bindings, execute }: RestDeps): void {
  for (const binding of bindings) {
    const { method, path, operation, status } = binding;
    const readInput = createInputReader(binding);
    server.route({
      method,
      url: REST_PREFIX + path,
      ...(status === 204
        ? {}
        : { schema: { response: { [status]: serializationOf(operation.output, operation.secretOutput) } } }),
      handler: async (request, reply) =>
        answer(reply, status, await execute(operation, callOf(request), readInput(request))),
    });
  }
}

function answer(reply: FastifyReply, status: RestBinding['status'], { output, replayed }: Outcome): FastifyReply {
  if (replayed) reply.header('idempotency-replayed', 'true');
  reply.code(status);
  if (status === 204) return reply.send();
  if (output instanceof PreparedJson) {
    // Weak, because the compressed forms of the body share the tag.
    reply.header('etag', `W/${output.etag}`);
    return reply.type('application/json; charset=utf-8').send(output.body);
  }
  return reply.send(output);
}
