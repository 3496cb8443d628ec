import type { Plan, Quotas, Tenant } from '../operation/index.js';

/** Why a request may not begin now. */
export type Refusal = 'tenant_concurrency' | 'caller_concurrency' | 'fair_share';

/** Bounds on what is under way in this process: of a caller, of a tenant, and between tenants (R12). */
export interface Admission {
  /**
   * Lets a request begin: `leave` is to be called once with the same arguments. Otherwise says why not, and nothing was
   * counted.
   * @param at on a monotonic clock in ms
   */
  enter(tenant: Tenant, callerKey: string, at: number): Refusal | null;
  leave(tenant: Tenant, callerKey: string): void;
  /** Tenants with the most requests under way, the busiest first. */
  busiest(count: number): { readonly tenantId: string; readonly inFlight: number }[];
}

export type ConcurrencyByPlan = Readonly<Record<Plan, Pick<Quotas, 'tenantConcurrency' | 'callerConcurrency'>>>;

export interface AdmissionOptions {
  readonly plans: ConcurrencyByPlan;
  /** Requests under way in the process from which on tenants share it evenly. */
  readonly capacity: number;
}

/** A tenant that was quiet for so long leaves its share to the others. */
const ACTIVE_MS = 10_000;
/** Looking through the tenants costs, so it is done no more often. */
const SWEEP_MS = 1_000;

interface Presence {
  inFlight: number;
  lastAt: number;
}

/**
 * Up to the capacity everybody is let in. At it, a tenant that has its share under way, the capacity divided by the
 * tenants that were active lately, has to wait until there is room; one below its share is let in all the same. So a
 * flood of one tenant keeps no more than the capacity under way while there are neighbours, and none of theirs waits
 * behind it; what is not used is not kept free. A tenant alone is bounded by its own quotas only.
 */
export function createAdmission({ plans, capacity }: AdmissionOptions): Admission {
  const tenants = new Map<string, Presence>();
  const callers = new Map<string, number>();
  let inFlight = 0;
  let sweptAt = Number.NEGATIVE_INFINITY;

  function sweep(at: number): void {
    if (at - sweptAt < SWEEP_MS) return;
    sweptAt = at;
    for (const [tenantId, presence] of tenants) {
      if (presence.inFlight === 0 && at - presence.lastAt >= ACTIVE_MS) tenants.delete(tenantId);
    }
  }

  return {
    enter(tenant, callerKey, at) {
      sweep(at);
      let presence = tenants.get(tenant.id);
      if (presence === undefined) {
        presence = { inFlight: 0, lastAt: at };
        tenants.set(tenant.id, presence);
      }
      presence.lastAt = at;
      const { tenantConcurrency, callerConcurrency } = plans[tenant.plan];
      const ofCaller = callers.get(callerKey) ?? 0;
      if (ofCaller >= (tenant.quotas?.callerConcurrency ?? callerConcurrency)) return 'caller_concurrency';
      if (presence.inFlight >= (tenant.quotas?.tenantConcurrency ?? tenantConcurrency)) return 'tenant_concurrency';
      const share = Math.max(Math.floor(capacity / tenants.size), 1);
      if (inFlight >= capacity && tenants.size > 1 && presence.inFlight >= share) return 'fair_share';
      callers.set(callerKey, ofCaller + 1);
      presence.inFlight += 1;
      inFlight += 1;
      return null;
    },
    leave(tenant, callerKey) {
      const ofCaller = callers.get(callerKey) ?? 0;
      if (ofCaller > 1) callers.set(callerKey, ofCaller - 1);
      else callers.delete(callerKey);
      const presence = tenants.get(tenant.id);
      if (presence !== undefined) presence.inFlight -= 1;
      inFlight -= 1;
    },
    busiest: (count) =>
      Array.from(tenants, ([tenantId, presence]) => ({ tenantId, inFlight: presence.inFlight }))
        .sort((a, b) => b.inFlight - a.inFlight)
        .slice(0, count),
  };
}
