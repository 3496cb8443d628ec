/**
 * The headers that keep browsers from misusing an answer, as OWASP's REST security cheat sheet and helmet 8
 * set them, for an API: nothing in an answer may run, be framed or be sniffed. A constant table on Fastify's
 * own header map: @fastify/helmet computes the same for each request and doubled the cost of a small answer.
 */
export const SECURITY_HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  // CORS decides who may read; this would keep even allowed origins from embedding an answer.
  'cross-origin-resource-policy': 'cross-origin',
  'referrer-policy': 'no-referrer',
  // Browsers ignore it over plain HTTP.
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

/**
 * For the page of the web app: its own scripts and styles, calls to this server only, and no way from text to script.
 * Pictures and videos are where tenants keep their media, which may be anywhere on the web.
 */
export const WEB_CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "base-uri 'none'",
  "connect-src 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "img-src 'self' https:",
  'media-src https:',
  "require-trusted-types-for 'script'",
  "script-src 'self'",
  "style-src 'self'",
  "trusted-types 'none'",
].join('; ');

/** For the reference pages: their own scripts and styles, from this server only. */
export const REFERENCE_CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "base-uri 'none'",
  "connect-src 'self'",
  "font-src 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "img-src 'self' data:",
  "script-src 'self'",
  // Swagger UI writes style attributes.
  "style-src 'self' 'unsafe-inline'",
].join('; ');
