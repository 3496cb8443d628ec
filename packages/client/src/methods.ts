import type {
  Answer,
  CallOptions,
  Method,
  Operation,
  Page,
  PagedMethod,
  PagedOperation,
  PageOptions,
} from './operation.js';
import { itemsOf, pagesOf } from './pages.js';
import type { Transport } from './transport.js';

/** The method that calls an operation over a transport. */
export function bindOperation<I, P extends Page<unknown>>(
  transport: Transport,
  operation: PagedOperation<I, P>,
): PagedMethod<I, P>;
export function bindOperation<I, O>(transport: Transport, operation: Operation<I, O>): Method<I, O>;
export function bindOperation(transport: Transport, operation: Operation<object, unknown>): Method<object, unknown> {
  const withResponse = (input: object = {}, options?: CallOptions): Promise<Answer<unknown>> =>
    transport.call(operation, input, options);
  const call = async (input?: object, options?: CallOptions) => (await withResponse(input, options)).data;
  if (!isPaged(operation)) return Object.assign(call, { operation, withResponse });
  return Object.assign(call, {
    operation,
    withResponse,
    all: (input: object = {}, options?: PageOptions) => itemsOf(transport, operation, input, options),
    pages: (input: object = {}, options?: PageOptions) => pagesOf(transport, operation, input, options),
  });
}

function isPaged(operation: Operation<object, unknown>): operation is PagedOperation<object, Page<unknown>> {
  return operation.isPaged === true;
}

type MethodOf<T> =
  T extends PagedOperation<infer I, infer P>
    ? PagedMethod<I, P>
    : T extends Operation<infer I, infer O>
      ? Method<I, O>
      : never;

export type MethodsOf<T> = { readonly [K in keyof T]: MethodOf<T[K]> };

/** The methods of a domain, by the names of its operations. */
export function bindDomain<T extends Readonly<Record<string, Operation<never, unknown>>>>(
  transport: Transport,
  operations: T,
): MethodsOf<T> {
  const bound = Object.entries(operations).map(([name, operation]) => [
    name,
    bindOperation(transport, operation as Operation<object, unknown>),
  ]);
  return Object.fromEntries(bound) as MethodsOf<T>;
}
