/** What the generated part says of an operation, and what a client makes of it. */

declare const types: unique symbol;

/** How to call an operation: made by the generator from OpenAPI. `I` and `O` are its input and its answer. */
export interface Operation<I, O> {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Fields of the input stand in braces. */
  readonly path: string;
  /** What the path does not take is the JSON body; absent, it is the query string. */
  readonly hasBody?: true;
  /** Absent for what has no effect, and for what the server does not make safe to repeat. */
  readonly takesIdempotencyKey?: true;
  /** Header by field, for fields that travel in headers. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly isPaged?: true;
  /** Never there: carries the types. */
  readonly [types]?: (input: I) => O;
}

/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** To be given as `cursor` for the next page; null on the last. */
  readonly nextCursor: string | null;
}

export interface PagedOperation<I, P extends Page<unknown>> extends Operation<I, P> {
  readonly isPaged: true;
}

export type ItemOf<P extends Page<unknown>> = P['items'][number];

/** Input of operations that take none. */
export type NoInput = { readonly [key: string]: never };

export interface CallOptions {
  /** Ends the call; it then fails with the reason of the signal. */
  readonly signal?: AbortSignal | undefined;
  /** How long the call may take with all its attempts, in ms. */
  readonly deadlineMs?: number | undefined;
  /** Own key for a write, to repeat it safely across restarts of your program; one is made for each call otherwise. */
  readonly idempotencyKey?: string | undefined;
  /** W3C trace context of whatever this call is part of. */
  readonly traceparent?: string | undefined;
  /** Instead of what the client shows: a bearer token, or `null` to call without. */
  readonly token?: string | null | undefined;
}

/** An answer with what came around it. */
export interface Answer<O> {
  readonly data: O;
  readonly status: number;
  /** The id of the request in the server's logs and traces. */
  readonly requestId: string | null;
  readonly etag: string | null;
  /** The server had done this write before, under the same key, and gave that answer again. Secrets in it are null. */
  readonly replayed: boolean;
  /** How many requests it took. */
  readonly attempts: number;
  readonly headers: Headers;
}

/** The input may be left out where nothing in it is required. */
export type Arguments<I, Options = CallOptions> =
  Record<never, never> extends I ? [input?: I, options?: Options] : [input: I, options?: Options];

/** An operation of a client, ready to be called. */
export interface Method<I, O> {
  /** @throws NovaError; the reason of `options.signal` when that ends the call */
  (...args: Arguments<I>): Promise<O>;
  /** As the call itself, with status, entity tag and request id. */
  withResponse(...args: Arguments<I>): Promise<Answer<O>>;
  readonly operation: Operation<I, O>;
}

export interface PageOptions extends CallOptions {
  /** Ends the iteration after so many items; all of them otherwise. */
  readonly maxItems?: number | undefined;
}

/** An operation that answers pages. */
export interface PagedMethod<I, P extends Page<unknown>> extends Method<I, P> {
  /** The items of all pages, one after the other; a page is fetched when the one before is used up. */
  all(...args: Arguments<I, PageOptions>): AsyncGenerator<ItemOf<P>, void, undefined>;
  /** The pages themselves, from `input.cursor` on. */
  pages(...args: Arguments<I, PageOptions>): AsyncGenerator<P, void, undefined>;
  readonly operation: PagedOperation<I, P>;
}
