import { NovaError } from './errors.js';
import type { CallOptions, ItemOf, Page, PagedOperation, PageOptions } from './operation.js';
import type { Transport } from './transport.js';

/**
 * The pages of a list from `input.cursor` on, each fetched when it is asked for, so that no more than one is held.
 * `maxItems` cuts the last one short.
 *
 * @throws NovaError `cursor_expired` or `invalid_cursor` when the server no longer goes on from where the list was
 */
export async function* pagesOf<I extends object, P extends Page<unknown>>(
  transport: Transport,
  operation: PagedOperation<I, P>,
  input: I,
  { maxItems = Number.POSITIVE_INFINITY, ...options }: PageOptions = {},
): AsyncGenerator<P, void, undefined> {
  let left = maxItems;
  let cursor: string | null | undefined = (input as { readonly cursor?: string }).cursor;
  while (left > 0) {
    const page: P = await pageAt(transport, operation, { ...input, cursor }, options);
    yield page.items.length > left ? { ...page, items: page.items.slice(0, left) } : page;
    left -= page.items.length;
    if (page.nextCursor === null) return;
    if (page.nextCursor === cursor) throw strange(operation.id, 'the same cursor again: the list would never end');
    cursor = page.nextCursor;
  }
}

/** The items of those pages. */
export async function* itemsOf<I extends object, P extends Page<unknown>>(
  transport: Transport,
  operation: PagedOperation<I, P>,
  input: I,
  options?: PageOptions,
): AsyncGenerator<ItemOf<P>, void, undefined> {
  for await (const { items } of pagesOf(transport, operation, input, options)) yield* items as Iterable<ItemOf<P>>;
}

async function pageAt<I extends object, P extends Page<unknown>>(
  transport: Transport,
  operation: PagedOperation<I, P>,
  input: I,
  options: CallOptions,
): Promise<P> {
  const { data } = await transport.call(operation, input, options);
  const isPage = Array.isArray(data?.items) && (data.nextCursor === null || typeof data.nextCursor === 'string');
  if (!isPage) throw strange(operation.id, 'something that is no page');
  return data;
}

function strange(id: string, what: string): NovaError {
  return new NovaError('invalid_response', `invalid_response: ${id} answered ${what}`, { retryable: false });
}
