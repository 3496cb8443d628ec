import type { BoundOperation } from './operation.js';
import type { Scope } from './scope.js';

/**
 * How an operation shows on REST. Its input is put together from the path parameters and, for GET and
 * DELETE, the query string, for the others the JSON body; a name may come from one place only.
 */
export interface RestBinding {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`, with `:name` parameters: `/users/:userId/posts`. */
  readonly path: string;
  readonly operation: BoundOperation;
  /** Of a successful answer; 204 sends no body. */
  readonly status: 200 | 201 | 204;
}

/**
 * Fills one field of many parents with one query (B1): answers in the order of `parents`.
 * @param args the field's arguments, the same for all parents of one call
 */
export type EdgeLoader = (
  scope: Scope,
  parents: readonly Readonly<Record<string, unknown>>[],
  args: Readonly<Record<string, unknown>>,
) => Promise<readonly unknown[]>;

/** How a domain shows on GraphQL. Arguments of a field are the input of its operation. */
export interface GraphqlBinding {
  /** SDL: own types, `extend type Query`, `extend type Mutation`, and edges on other domains' types. */
  readonly typeDefs: string;
  readonly queries: Readonly<Record<string, BoundOperation>>;
  readonly mutations: Readonly<Record<string, BoundOperation>>;
  /** By type and field: every edge that needs the database. */
  readonly edges: Readonly<Record<string, Readonly<Record<string, EdgeLoader>>>>;
}

/** All that a domain hands to `app.ts` for the transports. */
export interface DomainBindings {
  readonly rest: readonly RestBinding[];
  readonly graphql: GraphqlBinding;
}

/** A domain as transports and reference pages show it. */
export interface Domain {
  readonly name: string;
  readonly description: string;
  readonly bindings: DomainBindings;
}
