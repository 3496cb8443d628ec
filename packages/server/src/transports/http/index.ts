export { callOf, countFurtherCall, openCalls } from './calls.js';
export type { Authenticate } from './credentials.js';
export { type ProblemDetails, retryAfterSeconds } from './problem.js';
export { problemsOfQuery, type Query } from './query-string.js';
export { traceOf } from './request-trace.js';
export { REFERENCE_CONTENT_SECURITY_POLICY, WEB_CONTENT_SECURITY_POLICY } from './security-headers.js';
export { createHttpServer, type HttpServer, type HttpServerDeps } from './server.js';
