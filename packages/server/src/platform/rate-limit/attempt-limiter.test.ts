import { expect, test } from 'vitest';
import { createAttemptLimiter } from './attempt-limiter.js';

function setUp(options: { limit?: number; maxEntries?: number } = {}) {
  const clock = { now: 1_000 };
  const limiter = createAttemptLimiter({ limit: 3, windowMs: 100, maxEntries: 10, now: () => clock.now, ...options });
  return { clock, limiter };
}

test('counts attempts until there are too many, and forgets them after the window', () => {
  const { clock, limiter } = setUp();
  expect([1, 2, 3].map(() => limiter.begin('a'))).toEqual([0, 0, 0]);
  clock.now += 40;
  expect(limiter.begin('a')).toBe(60);
  expect(limiter.begin('b')).toBe(0);
  clock.now += 59;
  expect(limiter.begin('a')).toBe(1);
  clock.now += 1;
  expect(limiter.begin('a')).toBe(0);
});

test('does not count what was in order', () => {
  const { limiter } = setUp();
  for (let attempt = 0; attempt < 10; attempt++) {
    expect(limiter.begin('a')).toBe(0);
    limiter.takeBack('a');
  }
  expect([limiter.begin('a'), limiter.begin('a'), limiter.begin('a')]).toEqual([0, 0, 0]);
  limiter.takeBack('a');
  expect(limiter.begin('a')).toBe(0);
  expect(limiter.begin('a')).toBe(100);
  limiter.takeBack('never begun');
});

test('remembers no more than it may', () => {
  const { limiter } = setUp({ limit: 1, maxEntries: 2 });
  for (const key of ['a', 'b', 'c', 'd']) expect(limiter.begin(key)).toBe(0);
  expect(limiter.begin('d')).toBe(100);
  expect(limiter.begin('a')).toBe(0);
});
