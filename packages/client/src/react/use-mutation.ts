import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { CallOptions, ItemOf, Method, Page, PagedMethod } from '../operation.js';
import type { Cache, ShownChange } from './cache.js';
import { useSurroundings } from './provider.js';

/** Shows what a write is going to change. Each change is taken back when the write fails, and loaded when it is done. */
export interface Ahead {
  /** The answer that `useOperation` has for this input; null for every input. */
  change<I, O>(method: Method<I, O>, input: I | null, apply: (data: O) => O): void;
  /** The items of a list, wherever it is shown; `null` takes an item out. */
  changeItems<I, P extends Page<unknown>>(
    method: PagedMethod<I, P>,
    apply: (item: ItemOf<P>) => ItemOf<P> | null,
  ): void;
}

export interface MutationOptions<I> {
  /** Called before the write is sent. */
  readonly ahead?: (ahead: Ahead, input: I) => void;
  /** Reads whose answers the write makes out of date. */
  readonly invalidates?: readonly { readonly operation: { readonly id: string } }[];
}

export interface UsedMutation<I, O> {
  /** Sends the write. @throws what the call throws; what was shown ahead is taken back then */
  run(input: I, options?: CallOptions): Promise<O>;
  /** Whether a write of this component is under way. */
  readonly isRunning: boolean;
  /** The answer to the last write, and why it has failed. */
  readonly data: O | undefined;
  readonly error: Error | null;
}

interface State<O> {
  readonly running: number;
  readonly data: O | undefined;
  readonly error: Error | null;
}

/** An operation that changes something. It goes on when the component is gone. */
export function useMutation<I extends object, O>(
  method: Method<I, O>,
  options: MutationOptions<I> = {},
): UsedMutation<I, O> {
  const { cache } = useSurroundings();
  const [state, setState] = useState<State<O>>({ running: 0, data: undefined, error: null });
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });

  const run = useCallback(
    async (input: I, call?: CallOptions): Promise<O> => {
      const { ahead, invalidates = [] } = latest.current;
      const shown: ShownChange[] = [];
      setState(({ data, running }) => ({ data, error: null, running: running + 1 }));
      try {
        ahead?.(aheadOf(cache, shown), input);
        const send = method as unknown as (input: I, options?: CallOptions) => Promise<O>;
        const data = await send(input, call);
        for (const change of shown) change.keep();
        for (const read of invalidates) cache.invalidate(read);
        setState(({ running }) => ({ data, error: null, running: running - 1 }));
        return data;
      } catch (thrown) {
        for (const change of shown) change.undo();
        const error = thrown instanceof Error ? thrown : new Error(String(thrown));
        setState(({ data, running }) => ({ data, error, running: running - 1 }));
        throw thrown;
      }
    },
    [cache, method],
  );
  const { running, data, error } = state;
  return useMemo(() => ({ run, isRunning: running > 0, data, error }), [run, running, data, error]);
}

function aheadOf(cache: Cache, shown: ShownChange[]): Ahead {
  return {
    change(method, input, apply) {
      shown.push(
        ...cache.change(method as Method<never, unknown>, input as object | null, apply as (data: never) => unknown),
      );
    },
    changeItems(method, apply) {
      shown.push(...cache.changeItems(method, apply));
    },
  };
}
