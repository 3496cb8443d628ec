import type { FastifyRequest } from 'fastify';
import { type Problem, platformErrors } from '../../platform/errors/index.js';
import type { RestBinding } from '../../platform/operation/index.js';
import { problemsOfQuery, type Query } from '../http/index.js';
import { type Coercion, coercionOf } from './coercion.js';

/** Puts the input of an operation together; throws `invalid_request` for what no input can be made of. */
export type InputReader = (request: FastifyRequest) => unknown;

/** Reads no body: what a caller sends along with GET has no meaning (RFC 9110, 9.3.1) and is ignored. */
export function takesBody(method: RestBinding['method']): boolean {
  return method === 'POST' || method === 'PUT' || method === 'PATCH';
}

export function pathParametersOf(path: string): string[] {
  return path
    .split('/')
    .filter((segment) => segment.startsWith(':'))
    .map((segment) => segment.slice(1));
}

/**
 * The reader of a binding: path and query, whose texts become the types of the schema, or path and JSON object.
 * A name comes from one place only. Whether the values are valid is the operation's schema to say.
 */
export function createInputReader({ method, path, operation }: RestBinding): InputReader {
  const { properties } = operation.input;
  const pathParameters = pathParametersOf(path);
  const unknown = pathParameters.filter((name) => !Object.hasOwn(properties, name));
  if (unknown.length > 0) throw new Error(`${method} ${path}: ${operation.name} has no input ${unknown.join(', ')}`);
  const coercions = new Map<string, Coercion>();
  for (const [name, schema] of Object.entries(properties)) {
    const coercion = coercionOf(schema);
    if (coercion !== null) coercions.set(name, coercion);
  }
  const coerce = (name: string, text: string): unknown => coercions.get(name)?.(text) ?? text;

  const addPath = (input: Record<string, unknown>, request: FastifyRequest): void => {
    const parameters = request.params as Readonly<Record<string, string>>;
    for (const name of pathParameters) {
      if (Object.hasOwn(input, name)) refuse([{ path: name, reason: 'is given in the path already' }]);
      input[name] = coerce(name, parameters[name] ?? '');
    }
  };

  if (takesBody(method)) {
    return (request) => {
      const problems = unexpectedQuery(request.query as Query);
      if (problems.length > 0) refuse(problems);
      const input = bodyOf(request);
      addPath(input, request);
      return input;
    };
  }
  return (request) => {
    if (method === 'DELETE' && request.body !== undefined) refuse([{ path: '', reason: 'DELETE takes no body' }]);
    const query = request.query as Query;
    const problems = problemsOfQuery(query);
    if (problems.length > 0) refuse(problems);
    // No prototype: a parameter may be called __proto__.
    const input = Object.create(null) as Record<string, unknown>;
    for (const name in query) input[name] = coerce(name, query[name] ?? '');
    addPath(input, request);
    return input;
  };
}

/** An absent body counts as an empty object: operations without a required field may be called without one. */
function bodyOf({ body }: FastifyRequest): Record<string, unknown> {
  if (body === undefined) return {};
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  return refuse([{ path: '', reason: 'the body must be a JSON object' }]);
}

/** A field in the query of a method with a body would be lost silently. */
function unexpectedQuery(query: Query): Problem[] {
  return Object.keys(query)
    .slice(0, 20)
    .map((name) => ({ path: name.slice(0, 200), reason: 'belongs in the body, not in the query string' }));
}

function refuse(problems: readonly Problem[]): never {
  throw platformErrors.invalid_request({ problems });
}
