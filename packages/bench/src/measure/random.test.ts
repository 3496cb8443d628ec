import { expect, it } from 'vitest';
import { createRandom, pick, sample } from './random.js';

it('gives the same numbers for the same seed, spread over [0, 1)', () => {
  const numbers = (seed: number) => Array.from({ length: 1_000 }, createRandom(seed));
  expect(numbers(7)).toEqual(numbers(7));
  expect(numbers(7)).not.toEqual(numbers(8));
  const tenths = new Set(numbers(7).map((value) => Math.floor(value * 10)));
  expect([...tenths].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

it('samples without repeating, all there is at the most', () => {
  const items = Array.from({ length: 20 }, (_, index) => index);
  const some = sample(createRandom(1), items, 12);
  expect(new Set(some).size).toBe(12);
  expect(sample(createRandom(1), items, 50).sort((a, b) => a - b)).toEqual(items);
});

it('has nothing to pick from nothing', () => {
  expect(() => pick(createRandom(1), [])).toThrow(RangeError);
});
