import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dueBy, intendedMs, scheduleOf } from './schedule.js';

it('spaces requests evenly from the start', () => {
  const schedule = scheduleOf(1_000, 200, 500);
  expect(schedule.total).toBe(100);
  expect([0, 1, 99].map((index) => intendedMs(schedule, index))).toEqual([1_000, 1_005, 1_495]);
});

it('has at least one request, and refuses a rate of nothing', () => {
  expect(scheduleOf(0, 1, 10).total).toBe(1);
  expect(() => scheduleOf(0, 0, 10)).toThrow(RangeError);
});

it('counts as due exactly the requests whose instant has come', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50_000 }), fc.integer({ min: 0, max: 3_000 }), (rate, elapsed) => {
      const schedule = scheduleOf(0, rate, 2_000);
      const due = dueBy(schedule, elapsed);
      if (due < schedule.total) expect(intendedMs(schedule, due)).toBeGreaterThan(elapsed - 1e-6);
      if (due > 0) expect(intendedMs(schedule, due - 1)).toBeLessThanOrEqual(elapsed + 1e-6);
    }),
  );
  expect(dueBy(scheduleOf(10, 100, 100), 9)).toBe(0);
});
