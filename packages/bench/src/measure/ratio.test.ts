import { describe, expect, it } from 'vitest';
import { ratioOf, spreadOf } from './ratio.js';

describe('spreadOf', () => {
  it('gives the middle and the extremes', () => {
    expect(spreadOf([9, 1, 5])).toEqual({ median: 5, min: 1, max: 9 });
    expect(spreadOf([4, 1, 2, 10])).toEqual({ median: 3, min: 1, max: 10 });
  });

  it('refuses to make one of nothing', () => {
    expect(() => spreadOf([])).toThrow(RangeError);
  });
});

describe('ratioOf', () => {
  it('divides within each round, so a machine that slows down halfway changes nothing', () => {
    const rounds = [
      { measured: 200, baseline: 1_000 },
      { measured: 90, baseline: 400 },
      { measured: 20, baseline: 100 },
    ];
    expect(ratioOf(rounds, { direction: 'at_least', value: 0.2 })).toMatchObject({ median: 0.2, verdict: 'PASS' });
    expect(ratioOf(rounds, { direction: 'at_least', value: 0.21 })).toMatchObject({ verdict: 'BELOW' });
  });

  it('takes a latency the other way round', () => {
    const rounds = [{ measured: 8, baseline: 2 }];
    expect(ratioOf(rounds, { direction: 'at_most', value: 4 }).verdict).toBe('PASS');
    expect(ratioOf(rounds, { direction: 'at_most', value: 3.9 }).verdict).toBe('BELOW');
  });

  it('passes no bar on a baseline of nothing', () => {
    for (const direction of ['at_least', 'at_most'] as const) {
      expect(ratioOf([{ measured: 5, baseline: 0 }], { direction, value: 1 }).verdict).toBe('BELOW');
    }
  });
});
