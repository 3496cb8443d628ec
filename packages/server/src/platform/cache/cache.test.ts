import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { createMetrics, type Metrics } from '../telemetry/index.js';
import { type CacheOptions, createCache } from './index.js';

/** The reading of one cache as Prometheus would see it (C8). */
function counting() {
  const metrics = createMetrics();
  const read = async () => {
    const text = await metrics.text();
    const of = (line: string) =>
      Number(
        text
          .split('\n')
          .find((each) => each.startsWith(line))
          ?.split(' ')
          .at(-1) ?? 0,
      );
    const requests = (result: string) => of(`nova_cache_requests_total{cache="test",result="${result}"}`);
    const loads = (outcome: string) => of(`nova_cache_load_duration_seconds_count{cache="test",outcome="${outcome}"}`);
    return {
      hit: requests('hit'),
      stale: requests('stale'),
      miss: requests('miss'),
      coalesced: requests('coalesced'),
      loaded: loads('ok'),
      failed: loads('error'),
    };
  };
  open.push(metrics);
  return { metrics, read };
}

const open: Metrics[] = [];
afterEach(() => {
  for (const metrics of open.splice(0)) metrics.close();
});

function setUp(options: Partial<CacheOptions<number>> = {}) {
  const counted = counting();
  let time = 0;
  const cache = createCache<number>({
    name: 'test',
    maxEntries: 100,
    ttlMs: 1_000,
    metrics: counted.metrics,
    now: () => time,
    ...options,
  });
  const pass = (ms: number) => {
    time += ms;
  };
  return { ...counted, cache, pass };
}

/** A load that ends when it is told to. */
function held<V>() {
  const calls: { resolve(value: V): void; reject(error: unknown): void }[] = [];
  return { calls, load: () => new Promise<V>((resolve, reject) => void calls.push({ resolve, reject })) };
}

describe('one load per key (R8)', () => {
  it('answers 1,000 concurrent misses with one load', async () => {
    const { cache, read } = setUp();
    const { calls, load } = held<number>();
    const answers = Array.from({ length: 1_000 }, () => cache.get('key', load));
    expect(calls).toHaveLength(1);
    calls[0]!.resolve(7);
    expect(new Set(await Promise.all(answers))).toEqual(new Set([7]));
    expect(cache.peek('key')).toBe(7);
    expect(await read()).toEqual({ hit: 1, stale: 0, miss: 1, coalesced: 999, loaded: 1, failed: 0 });
  });

  it('gives all who wait the same error, keeps nothing and loads anew', async () => {
    const { cache, read } = setUp();
    const { calls, load } = held<number>();
    const answers = Array.from({ length: 50 }, () => cache.get('key', load));
    const failure = new Error('no');
    calls[0]!.reject(failure);
    for (const answer of await Promise.allSettled(answers)) {
      expect(answer).toEqual({ status: 'rejected', reason: failure });
    }
    expect(await read()).toEqual({ hit: 0, stale: 0, miss: 1, coalesced: 49, loaded: 0, failed: 1 });
    expect(cache.size).toBe(0);
    await expect(cache.get('key', async () => 3)).resolves.toBe(3);
  });

  it('takes a load that throws at once for a failed one', async () => {
    const { cache } = setUp();
    const broken = (): Promise<number> => {
      throw new Error('at once');
    };
    await expect(cache.get('key', broken)).rejects.toThrow('at once');
    await expect(cache.get('key', async () => 1)).resolves.toBe(1);
  });
});

describe('bounds', () => {
  it('drops an entry that was not used rather than one that was', async () => {
    const { cache } = setUp({ maxEntries: 2 });
    await cache.get('a', async () => 1);
    await cache.get('b', async () => 2);
    cache.peek('a');
    await cache.get('c', async () => 3);
    expect([cache.peek('a'), cache.peek('b'), cache.peek('c')]).toEqual([1, undefined, 3]);
    expect(cache.size).toBe(2);
  });

  it('drops entries until the rest fits into its bytes', async () => {
    const { cache } = setUp({ maxBytes: 10, bytesOf: (value) => value });
    for (const bytes of [4, 3, 3]) await cache.get(`of ${bytes}/${cache.size}`, async () => bytes);
    expect(cache.size).toBe(3);
    await cache.get('of 6', async () => 6);
    expect([cache.size, cache.peek('of 6'), cache.peek('of 3/2')]).toEqual([2, 6, 3]);
    await cache.get('of 11', async () => 11);
    expect([cache.size, cache.peek('of 11')]).toEqual([2, undefined]);
    await cache.get('of 10', async () => 10);
    expect([cache.size, cache.peek('of 10')]).toEqual([1, 10]);
  });

  it('ages entries that were loaded together apart, none beyond its age', async () => {
    const { cache, pass } = setUp({ jitter: 0.5, maxEntries: 1_000 });
    const keys = Array.from({ length: 1_000 }, (_, index) => `key ${index}`);
    for (const key of keys) await cache.get(key, async () => 1);
    const kept = () => keys.filter((key) => cache.peek(key) !== undefined).length;
    pass(499);
    expect(kept()).toBe(1_000);
    pass(251);
    expect(Math.abs(kept() - 500)).toBeLessThan(150);
    pass(250);
    expect(kept()).toBe(0);
  });

  it('serves a value past its jittered time while it loads it again once, and never one of its whole age (R8, I4)', async () => {
    const { cache, pass, read } = setUp({ jitter: 1, revalidate: true });
    await cache.get('key', async () => 1);
    // The time drawn for it lies somewhere before.
    pass(999.999);
    const { calls, load } = held<number>();
    expect(await Promise.all(Array.from({ length: 100 }, () => cache.get('key', load)))).toEqual(Array(100).fill(1));
    expect(calls).toHaveLength(1);
    expect(await read()).toMatchObject({ stale: 100, miss: 1, coalesced: 0 });
    pass(1);
    const late = cache.get('key', load);
    calls[0]!.resolve(2);
    expect(await late).toBe(2);
    expect(await read()).toMatchObject({ stale: 100, miss: 1, coalesced: 1, loaded: 2 });
  });

  it('outlives a failure to load a value again, as long as the value may be served', async () => {
    const { cache, pass, read } = setUp({ jitter: 1, revalidate: true });
    await cache.get('key', async () => 1);
    pass(999.999);
    const failing = async () => Promise.reject(new Error('no'));
    expect(await cache.get('key', failing)).toBe(1);
    await new Promise(setImmediate);
    expect(await cache.get('key', async () => 2)).toBe(1);
    await new Promise(setImmediate);
    expect([cache.peek('key'), (await read()).failed]).toEqual([2, 1]);
  });

  it('counts the age from the start of the load', async () => {
    const { cache, pass } = setUp();
    const { calls, load } = held<number>();
    const answer = cache.get('key', load);
    pass(600);
    calls[0]!.resolve(1);
    await answer;
    pass(399);
    expect(cache.peek('key')).toBe(1);
    pass(1);
    expect(cache.peek('key')).toBeUndefined();
    expect(cache.size).toBe(0);
  });

  it('keeps nothing with room for nothing, and joins loads all the same', async () => {
    const { cache } = setUp({ maxEntries: 0 });
    const { calls, load } = held<number>();
    const answers = [cache.get('key', load), cache.get('key', load)];
    calls[0]!.resolve(1);
    expect(await Promise.all(answers)).toEqual([1, 1]);
    expect([calls.length, cache.size]).toEqual([1, 0]);
  });

  it('answers without keeping what `keep` refuses', async () => {
    const { cache } = setUp({ keep: (value) => value > 1 });
    expect(await cache.get('a', async () => 1)).toBe(1);
    expect(await cache.get('b', async () => 2)).toBe(2);
    expect([cache.peek('a'), cache.peek('b')]).toEqual([undefined, 2]);
  });
});

describe('invalidation', () => {
  it('detaches the load under way', async () => {
    const { cache } = setUp();
    const { calls, load } = held<number>();
    const before = cache.get('key', load);
    cache.invalidate('key');
    const after = cache.get('key', load);
    calls[1]!.resolve(2);
    expect(await after).toBe(2);
    calls[0]!.resolve(1);
    expect(await before).toBe(1);
    expect(cache.peek('key')).toBe(2);
  });

  it('keeps nothing once closed', async () => {
    const { cache } = setUp();
    await cache.get('a', async () => 1);
    const { calls, load } = held<number>();
    const underWay = cache.get('b', load);
    cache.close();
    calls[0]!.resolve(2);
    expect(await underWay).toBe(2);
    expect(cache.size).toBe(0);
    expect(await cache.get('c', async () => 3)).toBe(3);
    expect(cache.size).toBe(0);
  });

  type Step =
    | { readonly do: 'write'; readonly key: string }
    | { readonly do: 'get'; readonly key: string }
    | { readonly do: 'clear'; readonly key: string }
    | { readonly do: 'settle'; readonly load: number; readonly ok: boolean }
    | { readonly do: 'pass'; readonly ms: number };
  const key = fc.constantFrom('a', 'b', 'c');
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ do: fc.constant('write' as const), key }),
    { weight: 3, arbitrary: fc.record({ do: fc.constant('get' as const), key }) },
    fc.record({ do: fc.constant('clear' as const), key }),
    { weight: 3, arbitrary: fc.record({ do: fc.constant('settle' as const), load: fc.nat(9), ok: fc.boolean() }) },
    fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 1_500 }) }),
  );

  // Seeded bug that turns this red: not deleting from `loads` in `invalidate`, or storing without `attached()`.
  it('never answers with a value older than the last invalidation before the question', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { cache, pass } = setUp({ maxEntries: 2 });
        const truth = new Map([...'abc'].map((name) => [name, 0]));
        const loads: { settle(ok: boolean): void }[] = [];
        const answers: Promise<void>[] = [];
        // The worst load: it reads the truth as it starts and brings it home as late as can be.
        const load = (name: string) => () => {
          const value = truth.get(name)!;
          return new Promise<number>((resolve, reject) => {
            loads.push({ settle: (ok) => (ok ? resolve(value) : reject(new Error('failed'))) });
          });
        };
        const ask = async (name: string) => {
          const atLeast = truth.get(name)!;
          const answer = await cache.get(name, load(name)).catch(() => null);
          if (answer !== null) expect(answer).toBeGreaterThanOrEqual(atLeast);
        };
        for (const action of steps) {
          if (action.do === 'write') {
            truth.set(action.key, truth.get(action.key)! + 1);
            cache.invalidate(action.key);
          } else if (action.do === 'clear') {
            for (const name of truth.keys()) truth.set(name, truth.get(name)! + 1);
            cache.clear();
          } else if (action.do === 'get') {
            answers.push(ask(action.key));
          } else if (action.do === 'pass') {
            pass(action.ms);
          } else {
            loads.splice(action.load % Math.max(loads.length, 1), 1)[0]?.settle(action.ok);
          }
          await new Promise(setImmediate);
          for (const [name, value] of truth) {
            const cached = cache.peek(name);
            if (cached !== undefined) expect(cached).toBe(value);
          }
          expect(cache.size).toBeLessThanOrEqual(2);
        }
        for (const { settle } of loads) settle(true);
        await Promise.all(answers);
      }),
      { numRuns: 300 },
    );
  });
});
