import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NovaError } from '../errors/index.js';
import { createCursors } from './cursor.js';

const cursors = createCursors('a secret of at least thirty-two characters');

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof NovaError) return error.code;
    throw error;
  }
  return 'accepted';
};

describe('cursors (D8)', () => {
  it('give back the position they were made from', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ unit: 'binary', maxLength: 60 }), fc.uuid(), (list, key, id) => {
        fc.pre(key.isWellFormed());
        expect(cursors.decode(list, cursors.encode(list, { key, id }))).toEqual({ key, id });
      }),
    );
  });

  it('refuse every change of a single character', () => {
    const cursor = cursors.encode('posts', { key: '2010-06-27T23:36:57.962000Z', id: 'b'.repeat(36) });
    fc.assert(
      fc.property(fc.nat(cursor.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, character) => {
        fc.pre(character !== cursor[at]);
        const altered = cursor.slice(0, at) + character + cursor.slice(at + 1);
        expect(codeOf(() => cursors.decode('posts', altered))).toBe('invalid_cursor');
      }),
      { numRuns: 500 },
    );
  });

  it('refuse rubbish, other lists, other secrets and appended bytes', () => {
    const cursor = cursors.encode('posts', { key: 'k', id: 'i' });
    const foreign = createCursors('another secret of at least 32 characters').encode('posts', { key: 'k', id: 'i' });
    for (const bad of [
      '',
      'x',
      '%%%',
      `${cursor}A`,
      `${cursor}=`,
      ` ${cursor}`,
      cursor.slice(1),
      foreign,
      'A'.repeat(99_999),
    ]) {
      expect(
        codeOf(() => cursors.decode('posts', bad)),
        bad.slice(0, 80),
      ).toBe('invalid_cursor');
    }
    expect(codeOf(() => cursors.decode('likes', cursor))).toBe('invalid_cursor');
    fc.assert(fc.property(fc.string(), (text) => codeOf(() => cursors.decode('posts', text)) === 'invalid_cursor'));
  });
});
