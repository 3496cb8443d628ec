import { defineErrors } from './nova-error.js';

/** Errors that any operation may meet, whatever its domain. */
export const platformErrors = defineErrors({
  invalid_request: { status: 400, title: 'The request is not valid', retryable: false },
  invalid_cursor: { status: 400, title: 'The cursor is not one this list has given', retryable: false },
  unauthenticated: { status: 401, title: 'Sign in, or send a valid key', retryable: false },
  forbidden: { status: 403, title: 'This caller may not do this', retryable: false },
  missing_scope: { status: 403, title: 'The secret key lacks the scope of this operation', retryable: false },
  role_required: { status: 403, title: 'This needs a role that this user does not have', retryable: false },
  not_found: { status: 404, title: 'There is no such thing, or not for this caller', retryable: false },
  method_not_allowed: { status: 405, title: 'This method is not offered here', retryable: false },
  request_timeout: { status: 408, title: 'The request did not arrive in time', retryable: true },
  idempotency_conflict: {
    status: 409,
    title: 'This Idempotency-Key was used for another request',
    retryable: false,
  },
  payload_too_large: { status: 413, title: 'The body is larger than this server takes', retryable: false },
  unsupported_media_type: { status: 415, title: 'Send application/json', retryable: false },
  expectation_failed: { status: 417, title: 'The only expectation that is met is 100-continue', retryable: false },
  rate_limited: { status: 429, title: 'Too many requests for this plan', retryable: true },
  concurrency_limited: { status: 429, title: 'Too many requests under way for this plan', retryable: true },
  headers_too_large: { status: 431, title: 'The headers are larger than this server takes', retryable: false },
  internal: { status: 500, title: 'Something went wrong on this side', retryable: true },
  unavailable: { status: 503, title: 'A part that this answer needs is not available', retryable: true },
  overloaded: { status: 503, title: 'The server is at its capacity', retryable: true },
  deadline_exceeded: { status: 503, title: 'The answer was not ready in time', retryable: true },
});
