import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import type { Principal, Tenant } from '../../platform/operation/index.js';
import { createAdmission, createRateLimiter, createUnlimitedRateLimiter } from '../../platform/rate-limit/index.js';
import { createMetrics, createSilentLogger } from '../../platform/telemetry/index.js';
import { exchange, startToyServer } from '../../testing/toy-api.js';
import { type Authenticate, openCalls } from './index.js';
import type { QuotaDeps } from './quota-gate.js';

/*
 * R12 over the wire: quotas of tenants and callers, and the share of each tenant in a busy process. Work waits at a gate
 * of the test, so that what is under way is known; nothing here depends on how fast anything is.
 *
 * Seeded bugs that turn this red: a request that ends and is still counted; a refusal that has used the tenant's rate.
 */

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const NAMES: Readonly<Record<string, Tenant>> = {
  a: { id: '01900000-0000-7000-8000-00000000000a', plan: 'pro' },
  b: { id: '01900000-0000-7000-8000-00000000000b', plan: 'pro' },
};

/** `<tenant>-<user>` as bearer token. */
const authenticate: Authenticate = async ({ bearer }) => {
  const [name = '', user = ''] = (bearer ?? '').split('-');
  const viewer = { userId: user, sessionId: user, role: 'member' as const };
  return { tenant: NAMES[name] as Tenant, viewer, secret: false, keyId: null, keyScopes: null } satisfies Principal;
};

/** A server whose `/work` waits until it is let go. */
async function start(quotas: Partial<QuotaDeps>) {
  const waiting: { readonly tenantId: string; readonly letGo: () => void }[] = [];
  const arrived = new EventTarget();
  const usage: string[] = [];
  const metrics = createMetrics();
  const server = await startToyServer({
    extend: ({ fastify }) => {
      void fastify.register((scope, _options, done) => {
        openCalls(scope, {
          log: createSilentLogger(),
          authenticate,
          rateLimiter: createUnlimitedRateLimiter(),
          requestTimeoutMs: 30_000,
          metrics,
          usage: { add: (tenantId, counter) => usage.push(`${tenantId.at(-1)} ${counter}`), active: () => {} },
          ...quotas,
        });
        scope.get('/work', async (request) => {
          await new Promise<void>((letGo) => {
            waiting.push({ tenantId: request.call?.principal.tenant.id ?? '', letGo });
            arrived.dispatchEvent(new Event('one'));
          });
          return {};
        });
        scope.get('/quick', async () => ({}));
        done();
      });
    },
  });
  closing.push(async () => {
    for (const { letGo } of waiting) letGo();
    await server.close();
    metrics.close();
  });
  const ask = (path: string, token: string) =>
    exchange(server.port, 'GET', path, { headers: { authorization: `Bearer ${token}` } });
  return {
    waiting,
    usage,
    metrics,
    ask,
    async untilWaiting(count: number) {
      while (waiting.length < count) await once(arrived as never, 'one');
    },
  };
}

const bounds = (tenantConcurrency: number, callerConcurrency: number) => ({ tenantConcurrency, callerConcurrency });
const admissionOf = (pro: ReturnType<typeof bounds>, capacity = 1_000) =>
  createAdmission({ plans: { free: pro, pro, enterprise: pro }, capacity });

describe('concurrency', () => {
  test('of a caller and of a tenant is bounded; what ends makes room', async () => {
    const admission = admissionOf(bounds(3, 2));
    const { ask, waiting, untilWaiting, usage, metrics } = await start({ admission });
    const under = [ask('/work', 'a-ann'), ask('/work', 'a-ann'), ask('/work', 'a-ben')];
    await untilWaiting(3);
    for (const token of ['a-ann', 'a-cleo']) {
      const { status, headers, text } = await ask('/quick', token);
      expect([status, headers['retry-after'], JSON.parse(text).code]).toEqual([429, '1', 'concurrency_limited']);
    }
    expect((await ask('/quick', 'b-ann')).status).toBe(200);
    waiting[0]?.letGo();
    await under[0];
    await expect.poll(async () => (await ask('/quick', 'a-cleo')).status).toBe(200);
    expect(usage.filter((line) => line === 'a rejectedRequests').length).toBeGreaterThanOrEqual(2);
    const exposed = await metrics.text();
    expect(exposed).toContain('nova_concurrency_limited_total{plan="pro",scope="caller"} 1');
  });
});

describe('rates', () => {
  const limiterOf = (pro: number) =>
    createRateLimiter({ ratesPerMinute: { free: pro, pro, enterprise: pro }, maxEntries: 100, now: () => 0 });

  test('of a tenant hold over all of its callers; who is over their own uses nothing of it', async () => {
    const { ask, metrics } = await start({ rateLimiter: limiterOf(2), tenantRateLimiter: limiterOf(5) });
    const statuses = async (token: string, times: number) => {
      const found: number[] = [];
      for (let n = 0; n < times; n++) found.push((await ask('/quick', token)).status);
      return found;
    };
    expect(await statuses('a-ann', 10)).toEqual([200, 200, ...Array<number>(8).fill(429)]);
    expect(await statuses('a-ben', 2)).toEqual([200, 200]);
    const last = await ask('/quick', 'a-cleo');
    expect([last.status, last.headers['ratelimit-limit'], last.headers['ratelimit-remaining']]).toEqual([
      200,
      '5',
      '0',
    ]);
    const over = await ask('/quick', 'a-dora');
    expect([over.status, over.headers['ratelimit-limit'], over.headers['retry-after']]).toEqual([429, '5', '60']);
    expect((await ask('/quick', 'b-ann')).status).toBe(200);
    expect(await metrics.text()).toContain('nova_rate_limited_total{plan="pro",scope="tenant"} 1');
  });
});

describe('a noisy neighbour', () => {
  test('has no more under way than the capacity, is refused at once, and keeps nobody of another tenant out', async () => {
    const capacity = 8;
    const { ask, waiting, untilWaiting, metrics } = await start({
      admission: admissionOf(bounds(1_000, 1_000), capacity),
    });
    // B is known to be about.
    expect((await ask('/quick', 'b-ann')).status).toBe(200);
    const flood = Array.from({ length: 80 }, (_, n) => ask('/work', `a-user${n}`));
    await untilWaiting(capacity);
    const refused: number[] = [];
    for (const request of flood) void request.then(({ status }) => refused.push(status));
    await expect.poll(() => refused.length).toBe(80 - capacity);
    expect(new Set(refused)).toEqual(new Set([503]));
    expect(waiting).toHaveLength(capacity);
    // All of B's are let in, and work, while A's are under way.
    const quick = await Promise.all(Array.from({ length: 40 }, () => ask('/quick', 'b-ann')));
    expect(quick.map(({ status }) => status)).toEqual(Array(40).fill(200));
    const { status, headers, text } = await ask('/quick', 'a-user1');
    expect([status, headers['retry-after'], JSON.parse(text).code]).toEqual([503, '1', 'overloaded']);
    expect(await metrics.text()).toContain('nova_shed_total{reason="fair_share"}');
    for (const { letGo } of waiting) letGo();
    await Promise.all(flood);
    await expect.poll(async () => (await ask('/quick', 'a-user1')).status).toBe(200);
  });
});
