import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRateLimiter, createUnlimitedRateLimiter, type RateLimit } from './limiter.js';

const RATES = { free: 100, pro: 500, enterprise: 2000 };

function limiterAt(start = 1000, maxEntries = 1000) {
  const clock = { now: start };
  const limiter = createRateLimiter({ ratesPerMinute: RATES, maxEntries, now: () => clock.now });
  const take = (key = 'a', plan: keyof typeof RATES = 'free') => limiter.take(key, plan) as RateLimit;
  return { clock, take };
}

describe('rate limiter', () => {
  test('lets exactly the allowance of a minute pass at once, then tells when to come back', () => {
    const { clock, take } = limiterAt();
    expect(take()).toEqual({ allowed: true, limit: 100, remaining: 99, resetSeconds: 1, retryAfterMs: 0 });
    for (let n = 2; n <= 100; n += 1) expect(take()).toMatchObject({ allowed: true, remaining: 100 - n });
    expect(take()).toEqual({ allowed: false, limit: 100, remaining: 0, resetSeconds: 60, retryAfterMs: 600 });
    clock.now += 599;
    expect(take()).toMatchObject({ allowed: false, retryAfterMs: 1 });
    clock.now += 1;
    expect(take().allowed).toBe(true);
    expect(take().allowed).toBe(false);
  });

  test('gives the whole limit back after a quiet minute', () => {
    const { clock, take } = limiterAt();
    for (let n = 0; n < 150; n += 1) take();
    clock.now += 60_000;
    expect(take()).toMatchObject({ allowed: true, remaining: 99 });
  });

  test('keeps callers and plans apart', () => {
    const { take } = limiterAt();
    for (let n = 0; n < 101; n += 1) take('a');
    expect(take('a').allowed).toBe(false);
    expect(take('b').allowed).toBe(true);
    expect(take('c', 'pro')).toMatchObject({ limit: 500, remaining: 499 });
  });

  test('remembers no more callers than it may, the active ones among them', () => {
    const { take } = limiterAt(0, 10);
    for (let n = 0; n < 100; n += 1) take('busy');
    for (let n = 0; n < 1000; n += 1) {
      take(`stranger ${n}`);
      expect(take('busy').allowed).toBe(false);
    }
    // Pushed out by ten others, a caller starts anew: what is not kept cannot count.
    for (let n = 0; n < 10; n += 1) take(`other ${n}`);
    expect(take('busy').allowed).toBe(true);
  });

  test('never lets more than burst + rate * time pass in any span, nor refuses below it', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e9, noNaN: true }),
        fc.array(fc.double({ min: 0, max: 3000, noNaN: true }), { minLength: 1, maxLength: 400 }),
        (start, gaps) => {
          const { clock, take } = limiterAt(start);
          const perMs = RATES.free / 60_000;
          const passed: number[] = [];
          for (const gap of gaps) {
            clock.now += gap;
            const before = passed.length;
            const result = take();
            if (result.allowed) passed.push(clock.now);
            else expect(result.retryAfterMs).toBeGreaterThan(0);
            // A caller that has used less than the burst in the last minute is never refused.
            const lastMinute = passed.slice(0, before).filter((at) => at > clock.now - 60_000).length;
            if (lastMinute < RATES.free - 1) expect(result.allowed).toBe(true);
          }
          for (let from = 0; from < passed.length; from += 1) {
            const first = passed[from] ?? 0;
            for (let to = from; to < passed.length; to += 1) {
              const span = (passed[to] ?? 0) - first;
              expect(to - from + 1).toBeLessThanOrEqual(Math.floor(RATES.free + span * perMs + 1e-3));
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('waiting as long as it says is enough, and no more is asked than needed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 101, max: 130 }), (start, calls) => {
        const { clock, take } = limiterAt(start);
        let last = take();
        for (let n = 1; n < calls; n += 1) last = take();
        clock.now += last.retryAfterMs - 1;
        expect(take().allowed).toBe(false);
        clock.now += 1;
        expect(take().allowed).toBe(true);
      }),
    );
  });

  test('can be turned off', () => {
    expect(createUnlimitedRateLimiter().take('a', 'free')).toBeNull();
  });
});
