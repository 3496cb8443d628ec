import type { Access } from '../platform/operation/index.js';
import { type ApiSurface, documentOf, type Input, restRequest } from './api-surface.js';
import type { RestAnswer, TestApp } from './test-app.js';

/** Whether a backend calls it with the secret key; of those that a role may call as well, every tenant has one. */
export const takesSecretKey = (access: Access): boolean => access !== 'anyone' && access !== 'user';

export interface Credentials {
  readonly token?: string;
  readonly key?: string;
}

/** One way to call an operation with an input: a REST path, or a GraphQL field with all that it can answer. */
export interface Route {
  /** `GET /users/{userId}`, `query getUser` */
  readonly name: string;
  readonly operation: string;
  readonly writes: boolean;
  readonly access: Access;
  send(input: Input, credentials: Credentials, idempotencyKey?: string): Promise<RestAnswer>;
}

/**
 * Every way into the product.
 * @param edgeLevels lists below a query's own that its document selects
 */
export function routesOf(app: TestApp, { rest, graphql, schema }: ApiSurface, edgeLevels = 1): Route[] {
  const headersOf = (idempotencyKey?: string) =>
    idempotencyKey === undefined ? {} : { headers: { 'idempotency-key': idempotencyKey } };
  return [
    ...rest.map((route): Route => {
      const { name, kind, access } = route.operation;
      return {
        name: `${route.method} ${route.path}`,
        operation: name,
        writes: kind === 'write',
        access,
        send(input, credentials, idempotencyKey) {
          const { path, body } = restRequest(route, input);
          const request = { ...credentials, ...headersOf(idempotencyKey), ...(body === undefined ? {} : { body }) };
          return app.rest(route.method, path, request);
        },
      };
    }),
    ...graphql.map((route): Route => {
      const { name, kind, access } = route.operation;
      // Answers of changes are compared from call to call: without lists, which the changes make longer.
      const document = documentOf(schema, route, kind === 'read' ? edgeLevels : 0);
      return {
        name: `${route.kind} ${route.field}`,
        operation: name,
        writes: kind === 'write',
        access,
        send: (variables, credentials, idempotencyKey) =>
          app.graphql(document, { variables, ...credentials, ...headersOf(idempotencyKey) }),
      };
    }),
  ];
}
