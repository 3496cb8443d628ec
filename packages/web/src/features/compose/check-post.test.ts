import { expect, it } from 'vitest';
import { checkBody, checkWriting } from './check-post.js';
import { newWriting } from './writing.js';

const NOW = Date.parse('2026-06-15T12:00:00Z');

it('counts a body in code points', () => {
  expect(checkBody('🎉'.repeat(5_000))).toBeUndefined();
  expect(checkBody('🎉'.repeat(5_002))).toBe('2 characters too many.');
  expect(checkBody(' \n')).toBe('Write something first.');
});

it('names the field that is wrong as the server does', () => {
  const poll = { options: ['Tea', '', 'Tea '], days: 1, multiple: false, hidesResults: false };
  const errors = checkWriting(
    { ...newWriting(), body: 'Tea?', poll, publishAt: '2026-06-15T11:59' },
    NOW + 24 * 3600_000,
  );
  expect(Object.keys(errors).filter((path) => errors[path] !== undefined)).toEqual([
    'poll.options.1',
    'poll.options.2',
    'publishAt',
  ]);
});

it('has nothing against a post in order', () => {
  const errors = checkWriting({ ...newWriting(), body: 'Hello' }, NOW);
  expect(Object.values(errors).every((error) => error === undefined)).toBe(true);
});
