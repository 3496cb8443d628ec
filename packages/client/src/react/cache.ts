import type { ItemOf, Method, Page, PagedMethod } from '../operation.js';
import { Entry, type Source } from './entry.js';

/** What `usePages` keeps: the pages that were loaded, in order. */
export interface LoadedPages<P> {
  readonly pages: readonly P[];
}

type AnyMethod = Method<never, unknown>;
type Kind = 'one' | 'pages';

/** A change that is shown ahead. */
export interface ShownChange {
  readonly keep: () => void;
  readonly undo: () => void;
}

/** Entries that nobody looks at are kept up to this number, the ones used last. */
const MAX_UNWATCHED = 500;

/** The answers that the components below one provider share. */
export class Cache {
  readonly #entries = new Map<string, { readonly kind: Kind; readonly id: string; readonly entry: Entry<unknown> }>();

  /** The entry of a method and an input; the same for all who ask for that. */
  entry<T>(
    kind: Kind,
    { operation }: { readonly operation: { readonly id: string } },
    input: object,
    source: Source<T>,
  ): Entry<T> {
    const key = keyOf(kind, operation.id, input);
    const known = this.#entries.get(key);
    const found = known ?? { kind, id: operation.id, entry: new Entry(source as Source<unknown>) };
    // Moved to the end: the first are those that have not been used for the longest time.
    this.#entries.delete(key);
    this.#entries.set(key, found);
    if (known === undefined) this.#trim(found.entry);
    return found.entry as Entry<T>;
  }

  /** Marks all answers of a method as out of date. */
  invalidate(method: { readonly operation: { readonly id: string } }): void {
    for (const { id, entry } of this.#entries.values()) if (id === method.operation.id) entry.invalidate();
  }

  /** Forgets everything, and loads again what is looked at. */
  reset(): void {
    for (const [key, { entry }] of [...this.#entries]) {
      if (!entry.isWatched) this.#entries.delete(key);
      entry.reset();
    }
  }

  /** Changes the answers of a method: for one input, or for all when it is null. */
  change(method: AnyMethod, input: object | null, apply: (data: never) => unknown): ShownChange[] {
    const key = input === null ? null : keyOf('one', method.operation.id, input);
    return [...this.#entries]
      .filter(([at, { kind, id }]) => kind === 'one' && (key === null ? id === method.operation.id : at === key))
      .map(([, { entry }]) => entry.change(apply as (data: unknown) => unknown));
  }

  /** Changes the items in all lists of a method; `null` takes an item out. */
  changeItems<I, P extends Page<unknown>>(
    method: PagedMethod<I, P>,
    apply: (item: ItemOf<P>) => ItemOf<P> | null,
  ): ShownChange[] {
    const inPage = (page: P): P => ({
      ...page,
      items: page.items.map((item) => apply(item as ItemOf<P>)).filter((item) => item !== null),
    });
    return [...this.#entries.values()]
      .filter(({ id }) => id === method.operation.id)
      .map(({ kind, entry }) =>
        kind === 'one'
          ? (entry as Entry<P>).change(inPage)
          : (entry as Entry<LoadedPages<P>>).change(({ pages }) => ({ pages: pages.map(inPage) })),
      );
  }

  #trim(newcomer: Entry<unknown>): void {
    const unwatched = [...this.#entries].filter(([, { entry }]) => !entry.isWatched && entry !== newcomer);
    for (const [key] of unwatched.slice(0, Math.max(0, unwatched.length - MAX_UNWATCHED))) this.#entries.delete(key);
  }
}

/** The order of fields makes no other input, nor does a field that is undefined. */
function keyOf(kind: Kind, id: string, input: object): string {
  return `${kind} ${id} ${JSON.stringify(input, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )}`;
}
