import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NovaError } from '../errors/index.js';
import { createCursors } from './cursor.js';

const SECRET = 'a secret of at least thirty-two characters';
const cursors = createCursors(SECRET);

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

  it('refuse one that goes the other way', () => {
    const hash = (text: string) => createHash('sha256').update(text);
    const key = hash('nova cursor v1\0').update(SECRET).digest();
    const sealed = (direction: string) => {
      const list = hash('posts').digest().subarray(0, 8);
      const body = Buffer.concat([list, Buffer.from(JSON.stringify([direction, 'k', 'i']))]);
      return Buffer.concat([createHmac('sha256', key).update(body).digest().subarray(0, 16), body]).toString(
        'base64url',
      );
    };
    expect(sealed('next')).toBe(cursors.encode('posts', { key: 'k', id: 'i' }));
    expect(codeOf(() => cursors.decode('posts', sealed('previous')))).toBe('invalid_cursor');
  });
});
