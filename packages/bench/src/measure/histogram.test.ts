import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Histogram } from './histogram.js';

describe('Histogram', () => {
  it('gives percentiles at most 0.8 % above the exact ones, and never above the maximum', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 100_000_000 }), { minLength: 1, maxLength: 200 }),
        fc.constantFrom(0, 1, 50, 95, 99, 99.9, 100),
        (values, percent) => {
          const histogram = new Histogram();
          for (const us of values) histogram.record(us / 1_000);
          const sorted = [...values].sort((a, b) => a - b);
          const exact = sorted[Math.max(Math.ceil((percent / 100) * values.length), 1) - 1] ?? 0;
          const got = Math.round(histogram.percentileMs(percent) * 1_000);
          expect(got).toBeGreaterThanOrEqual(exact);
          expect(got).toBeLessThanOrEqual(Math.min(exact * 1.008 + 1, sorted.at(-1) ?? 0));
        },
      ),
    );
  });

  it('counts what is too short or too long for it at its ends', () => {
    const histogram = new Histogram();
    histogram.record(-1);
    expect(histogram.percentileMs(100)).toBe(0);
    histogram.record(1e12);
    expect(histogram.summary()).toMatchObject({ count: 2, p50Ms: 0, maxMs: (2 ** 31 - 1) / 1_000 });
  });

  it('says 0 when it is empty', () => {
    expect(new Histogram().summary()).toEqual({ count: 0, p50Ms: 0, p95Ms: 0, p99Ms: 0, maxMs: 0 });
  });
});
