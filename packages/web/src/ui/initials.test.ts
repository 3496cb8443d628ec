import { expect, it } from 'vitest';
import { hueOf, initialsOf } from './initials.js';

it.each([
  ['Ada Lovelace', 'AL'],
  ['ada', 'A'],
  ['Jean-Luc de la Tour', 'JT'],
  ['山田 太郎', '山太'],
  ['👩‍👩‍👧 Family', '👩‍👩‍👧F'],
  ['«Zoë»', 'Z'],
  ['  ', ''],
])('%s is %s', (name, initials) => {
  expect(initialsOf(name)).toBe(initials);
});

it('gives a user one hue, and users different ones', () => {
  const ids = Array.from(
    { length: 64 },
    (_, index) => `0198c0de-0000-7000-8000-0000000000${String(index).padStart(2, '0')}`,
  );
  expect(ids.map(hueOf)).toEqual(ids.map(hueOf));
  expect(new Set(ids.map(hueOf)).size).toBe(8);
});
