import { describe, expect, it } from 'vitest';
import type { BenchRun, ScenarioRun } from '../bench.js';
import type { MeasuredLoad } from '../load/load-generator.js';
import type { BenchOptions } from '../options.js';
import { scenarioNamed } from '../scenarios/index.js';
import { renderMarkdown } from './markdown.js';
import { reportOf } from './report.js';

const OPTIONS: BenchOptions = {
  scenarios: ['feed-first-page', 'graphql-feed'],
  data: { kind: 'edges', file: 'some/where/friends.txt' },
  seed: 1,
  rounds: 2,
  durationMs: 2_000,
  readers: 64,
  follows: 100,
  out: 'out',
  writeDocs: false,
  profile: false,
  enforce: false,
  settings: { NOVA_PROCESSES: '2' },
};

function load(rate: number, p95Ms: number): MeasuredLoad {
  const latency = { count: 1_000, p50Ms: 1, p95Ms, p99Ms: p95Ms * 2, maxMs: p95Ms * 3 };
  const generatorLateness = { ...latency, p99Ms: 0.2 };
  return {
    rate,
    intendedRate: rate,
    durationMs: 2_000,
    latency,
    generatorLateness,
    failed: 0,
    failures: [],
    collected: [],
    cpuShare: 0.4,
    cpuMs: 800,
  };
}

function runOf(name: string, rounds: readonly [measured: number, baseline: number][]): ScenarioRun {
  const scenario = scenarioNamed(name);
  return {
    scenario,
    failures: [],
    rounds: rounds.map(([measured, baseline]) => {
      const open = { load: load(500, measured), cost: { serverUs: 100, postgresUs: 50 } };
      return scenario.comparison.kind === 'latency'
        ? { baseline: { rate: 500, p95Ms: baseline, generatorCpuShare: 0.3, cpuUs: 75 }, peak: open, open }
        : {
            baseline: { rate: baseline, p95Ms: null, generatorCpuShare: 0.9, cpuUs: null },
            peak: { load: load(measured, 1), cost: null },
            open,
          };
    }),
  };
}

const calibration = { selectsPerSecond: 30_000, tenantTransactionsPerSecond: 9_000, batchRowsPerSecond: 100_000 };
const RUN: BenchRun = {
  postgresVersion: '18.4',
  posts: 12_345,
  foreignShare: 0.25,
  calibrations: [calibration, { ...calibration, selectsPerSecond: 50_000 }],
  runs: [
    runOf('feed-first-page', [
      [4_000, 20_000],
      [3_000, 30_000],
    ]),
    runOf('graphql-feed', [
      [9, 2],
      [10, 2],
    ]),
  ],
};

const rowsOf = (markdown: string, start: string) =>
  markdown.split('\n').filter((line) => line.startsWith(`| ${start}`));

describe('the report', () => {
  const report = reportOf(RUN, OPTIONS, 'npm run bench', '2026-01-02');
  const markdown = renderMarkdown(report);

  it('has a ratio with its range, bar and verdict for each scenario', () => {
    expect(report.scenarios.map(({ ratio }) => ratio)).toEqual([
      { median: expect.closeTo(0.15), min: 0.1, max: 0.2, bar: { direction: 'at_least', value: 0.1 }, verdict: 'PASS' },
      { median: 4.75, min: 4.5, max: 5, bar: { direction: 'at_most', value: 4 }, verdict: 'BELOW' },
    ]);
    expect(rowsOf(markdown, 'Home feed, page 1, warm')[0]).toMatch(
      /\| 3,500\/s \| 25,000\/s: .* \| 0\.15 \(0\.1\.\.0\.2\) \| >= 0\.1 \| PASS \| unknown \|$/,
    );
    expect(rowsOf(markdown, 'Home feed, nested GraphQL')[0]).toMatch(
      /\| p95 9\.5 ms \| p95 2 ms: .* \| <= 4 \| BELOW \| 2 \(2\.\.2\) \|$/,
    );
  });

  it('says how to repeat it, on what it ran, and names no place on the machine', () => {
    expect(markdown).toContain('Written by `npm run bench` on 2026-01-02');
    expect(markdown).toContain('PostgreSQL 18.4');
    expect(markdown).toContain('edges, friends.txt; 12,345 public posts');
    expect(markdown).toContain('NOVA_PROCESSES=2');
    expect(rowsOf(markdown, 'Other load')).toEqual(['| Other load on the machine meanwhile | 25 % of its cores |']);
    expect(markdown).not.toContain('some/where');
    expect(markdown.endsWith('\n')).toBe(true);
  });

  it('puts wrong answers before any ratio', () => {
    const [run] = RUN.runs;
    if (run === undefined) throw new Error('no run');
    const wrong = { ...RUN, runs: [{ ...run, failures: ['status 500'] }] };
    const text = renderMarkdown(reportOf(wrong, OPTIONS, 'npm run bench', '2026-01-02'));
    expect(rowsOf(text, 'Home feed, page 1, warm')[0]).toContain('WRONG ANSWERS');
    expect(text).toContain('- Home feed, page 1, warm: status 500');
  });
});
