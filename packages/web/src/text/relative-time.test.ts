import { describe, expect, it } from 'vitest';
import { shortAge, timeLeft } from './relative-time.js';

const NOW = Date.parse('2026-06-15T12:00:00Z');
const MINUTE = 60_000;
const ago = (ms: number): string => new Date(NOW - ms).toISOString();
const ahead = (ms: number): string => new Date(NOW + ms).toISOString();

describe('shortAge', () => {
  it.each([
    [-5 * MINUTE, 'now'],
    [MINUTE - 1, 'now'],
    [MINUTE, '1m'],
    [60 * MINUTE - 1, '59m'],
    [60 * MINUTE, '1h'],
    [24 * 60 * MINUTE - 1, '23h'],
    [24 * 60 * MINUTE, '1d'],
    [7 * 24 * 60 * MINUTE - 1, '6d'],
  ])('%d ms are %s', (ms, text) => {
    expect(shortAge(ago(ms), NOW)).toBe(text);
  });

  it('names the day after a week, and the year when it is another', () => {
    expect(shortAge('2026-05-02T12:00:00.123456Z', NOW, 'en-GB')).toBe('2 May');
    expect(shortAge('2025-05-02T12:00:00Z', NOW, 'en-GB')).toBe('2 May 2025');
  });
});

describe('timeLeft', () => {
  it.each([
    [1, '1 minute left'],
    [5 * MINUTE, '5 minutes left'],
    [60 * MINUTE, '1 hour left'],
    [61 * MINUTE, '2 hours left'],
    [3 * 24 * 60 * MINUTE, '3 days left'],
  ])('%d ms are %s', (ms, text) => {
    expect(timeLeft(ahead(ms), NOW)).toBe(text);
  });
});
