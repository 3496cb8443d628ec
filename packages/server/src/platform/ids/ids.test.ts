import fc from 'fast-check';
import { UUID } from 'uuidv7';
import { describe, expect, it } from 'vitest';
import { compileCheck } from '../operation/index.js';
import { deterministicId, Id, idAt, newId } from './index.js';

const time = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const random = fc.uint8Array({ minLength: 10, maxLength: 10 });
const timeOf = (id: string) => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);

describe('newId', () => {
  it('ascends and carries the present', () => {
    const before = Date.now();
    const ids = Array.from({ length: 1_000 }, newId);
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(1_000);
    expect(timeOf(ids[0]!)).toBeGreaterThanOrEqual(before);
  });

  it('fits the schema', () => {
    const check = compileCheck(Id);
    const id = newId();
    expect(check(id)).toBe(id);
    for (const bad of [id.toUpperCase(), id.slice(1), `${id}0`, id.replaceAll('-', ''), ` ${id}`, `${id}\n`]) {
      expect(() => check(bad)).toThrow();
    }
  });
});

describe('idAt', () => {
  it('sets version and variant and keeps the time, whatever the bytes', () => {
    fc.assert(
      fc.property(time, random, (timeMs, bytes) => {
        const id = UUID.parse(idAt(timeMs, bytes));
        expect(id.getVersion()).toBe(7);
        expect(id.getVariant()).toBe('VAR_10');
        expect(timeOf(id.toString())).toBe(timeMs);
      }),
    );
  });

  it('sorts by time', () => {
    fc.assert(
      fc.property(time, time, random, random, (a, b, x, y) => {
        fc.pre(a < b);
        expect(idAt(a, x) < idAt(b, y)).toBe(true);
      }),
    );
  });

  it('uses all bits that are free', () => {
    const base = idAt(0, new Uint8Array(10));
    const changing = Array.from({ length: 80 }, (_, bit) => {
      const bytes = new Uint8Array(10);
      bytes[bit >> 3] = 1 << (bit & 7);
      return idAt(0, bytes) !== base;
    }).filter(Boolean);
    expect(changing).toHaveLength(74);
  });

  it('refuses what it cannot hold', () => {
    for (const timeMs of [-1, 2 ** 48, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => idAt(timeMs, new Uint8Array(10))).toThrow(RangeError);
    }
    expect(() => idAt(0, new Uint8Array(9))).toThrow(RangeError);
  });
});

describe('deterministicId', () => {
  it('is the same for the same name and another for any other', () => {
    const id = deterministicId(1_277_681_817_962, 'a', 'b');
    expect(deterministicId(1_277_681_817_962, 'a', 'b')).toBe(id);
    expect(deterministicId(1_277_681_817_963, 'a', 'b')).not.toBe(id);
    expect(deterministicId(1_277_681_817_962, 'ab', '')).not.toBe(id);
    expect(deterministicId(1_277_681_817_962, 'a', 'c')).not.toBe(id);
    expect(timeOf(id)).toBe(1_277_681_817_962);
  });
});
