import { describe, expect, it } from 'vitest';
import { parseOptions, UsageError } from './options.js';
import { scenarios } from './scenarios/index.js';

describe('parseOptions', () => {
  it('runs every scenario on the synthetic community by default', () => {
    expect(parseOptions([])).toMatchObject({
      scenarios: scenarios.map(({ name }) => name),
      data: { kind: 'seed', users: 2_000, seed: 1 },
      durationMs: 2_000,
      writeDocs: false,
    });
  });

  it('takes data sets, settings and chosen scenarios', () => {
    const args = [
      '--scenario',
      'sign-in',
      '--data',
      'ldbc-snb:some/where',
      '--set',
      'NOVA_PROCESSES=2',
      '--duration',
      '0.5',
    ];
    expect(parseOptions(args)).toMatchObject({
      scenarios: ['sign-in'],
      data: { kind: 'ldbc-snb', directory: 'some/where' },
      settings: { NOVA_PROCESSES: '2' },
      durationMs: 500,
    });
  });

  it.each([
    [['--scenario', 'nonsense'], 'no scenario is called nonsense'],
    [['--users', '1e9'], '--users is a whole number'],
    [['--duration', '0'], '--duration is a number'],
    [['--data', 'csv:x'], '--data is'],
    [['--set', 'lower=1'], '--set is'],
    [['--nonsense'], '--nonsense'],
    [['stray'], 'stray'],
  ])('refuses %j', (args, message) => {
    expect(() => parseOptions(args)).toThrow(UsageError);
    expect(() => parseOptions(args)).toThrow(message);
  });

  it('prints help and names', () => {
    expect(parseOptions(['--help'])).toMatchObject({ print: expect.stringContaining('--write-docs') });
    expect(parseOptions(['--list'])).toMatchObject({ print: expect.stringContaining('feed-first-page: ') });
  });
});

it('gives every scenario a name, findings and a bar of its own', () => {
  expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
  for (const { findings, comparison } of scenarios) {
    expect(findings.every((finding) => /^[A-Z]\d+$/.test(finding))).toBe(true);
    expect(comparison.bar.value).toBeGreaterThan(0);
  }
});
