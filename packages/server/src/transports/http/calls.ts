import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { NovaError, platformErrors } from '../../platform/errors/index.js';
import type { Call, Plan, Principal } from '../../platform/operation/index.js';
import { addressKey } from '../../platform/rate-limit/index.js';
import type { Logger } from '../../platform/telemetry/index.js';
import { type Authenticate, credentialsOf } from './credentials.js';
import { HttpCall, remoteAddressOf } from './http-call.js';
import { createQuotaGate, type QuotaDeps, tellLimit } from './quota-gate.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before a handler of a scope with `openCalls` runs. */
    call: HttpCall | null;
    /** When the request arrived, on the `performance.now()` clock. */
    startedAt: number;
  }
}

export interface CallDeps extends QuotaDeps {
  readonly log: Logger;
  readonly authenticate: Authenticate;
  /** From the arrival of a request to the deadline of its work, finding out who calls included. */
  readonly requestTimeoutMs: number;
  /** Requests under way in this scope, beyond which further ones are refused at once (I10, I11). */
  readonly maxInFlight?: number;
}

/** Far more than the database takes at a time: what is over it would only wait for its deadline. */
const MAX_IN_FLIGHT = 4096;
const RETRY_WHEN_OVERLOADED_MS = 1000;

/** Wrong credentials count against the address that sends them, as if it were on this plan. */
const PLAN_OF_STRANGERS: Plan = 'free';

/**
 * From here on, every request to `server` (a scope of the HTTP server) is authenticated, counted against its rate
 * limit and given a `Call`, before its body is read. Handlers take it with `callOf`.
 */
export function openCalls(server: FastifyInstance, deps: CallDeps): void {
  const { log, authenticate, rateLimiter, metrics, requestTimeoutMs, maxInFlight = MAX_IN_FLIGHT } = deps;
  const quotas = createQuotaGate(deps);
  let inFlight = 0;
  const leave = (): void => {
    inFlight -= 1;
  };

  server.addHook('onRequest', async (request, reply) => {
    if (inFlight >= maxInFlight) throw platformErrors.overloaded({ retryAfterMs: RETRY_WHEN_OVERLOADED_MS });
    inFlight += 1;
    reply.raw.on('close', leave);
    const principal = await authenticateOrCount(request, reply);
    quotas.begin(request, reply, principal);
    // Whole ms: most callers have waited for none, and so the timers of their calls share one list of Node.
    const waitedMs = Math.floor(performance.now() - request.startedAt);
    request.call = new HttpCall(request, reply, {
      principal,
      log,
      startedAt: request.startedAt + waitedMs,
      timeoutMs: requestTimeoutMs - waitedMs,
      countCall: () => quotas.countCall(request, reply, principal),
    });
  });

  /** Look-ups of a key, of revocations and of a session follow one another, each with a time of its own. */
  async function withinTime<T>(work: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const expired = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(platformErrors.deadline_exceeded()), requestTimeoutMs);
    });
    try {
      return await Promise.race([work, expired]);
    } finally {
      clearTimeout(timer);
    }
  }

  async function authenticateOrCount(request: FastifyRequest, reply: FastifyReply): Promise<Principal> {
    try {
      return await withinTime(authenticate(credentialsOf(request.headers)));
    } catch (error) {
      if (error instanceof NovaError && error.kind.status === 401) {
        const limit = rateLimiter.take(`stranger:${addressKey(remoteAddressOf(request))}`, PLAN_OF_STRANGERS);
        tellLimit(reply, limit);
        if (limit?.allowed === false) {
          metrics?.recordRateLimited(PLAN_OF_STRANGERS, 'stranger');
          throw platformErrors.rate_limited({ retryAfterMs: limit.retryAfterMs });
        }
      }
      throw error;
    }
  }
}

/** The call of a request in a scope with `openCalls`. */
export function callOf(request: FastifyRequest): Call {
  return httpCallOf(request);
}

/** For a request that asks for several things: counts one more of them, or throws `rate_limited`. */
export function countFurtherCall(request: FastifyRequest): void {
  httpCallOf(request).countCall();
}

function httpCallOf({ call }: FastifyRequest): HttpCall {
  if (call === null) throw new Error('this route is outside of the scope that opens calls');
  return call;
}
