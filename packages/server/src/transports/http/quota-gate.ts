import type { FastifyReply, FastifyRequest } from 'fastify';
import { type NovaError, platformErrors } from '../../platform/errors/index.js';
import type { Principal, Tenant } from '../../platform/operation/index.js';
import {
  type Admission,
  addressKey,
  type RateLimit,
  type RateLimiter,
  type Refusal,
} from '../../platform/rate-limit/index.js';
import type { Metrics } from '../../platform/telemetry/index.js';
import type { UsageMeter } from '../../platform/usage/index.js';
import { remoteAddressOf } from './http-call.js';

export interface QuotaDeps {
  /** Of callers: users, secret keys, addresses. */
  readonly rateLimiter: Pick<RateLimiter, 'take'>;
  /** Of tenants as a whole; absent: none. */
  readonly tenantRateLimiter?: Pick<RateLimiter, 'take'>;
  /** Of what is under way; absent: no bound but that of the process. */
  readonly admission?: Pick<Admission, 'enter' | 'leave'>;
  /** Absent: nothing is counted. */
  readonly usage?: Pick<UsageMeter, 'add' | 'active'>;
  readonly metrics?: Pick<Metrics, 'recordRateLimited' | 'recordConcurrencyLimited' | 'recordShed'>;
}

/** What under way ends soon: a second is long. */
const RETRY_WHEN_BUSY_MS = 1_000;

/** Holds the requests of a known caller against the quotas of the caller and of the tenant (R12), without a query. */
export interface QuotaGate {
  /** Before the work of a request: throws `rate_limited`, `concurrency_limited` or `overloaded`. */
  begin(request: FastifyRequest, reply: FastifyReply, principal: Principal): void;
  /** For a request that asks for several things: counts one more of them, or throws `rate_limited`. */
  countCall(request: FastifyRequest, reply: FastifyReply, principal: Principal): void;
}

export function createQuotaGate({ rateLimiter, tenantRateLimiter, admission, usage, metrics }: QuotaDeps): QuotaGate {
  function count(reply: FastifyReply, { tenant }: Principal, key: string): void {
    usage?.add(tenant.id, 'requests');
    // The caller's own first: who is refused for that uses nothing of what others share.
    const ofCaller = rateLimiter.take(key, tenant.plan, tenant.quotas?.callerRatePerMinute);
    if (ofCaller?.allowed === false) {
      metrics?.recordRateLimited(tenant.plan, 'caller');
      refuse(reply, tenant.id, ofCaller);
    }
    const ofTenant = tenantRateLimiter?.take(tenant.id, tenant.plan, tenant.quotas?.tenantRatePerMinute) ?? null;
    if (ofTenant?.allowed === false) {
      metrics?.recordRateLimited(tenant.plan, 'tenant');
      refuse(reply, tenant.id, ofTenant);
    }
    tellLimit(reply, tighter(ofCaller, ofTenant));
  }

  function refuse(reply: FastifyReply, tenantId: string, limit: RateLimit): never {
    usage?.add(tenantId, 'rejectedRequests');
    tellLimit(reply, limit);
    throw platformErrors.rate_limited({ retryAfterMs: limit.retryAfterMs });
  }

  function enter(request: FastifyRequest, reply: FastifyReply, { tenant }: Principal, key: string): void {
    if (admission === undefined) return;
    const refusal = admission.enter(tenant, key, request.startedAt);
    if (refusal !== null) throw refusalOf(refusal, tenant);
    // Who has hung up already closes nothing any more.
    if (reply.raw.destroyed) admission.leave(tenant, key);
    else reply.raw.once('close', () => admission.leave(tenant, key));
  }

  function refusalOf(refusal: Refusal, { id, plan }: Tenant): NovaError {
    usage?.add(id, 'rejectedRequests');
    switch (refusal) {
      case 'fair_share':
        metrics?.recordShed(refusal);
        return platformErrors.overloaded({
          detail: 'the server is busy, and this app has its share of it under way',
          retryAfterMs: RETRY_WHEN_BUSY_MS,
        });
      case 'tenant_concurrency':
      case 'caller_concurrency':
        metrics?.recordConcurrencyLimited(plan, refusal === 'tenant_concurrency' ? 'tenant' : 'caller');
        return platformErrors.concurrency_limited({ retryAfterMs: RETRY_WHEN_BUSY_MS });
    }
  }

  return {
    begin(request, reply, principal) {
      const key = callerKeyOf(principal, request);
      if (principal.viewer !== null) usage?.active(principal.tenant.id, principal.viewer.userId);
      count(reply, principal, key);
      enter(request, reply, principal, key);
    },
    countCall: (request, reply, principal) => count(reply, principal, callerKeyOf(principal, request)),
  };
}

/** A user has one allowance on all devices, a backend one per key; visitors of a public key one per address. */
function callerKeyOf({ tenant, viewer, secret, keyId }: Principal, request: FastifyRequest): string {
  if (viewer !== null) return `${tenant.id}:user:${viewer.userId}`;
  if (secret && keyId !== null) return `${tenant.id}:key:${keyId}`;
  return `${tenant.id}:address:${addressKey(remoteAddressOf(request))}`;
}

function tighter(ofCaller: RateLimit | null, ofTenant: RateLimit | null): RateLimit | null {
  if (ofCaller === null || ofTenant === null) return ofCaller ?? ofTenant;
  return ofTenant.remaining < ofCaller.remaining ? ofTenant : ofCaller;
}

/**
 * Tells the caller where it stands, in the three fields of draft-ietf-httpapi-ratelimit-headers-06: later drafts fold
 * them into structured fields that few clients read.
 */
export function tellLimit(reply: FastifyReply, limit: RateLimit | null): void {
  if (limit === null) return;
  reply.header('ratelimit-limit', limit.limit);
  reply.header('ratelimit-remaining', limit.remaining);
  reply.header('ratelimit-reset', limit.resetSeconds);
}
