import type { FastifyError } from 'fastify';
import { NovaError, type Problem, platformErrors } from '../../platform/errors/index.js';

/** RFC 9457. */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json; charset=utf-8';

/** The body of every answer that tells of an error. */
export interface ProblemDetails {
  /** Reference to the page that explains the code. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  /** Stable name of the error: what a program tests. */
  readonly code: string;
  /** The id to name when asking for help; the same in logs and traces. */
  readonly requestId: string;
  /** Whether the same call may succeed later without a change by the caller. */
  readonly retryable: boolean;
  readonly problems?: readonly Problem[];
}

/** Renders an error for the caller: what the catalogue and the thrower meant to be seen, nothing else. */
export function problemOf(error: NovaError, requestId: string): ProblemDetails {
  const { code, kind, detail, problems } = error;
  return {
    type: `/docs/errors#${code}`,
    title: kind.title,
    status: kind.status,
    ...(detail === undefined ? {} : { detail }),
    code,
    requestId,
    retryable: kind.retryable,
    ...(problems.length === 0 ? {} : { problems }),
  };
}

/** `Retry-After` in whole seconds, rounded up so that nobody comes back too early. */
export function retryAfterSeconds(retryAfterMs: number): string {
  return String(Math.max(1, Math.ceil(retryAfterMs / 1000)));
}

/** The error of the catalogue for whatever was thrown: Fastify's own are translated, the unknown is `internal`. */
export function novaErrorOf(error: unknown): NovaError {
  if (error instanceof NovaError) return error;
  if (!(error instanceof Error)) return platformErrors.internal({ cause: error });
  const { code, statusCode } = error as Partial<FastifyError>;
  return ofFastifyCode(code) ?? ofClientStatus(statusCode, error) ?? platformErrors.internal({ cause: error });
}

function ofFastifyCode(code: string | undefined): NovaError | undefined {
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return platformErrors.payload_too_large();
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return platformErrors.unsupported_media_type();
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return platformErrors.invalid_request({ detail: 'the body is shorter or longer than Content-Length says' });
    case 'FST_ERR_BAD_URL':
      return platformErrors.invalid_request({ detail: 'the path is not valid percent-encoded UTF-8' });
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return platformErrors.invalid_request({ detail: 'a segment of the path is too long' });
    case 'FST_ERR_NOT_FOUND':
      return platformErrors.not_found();
    default:
      return undefined;
  }
}

/** Errors of plugins carry a status only; of those, the ones that blame the caller are told, without their text. */
function ofClientStatus(status: number | undefined, cause: Error): NovaError | undefined {
  switch (status) {
    case 400:
      return platformErrors.invalid_request({ cause });
    case 403:
      return platformErrors.forbidden({ cause });
    case 404:
      return platformErrors.not_found({ cause });
    case 405:
      return platformErrors.method_not_allowed({ cause });
    case 408:
      return platformErrors.request_timeout({ cause });
    case 413:
      return platformErrors.payload_too_large({ cause });
    case 415:
      return platformErrors.unsupported_media_type({ cause });
    default:
      return undefined;
  }
}
