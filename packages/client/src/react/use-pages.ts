import { useMemo, useSyncExternalStore } from 'react';
import type { ItemOf, Page, PagedMethod } from '../operation.js';
import type { LoadedPages } from './cache.js';
import { loading, neverChanges, nothing, type Snapshot, type Source } from './entry.js';
import { useSurroundings } from './provider.js';
import { call } from './use-operation.js';

export interface UsedPages<P extends Page<unknown>> {
  /** The items of all pages that were loaded. */
  readonly items: readonly ItemOf<P>[];
  /** Why the last attempt has failed; `cursor_expired` when the list must begin anew, with `refresh`. */
  readonly error: Error | null;
  readonly isLoading: boolean;
  /** Whether there is another page. */
  readonly hasMore: boolean;
  /** Adds the next page; does nothing while something is loading. Never rejects: `error` tells. */
  loadMore(): Promise<void>;
  /** Fetches again what was loaded, from the first page on. */
  refresh(): Promise<void>;
}

type WithoutCursor<I> = Omit<I, 'cursor'> & { readonly cursor?: undefined };

/**
 * A list that grows page by page.
 *
 * @param input null to ask for nothing yet
 */
export function usePages<I extends object, P extends Page<unknown>>(
  method: PagedMethod<I, P>,
  input: WithoutCursor<I> | null,
): UsedPages<P> {
  const { cache } = useSurroundings();
  const entry = input === null ? null : cache.entry('pages', method, input, sourceOf(method, input));
  const snapshot = useSyncExternalStore<Snapshot<LoadedPages<P>>>(
    entry?.subscribe ?? neverChanges,
    entry?.snapshot ?? nothing,
    entry === null ? nothing : loading,
  );
  return useMemo(() => {
    const { data, error, isLoading } = snapshot;
    return {
      items: (data?.pages ?? []).flatMap(({ items }) => items as readonly ItemOf<P>[]),
      error,
      isLoading,
      hasMore: (data?.pages.at(-1)?.nextCursor ?? null) !== null,
      loadMore: () => entry?.extend() ?? Promise.resolve(),
      refresh: () => entry?.refresh() ?? Promise.resolve(),
    };
  }, [snapshot, entry]);
}

function sourceOf<I extends object, P extends Page<unknown>>(
  method: PagedMethod<I, P>,
  input: WithoutCursor<I>,
): Source<LoadedPages<P>> {
  const pageAt = (cursor: string | undefined, signal: AbortSignal): Promise<P> =>
    call(method, { ...input, cursor } as unknown as I, { signal });
  return {
    async load(signal, before) {
      const pages = [await pageAt(undefined, signal)];
      for (let cursor = nextOf(pages); cursor !== undefined; cursor = nextOf(pages)) {
        if (pages.length >= (before?.pages.length ?? 1)) break;
        pages.push(await pageAt(cursor, signal));
      }
      return { pages };
    },
    async extend(signal, { pages }) {
      const cursor = nextOf(pages);
      return cursor === undefined ? { pages } : { pages: [...pages, await pageAt(cursor, signal)] };
    },
  };
}

function nextOf(pages: readonly Page<unknown>[]): string | undefined {
  return pages.at(-1)?.nextCursor ?? undefined;
}
