import { DeadlinePassed } from './deadline.js';
import { errorOfProblem, NovaError } from './errors.js';
import type { Problem } from './generated/schemas.js';
import type { Answer } from './operation.js';
import { parseRetryAfter } from './retry.js';
import type { Known } from './revalidation.js';

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Statuses of proxies that mean "not now"; of Nova's own answers the problem says whether a retry can help. */
const NOT_NOW: readonly number[] = [408, 425, 429, 502, 503, 504];

/**
 * One request and its answer.
 *
 * @param known what the request asks to be confirmed, with `If-None-Match`
 * @throws NovaError for anything but a success; the signal's reason when that aborts, except for a deadline
 */
export async function attempt(
  fetch: Fetch,
  url: string,
  init: RequestInit & { signal: AbortSignal },
  known: Known | undefined,
): Promise<Omit<Answer<unknown>, 'attempts'>> {
  const { response, text } = await exchange(fetch, url, init);
  const { status, headers } = response;
  const isUnchanged = status === 304 && known !== undefined;
  if (!response.ok && !isUnchanged) throw errorOf(status, headers, text);
  return {
    data: isUnchanged ? known.data : status === 204 ? undefined : parse(status, headers, text),
    status,
    requestId: headers.get('x-request-id'),
    etag: headers.get('etag'),
    replayed: headers.get('idempotency-replayed') === 'true',
    headers,
  };
}

async function exchange(fetch: Fetch, url: string, init: RequestInit & { signal: AbortSignal }) {
  try {
    const response = await fetch(url, init);
    return { response, text: await response.text() };
  } catch (error) {
    const { signal } = init;
    if (signal.aborted && !(signal.reason instanceof DeadlinePassed)) throw signal.reason;
    const code = signal.aborted ? 'client_timeout' : 'connection_failed';
    const what = signal.aborted ? `no whole answer: ${signal.reason.message}` : 'no whole answer';
    throw new NovaError(code, `${code}: ${what} (${init.method} ${url})`, { retryable: true, cause: error });
  }
}

function parse(status: number, headers: Headers, text: string): unknown {
  try {
    if (isJson(headers)) return JSON.parse(text);
  } catch (cause) {
    throw strange(status, headers, 'JSON that cannot be parsed', cause);
  }
  throw strange(status, headers, headers.get('content-type') ?? 'something without a content type');
}

function errorOf(status: number, headers: Headers, text: string): NovaError {
  const retryAfterMs = parseRetryAfter(headers.get('retry-after'));
  const problem = isJson(headers) ? problemOf(text) : undefined;
  if (problem !== undefined) return errorOfProblem(problem, retryAfterMs);
  const message = `invalid_response: status ${status} with ${headers.get('content-type') ?? 'nothing'}, not a problem of Nova`;
  const retryable = NOT_NOW.includes(status);
  return new NovaError('invalid_response', message, {
    status,
    retryable,
    retryAfterMs,
    requestId: headers.get('x-request-id'),
  });
}

function strange(status: number, headers: Headers, what: string, cause?: unknown): NovaError {
  const message = `invalid_response: status ${status} with ${what}`;
  return new NovaError('invalid_response', message, {
    status,
    retryable: true,
    requestId: headers.get('x-request-id'),
    cause,
  });
}

function isJson(headers: Headers): boolean {
  return /^application\/(problem\+)?json\b/i.test(headers.get('content-type') ?? '');
}

/** undefined for JSON that is something else. */
function problemOf(text: string): Problem | undefined {
  try {
    const value = JSON.parse(text) as Partial<Problem> | null;
    const isProblem =
      typeof value?.code === 'string' && typeof value.status === 'number' && typeof value.retryable === 'boolean';
    return isProblem ? (value as Problem) : undefined;
  } catch {
    return undefined;
  }
}
