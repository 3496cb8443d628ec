import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type NovaError, platformErrors } from '../../platform/errors/index.js';
import { newTraceContext } from '../../platform/telemetry/index.js';
import { PROBLEM_MEDIA_TYPE, problemOf } from './problem.js';

interface ConnectionError extends Error {
  readonly code?: string;
}

/** What Node keeps on a socket while it writes an answer; not part of its types. */
interface AnsweringSocket extends Socket {
  readonly _httpMessage?: { readonly _headerSent?: boolean } | null;
}

/**
 * Answers what Node's HTTP parser refuses before there is a request: written by hand to the socket, which is
 * then closed. A socket that already carries an answer is only closed: a second one would corrupt it.
 */
export function answerConnectionError(error: ConnectionError, socket: AnsweringSocket): void {
  if (error.code === 'ECONNRESET' || !socket.writable || socket._httpMessage?._headerSent === true) {
    socket.destroy();
    return;
  }
  const nova = novaErrorOfConnection(error);
  const requestId = newTraceContext().traceId;
  const body = JSON.stringify(problemOf(nova, requestId));
  socket.end(
    [
      `HTTP/1.1 ${nova.kind.status} ${STATUS_CODES[nova.kind.status]}`,
      `content-type: ${PROBLEM_MEDIA_TYPE}`,
      `content-length: ${Buffer.byteLength(body)}`,
      `x-request-id: ${requestId}`,
      'cache-control: no-store',
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

function novaErrorOfConnection({ code }: ConnectionError): NovaError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return platformErrors.headers_too_large();
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return platformErrors.payload_too_large();
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return platformErrors.request_timeout();
    default:
      return platformErrors.invalid_request({ detail: 'this is not valid HTTP/1.1' });
  }
}

/** What RFC 9110 wants refused of a request that the parser has let pass: no `Host`, an unknown `Expect`. */
export function headerRefusal({ httpVersion, headers }: IncomingMessage): NovaError | undefined {
  // HTTP/1.0 knows neither.
  if (httpVersion !== '1.1') return undefined;
  if (headers.host === undefined) return platformErrors.invalid_request({ detail: 'HTTP/1.1 needs a Host header' });
  if (headers.expect === undefined || headers.expect.toLowerCase() === '100-continue') return undefined;
  return platformErrors.expectation_failed();
}
