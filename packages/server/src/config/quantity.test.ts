import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatBytes, formatDuration, parseBytes, parseDuration } from './quantity.js';

describe('durations and sizes', () => {
  it('are read with and without a unit', () => {
    expect(['250', '250ms', '1.5s', '20m', '1h', '30d', '2 S'].map(parseDuration)).toEqual([
      250, 250, 1500, 1_200_000, 3_600_000, 2_592_000_000, 2000,
    ]);
    expect(['512', '512B', '256KiB', '1.5mib', '1GiB'].map(parseBytes)).toEqual([
      512, 512, 262_144, 1_572_864, 1_073_741_824,
    ]);
  });

  it('are refused when malformed, negative, fractional or too large', () => {
    const bad = ['', 's', '-1', '+1', '1.s', '0.3ms', '1e3', '1w', '1 h 2', 'Infinity', '9007199254740992', '0x10'];
    for (const text of bad) expect(parseDuration(text), text).toBeUndefined();
    for (const text of ['1KB', '0.3', '1TiB']) expect(parseBytes(text), text).toBeUndefined();
  });

  it('are written so that they are read back exactly', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 40 }), (value) => {
        return parseDuration(formatDuration(value)) === value && parseBytes(formatBytes(value)) === value;
      }),
    );
    expect(formatDuration(90_000)).toBe('90s');
    expect(formatDuration(0)).toBe('0');
    expect(formatBytes(65_536)).toBe('64KiB');
  });
});
