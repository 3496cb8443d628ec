import type { ReadHandle, WriteHandle } from '../db/index.js';
import { platformErrors } from '../errors/index.js';
import type { Logger } from '../telemetry/index.js';
import type { KeyScope } from './key-scopes.js';

export type Plan = 'free' | 'pro' | 'enterprise';

/** What a tenant and each of its callers may ask of one process (R12). */
export interface Quotas {
  /** Requests per minute of all callers together. */
  readonly tenantRatePerMinute: number;
  /** Requests per minute of each user, secret key, or address of visitors. */
  readonly callerRatePerMinute: number;
  /** Requests under way, of all callers together. */
  readonly tenantConcurrency: number;
  readonly callerConcurrency: number;
}

export interface Tenant {
  readonly id: string;
  readonly plan: Plan;
  /** Where the operator has set other quotas than those of the plan. */
  readonly quotas?: Partial<Quotas>;
}

/** What a user may do in the tenant: each role may all that those below it may. */
export type Role = 'owner' | 'moderator' | 'member';

/** The signed-in user on whose behalf a call is made. */
export interface Viewer {
  readonly userId: string;
  /** Null for a user who came with a token that the tenant's backend has signed. */
  readonly sessionId: string | null;
  /** As of at most a second ago (I12). */
  readonly role: Role;
}

/** Who calls: found out by the transport from keys and tokens before anything else. */
export interface Principal {
  readonly tenant: Tenant;
  readonly viewer: Viewer | null;
  /** A backend that holds the tenant's secret key. */
  readonly secret: boolean;
  /** The API key used, if any. */
  readonly keyId: string | null;
  /** What a secret key is limited to; null when it is not, and for everybody else. */
  readonly keyScopes: readonly KeyScope[] | null;
}

/** The circumstances of one call, the same for every transport. */
export interface Call {
  readonly principal: Principal;
  /** One id in logs, traces and errors (O2). */
  readonly correlationId: string;
  /** Network address of the caller, for limits on guessing. */
  readonly remoteAddress: string;
  readonly userAgent: string;
  readonly log: Logger;
  /** Aborted when the caller is gone or the deadline has passed. */
  readonly signal: AbortSignal;
  /** On the `performance.now()` clock. */
  readonly deadlineAt: number;
  /** The caller's `Idempotency-Key`, if any (I3). */
  readonly idempotencyKey: string | null;
}

/** The same call under another key: a part of it that is a call of its own. */
export function withIdempotencyKey(call: Call, idempotencyKey: string): Call {
  const { principal, correlationId, remoteAddress, userAgent, log, signal, deadlineAt } = call;
  return { principal, correlationId, remoteAddress, userAgent, log, signal, deadlineAt, idempotencyKey };
}

/** What an operation sees of its call: no other handle, no other tenant. */
export interface Scope {
  readonly tenant: Tenant;
  readonly viewer: Viewer | null;
  /** The API key used, if any. */
  readonly keyId: string | null;
  /** Of the secret key that calls; see `Principal`. */
  readonly keyScopes: readonly KeyScope[] | null;
  readonly db: ReadHandle;
  readonly remoteAddress: string;
  readonly userAgent: string;
  readonly correlationId: string;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

export interface WriteScope extends Scope {
  readonly db: WriteHandle;
}

/** The viewer of an operation with `access: 'user'`; the executor has made sure that there is one. */
export function requireViewer(scope: Scope): Viewer {
  if (scope.viewer === null) throw platformErrors.unauthenticated();
  return scope.viewer;
}
