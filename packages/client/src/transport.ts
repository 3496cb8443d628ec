import { attempt, type Fetch } from './attempt.js';
import { type Credentials, createCredentials, type TokenProvider } from './credentials.js';
import { DeadlinePassed, pause, startDeadline } from './deadline.js';
import { isNovaError, NovaError } from './errors.js';
import { createLimiter } from './limiter.js';
import type { Answer, CallOptions, Operation } from './operation.js';
import { type PreparedRequest, prepareRequest } from './request.js';
import { DEFAULT_RETRY, delayBefore, type RetryPolicy } from './retry.js';
import { createRevalidation, type Known } from './revalidation.js';

export interface TransportOptions {
  /** Where Nova is: `https://nova.example.org`. */
  readonly baseUrl: string | URL;
  /** Names the tenant, `nova_pk_...`; without any key the default tenant is meant. */
  readonly publishableKey?: string | undefined;
  /** Session token of a user, secret key of a backend, or where to get one. */
  readonly token?: TokenProvider | undefined;
  /** Longest time for one call with all its attempts, in ms. @default 30000 */
  readonly deadlineMs?: number | undefined;
  /** Longest time for one attempt, in ms. @default 10000 */
  readonly attemptMs?: number | undefined;
  readonly retry?: Partial<RetryPolicy> | undefined;
  /** Requests under way at once; more wait. @default 16 */
  readonly maxConcurrent?: number | undefined;
  /** Calls that may wait for their turn. @default 1000 */
  readonly maxWaiting?: number | undefined;
  /** Answers of reads to keep, so that the server only says when they have not changed. @default 0 */
  readonly revalidate?: number | undefined;
  /** W3C trace context for calls that bring none. */
  readonly traceparent?: (() => string | undefined) | undefined;
  /** Instead of the global one. */
  readonly fetch?: Fetch | undefined;
}

/** Carries calls to the server; the only place where they are repeated. */
export interface Transport {
  /** @throws NovaError; the reason of `options.signal` when that ends the call */
  call<I extends object, O>(operation: Operation<I, O>, input: I, options?: CallOptions): Promise<Answer<O>>;
}

const DEADLINE_MS = 30_000;
const ATTEMPT_MS = 10_000;
const MAX_CONCURRENT = 16;
const MAX_WAITING = 1_000;

export function createTransport(options: TransportOptions): Transport {
  const baseUrl = String(options.baseUrl).replace(/\/+$/, '');
  if (!/^https?:\/\/[^/]/.test(baseUrl)) throw new TypeError(`baseUrl is ${baseUrl}: an http address is needed`);
  const credentials = createCredentials(options.token);
  const limiter = createLimiter(options.maxConcurrent ?? MAX_CONCURRENT, options.maxWaiting ?? MAX_WAITING);
  const revalidation = createRevalidation(options.revalidate ?? 0);
  const policy: RetryPolicy = { ...DEFAULT_RETRY, ...options.retry };
  const attemptMs = options.attemptMs ?? ATTEMPT_MS;
  // Bound late and called without a receiver: browsers refuse `fetch` as a method of something else.
  const fetch: Fetch = options.fetch ?? ((url, init) => globalThis.fetch(url, init));

  const send = async (url: string, init: RequestInit, known: Known | undefined, signal: AbortSignal) => {
    const leave = await limiter.enter(signal);
    const limit = startDeadline(attemptMs, signal);
    try {
      return await attempt(fetch, url, { ...init, signal: limit.signal }, known);
    } finally {
      limit.end();
      leave();
    }
  };

  return {
    async call<I extends object, O>(operation: Operation<I, O>, input: I, call: CallOptions = {}) {
      const request = prepareRequest(baseUrl, operation, input);
      const deadlineMs = call.deadlineMs ?? options.deadlineMs ?? DEADLINE_MS;
      const endsAt = Date.now() + deadlineMs;
      const deadline = startDeadline(deadlineMs, call.signal);
      const { signal } = deadline;
      const isRead = operation.method === 'GET';
      const key = operation.takesIdempotencyKey ? (call.idempotencyKey ?? randomKey()) : undefined;
      const isRepeatable = isRead || key !== undefined;
      const bearer = createBearer(credentials, call.token);
      let last: unknown;
      try {
        for (let attempts = 1; ; attempts += 1) {
          try {
            const authorization = await within(signal, bearer.header());
            const known = isRead ? revalidation.known(request.url, authorization) : undefined;
            const init = initOf(operation, request, {
              'x-nova-key': options.publishableKey,
              'idempotency-key': key,
              'if-none-match': known?.etag,
              traceparent: call.traceparent ?? options.traceparent?.(),
              authorization,
            });
            const answer = await send(request.url, init, known, signal);
            const { etag, data } = answer;
            if (isRead && etag !== null) revalidation.remember(request.url, authorization, { etag, data });
            return { ...answer, attempts } as Answer<O>;
          } catch (error) {
            if (signal.aborted) throw error;
            last = error;
            // Once a call, and no waste of an attempt: the server has done nothing yet.
            if (isNovaError(error, 'unauthenticated') && (await within(signal, bearer.refresh()))) {
              attempts -= 1;
              continue;
            }
            if (!isNovaError(error) || !error.retryable || !isRepeatable || attempts >= policy.maxAttempts) throw error;
            const delay = delayBefore(attempts, error.retryAfterMs, policy);
            // Nobody is served by an answer that comes too late; the error says how long to wait.
            if (Date.now() + delay >= endsAt) throw error;
            await pause(delay, signal);
          }
        }
      } catch (error) {
        if (!signal.aborted) throw error;
        if (!(signal.reason instanceof DeadlinePassed)) throw signal.reason;
        const message = `client_timeout: ${operation.id} had no answer within ${deadlineMs} ms`;
        throw new NovaError('client_timeout', message, { retryable: true, cause: last ?? error });
      } finally {
        deadline.end();
      }
    },
  };
}

/** 128 bits. Not `randomUUID`, which browsers offer to pages from https only. */
function randomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function initOf(
  { method }: Pick<Operation<never, unknown>, 'method'>,
  { headers, body }: PreparedRequest,
  more: Readonly<Record<string, string | undefined>>,
): RequestInit {
  const given = Object.entries(more).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    method,
    headers: { accept: 'application/json', ...headers, ...Object.fromEntries(given) },
    ...(body === undefined ? {} : { body }),
    // Callers show tokens, never cookies; and a token is for this server only.
    credentials: 'omit',
    redirect: 'error',
  };
}

/** The token of one call. `given` is the caller's own, which nobody can refresh. */
function createBearer(credentials: Credentials, given: string | null | undefined) {
  let token: string | null | undefined = given;
  let mayRefresh = given === undefined;
  return {
    async header(): Promise<string | undefined> {
      if (token === undefined) token = await credentials.current();
      return token === null ? undefined : `Bearer ${token}`;
    },
    /** @returns whether there is another token to try */
    async refresh(): Promise<boolean> {
      if (!mayRefresh || typeof token !== 'string') return false;
      mayRefresh = false;
      const fresh = await credentials.refresh(token);
      if (fresh === null) return false;
      token = fresh;
      return true;
    },
  };
}

/** Stops waiting when the signal aborts; for what cannot be stopped itself. */
async function within<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  if (signal.aborted) throw signal.reason;
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
  }
}
