import type { Static, TObject, TSchema } from 'typebox';
import type { UsageCounter } from '../usage/index.js';
import type { KeyScope } from './key-scopes.js';
import type { PreparedJson } from './prepared-json.js';
import type { Scope, WriteScope } from './scope.js';

/**
 * Who may call: `anyone` of the tenant, a signed-in `user`, a `moderator` or an `owner` among them (or those above, or a
 * backend with the tenant's secret key, which stands for the tenant itself), or such a backend alone (`secret`).
 */
export type Access = 'anyone' | 'user' | 'moderator' | 'owner' | 'secret';

interface Common<I extends TObject, O extends TSchema> {
  /** Unique over the product: OpenAPI operationId, metric label, idempotency scope. */
  readonly name: string;
  /** One sentence, for the reference pages. */
  readonly summary: string;
  readonly access: Access;
  /** Of what a secret key may do, and only then: what the key must be good for. */
  readonly keyScope?: KeyScope;
  readonly input: I;
  readonly output: O;
}

/**
 * One thing that Nova can do, independent of transport: schemas, who may call it, and a function
 * `(deps, scope, input) => output`. `deps` names exactly what it needs beyond the database.
 */
export interface ReadOperation<D, I extends TObject, O extends TSchema> extends Common<I, O> {
  readonly kind: 'read';
  run(deps: D, scope: Scope, input: Static<I>): Promise<Static<O> | PreparedJson<Static<O>>>;
}

/**
 * An operation that changes something: `run` is one transaction (D18) and must reach the outside only
 * through its scope, as it may run again after a conflict. Slow work before the transaction, such as
 * hashing a password, goes in `prepare`.
 */
export interface WriteOperation<D, I extends TObject, O extends TSchema, P> extends Common<I, O> {
  readonly kind: 'write';
  /** Top-level fields of the output that are never stored for an idempotent replay, which answers `null` there (I3). */
  readonly secretOutput?: readonly string[];
  /** What each call that succeeds adds one to in the usage of the tenant; a repeated call does not. */
  readonly counts?: Exclude<UsageCounter, 'activeUsers'>;
  prepare?(deps: D, scope: Scope, input: Static<I>): Promise<P>;
  run(deps: D, scope: WriteScope, input: Static<I>, prepared: P): Promise<Static<O>>;
}

export function readOperation<D, I extends TObject, O extends TSchema>(
  operation: Omit<ReadOperation<D, I, O>, 'kind'>,
): ReadOperation<D, I, O> {
  return { ...operation, kind: 'read' };
}

export function writeOperation<D, I extends TObject, O extends TSchema, P = undefined>(
  operation: Omit<WriteOperation<D, I, O, P>, 'kind'>,
): WriteOperation<D, I, O, P> {
  return { ...operation, kind: 'write' };
}

/** An operation with its dependencies in place, as a transport holds it. */
export interface BoundOperation {
  readonly name: string;
  readonly summary: string;
  readonly access: Access;
  readonly keyScope: KeyScope | null;
  readonly counts: Exclude<UsageCounter, 'activeUsers'> | null;
  readonly kind: 'read' | 'write';
  readonly input: TObject;
  readonly output: TSchema;
  readonly secretOutput: readonly string[];
  readonly prepare: ((scope: Scope, input: unknown) => Promise<unknown>) | undefined;
  readonly run: (scope: WriteScope, input: unknown, prepared: unknown) => Promise<unknown>;
}

// Method syntax in the interfaces above keeps the parameters bivariant, so that binding forgets them safely:
// the executor validates the input against `input` before `run` sees it.
export function bindOperation<D, I extends TObject, O extends TSchema, P>(
  operation: ReadOperation<D, I, O> | WriteOperation<D, I, O, P>,
  deps: D,
): BoundOperation {
  const { name, summary, access, keyScope = null, kind, input, output } = operation;
  const opensToKeys = access !== 'anyone' && access !== 'user';
  if (opensToKeys !== (keyScope !== null)) {
    throw new Error(`operation ${name}: a keyScope belongs to what a secret key may do, and to that alone`);
  }
  const counts = (operation.kind === 'write' ? operation.counts : undefined) ?? null;
  const common = { name, summary, access, keyScope, counts, kind, input, output };
  if (operation.kind === 'read') {
    return {
      ...common,
      secretOutput: [],
      prepare: undefined,
      run: (scope, value) => operation.run(deps, scope, value as Static<I>),
    };
  }
  const { prepare } = operation;
  return {
    ...common,
    secretOutput: operation.secretOutput ?? [],
    prepare: prepare && ((scope, value) => prepare.call(operation, deps, scope, value as Static<I>)),
    run: (scope, value, prepared) => operation.run(deps, scope, value as Static<I>, prepared as P),
  };
}
