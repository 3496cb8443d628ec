export type { TokenProvider } from './credentials.js';
export { type ClientErrorCode, type ErrorCode, type InputProblem, isNovaError, NovaError } from './errors.js';
export type { NovaApi } from './generated/api.js';
export type { ServerErrorCode } from './generated/error-codes.js';
export type * from './generated/types.js';
export { bindDomain, bindOperation } from './methods.js';
export { createNova, type Nova, type NovaOptions } from './nova.js';
export type {
  Answer,
  CallOptions,
  ItemOf,
  Method,
  Operation,
  Page,
  PagedMethod,
  PagedOperation,
  PageOptions,
} from './operation.js';
export type { RetryPolicy } from './retry.js';
export type { NovaSession, SessionEvent, SignOutReason } from './session.js';
export {
  createLocalStore,
  createMemoryStore,
  type KeyValueStorage,
  type SessionStore,
  type StoredSession,
} from './session-store.js';
export { createTransport, type Transport, type TransportOptions } from './transport.js';
