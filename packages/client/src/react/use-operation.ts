import { useMemo, useSyncExternalStore } from 'react';
import type { Method } from '../operation.js';
import { loading, neverChanges, nothing, type Snapshot } from './entry.js';
import { useSurroundings } from './provider.js';

export interface UsedOperation<O> extends Snapshot<O> {
  /** Fetches again. Never rejects: `error` tells. */
  refresh(): Promise<void>;
}

/**
 * The answer of an operation that reads. Components that ask for the same share one request and one answer; it ends
 * when nobody looks any more.
 *
 * @param input null to ask for nothing yet
 */
export function useOperation<I extends object, O>(method: Method<I, O>, input: I | null): UsedOperation<O> {
  const { cache } = useSurroundings();
  if (method.operation.method !== 'GET') throw new TypeError(`${method.operation.id} changes something: useMutation`);
  const entry =
    input === null ? null : cache.entry<O>('one', method, input, { load: (signal) => call(method, input, { signal }) });
  const { data, error, isLoading } = useSyncExternalStore<Snapshot<O>>(
    entry?.subscribe ?? neverChanges,
    entry?.snapshot ?? nothing,
    entry === null ? nothing : loading,
  );
  return useMemo(
    () => ({ data, error, isLoading, refresh: () => entry?.refresh() ?? Promise.resolve() }),
    [data, error, isLoading, entry],
  );
}

/** Whether the input may be left out is a matter of its type, which is not known here. */
export function call<I, O>(method: Method<I, O>, input: I, options: { readonly signal: AbortSignal }): Promise<O> {
  return (method as unknown as (input: I, options: { readonly signal: AbortSignal }) => Promise<O>)(input, options);
}
