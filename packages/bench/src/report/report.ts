import { availableParallelism, cpus, totalmem } from 'node:os';
import type { BenchRun, ScenarioRun } from '../bench.js';
import { type Ratio, ratioOf, type Spread, spreadOf } from '../measure/ratio.js';
import type { BenchOptions } from '../options.js';
import type { ProductSlice } from '../run-scenario.js';
import type { Baseline, Goal } from '../scenarios/scenario.js';

/** What ran on: nothing that tells one machine from another of its kind. */
export interface MachineFacts {
  readonly cores: number;
  readonly processor: string;
  readonly memoryGib: number;
  readonly platform: string;
  readonly node: string;
  readonly postgres: string;
}

export interface OpenLoopReport {
  readonly intendedRate: Spread;
  readonly achievedRate: Spread;
  readonly p50Ms: Spread;
  readonly p95Ms: Spread;
  readonly p99Ms: Spread;
  readonly maxMs: number;
  /** p99 of how late the generator itself was. */
  readonly generatorLatenessMs: number;
}

export interface ScenarioReport {
  readonly name: string;
  readonly title: string;
  readonly findings: readonly string[];
  readonly comparison: string;
  /** Per second for rates, ms for latencies. */
  readonly measured: Spread;
  readonly baseline: Spread;
  readonly unit: '1/s' | 'ms';
  readonly ratio: Ratio;
  /** The same ratio in processor time instead of wall time: what others do on the machine hardly moves it. */
  readonly cpuRatio: Spread | null;
  readonly open: OpenLoopReport;
  readonly cost: { readonly serverUs: Spread; readonly postgresUs: Spread } | null;
  /** The highest share of a core that the load generator used: near 1, it was the limit, and not the server. */
  readonly generatorCpuShare: { readonly measured: number; readonly baseline: number };
  readonly requests: number;
  readonly failed: number;
  readonly failures: readonly string[];
  readonly goals: readonly (Goal & { readonly measuredMs: number; readonly met: boolean })[];
}

export interface BenchReport {
  readonly date: string;
  readonly command: string;
  readonly machine: MachineFacts;
  readonly options: Pick<BenchOptions, 'data' | 'seed' | 'rounds' | 'durationMs' | 'readers' | 'follows' | 'settings'>;
  readonly posts: number;
  readonly foreignShare: number | null;
  readonly calibrations: {
    readonly selectsPerSecond: Spread;
    readonly tenantTransactionsPerSecond: Spread;
    readonly batchRowsPerSecond: Spread;
  };
  readonly scenarios: readonly ScenarioReport[];
}

/** Condenses a run. `date` is the day, as the report prints it. */
export function reportOf(run: BenchRun, options: BenchOptions, command: string, date: string): BenchReport {
  const { data, seed, rounds, durationMs, readers, follows, settings } = options;
  const { calibrations } = run;
  return {
    date,
    command,
    machine: machineFacts(run.postgresVersion),
    options: { data: withoutPath(data), seed, rounds, durationMs, readers, follows, settings },
    posts: run.posts,
    foreignShare: run.foreignShare,
    calibrations: {
      selectsPerSecond: spreadOf(calibrations.map((one) => one.selectsPerSecond)),
      tenantTransactionsPerSecond: spreadOf(calibrations.map((one) => one.tenantTransactionsPerSecond)),
      batchRowsPerSecond: spreadOf(calibrations.map((one) => one.batchRowsPerSecond)),
    },
    scenarios: run.runs.map(reportScenario),
  };
}

function machineFacts(postgres: string): MachineFacts {
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGib: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    postgres,
  };
}

/** Where a data set lies is nobody's business; what it is called may help. */
function withoutPath(data: BenchOptions['data']): BenchOptions['data'] {
  const nameOf = (path: string) => path.split(/[\\/]/).filter(Boolean).at(-1) ?? '';
  switch (data.kind) {
    case 'seed':
      return data;
    case 'ldbc-snb':
      return { kind: data.kind, directory: nameOf(data.directory) };
    case 'edges':
      return { kind: data.kind, file: nameOf(data.file) };
  }
}

function reportScenario({ scenario, rounds, failures }: ScenarioRun): ScenarioReport {
  const { comparison, goals } = scenario;
  const pairs = rounds.map(({ baseline, peak, open }) =>
    comparison.kind === 'latency'
      ? { measured: open.load.latency.p95Ms, baseline: baseline.p95Ms ?? 0 }
      : { measured: peak.load.rate, baseline: baseline.rate },
  );
  const slices = rounds.flatMap(({ peak, open }) => [peak, open]);
  const opens = rounds.map(({ open }) => open.load);
  const percentile = (name: 'p50Ms' | 'p95Ms' | 'p99Ms') => spreadOf(opens.map(({ latency }) => latency[name]));
  const open: OpenLoopReport = {
    intendedRate: spreadOf(opens.map(({ intendedRate }) => intendedRate ?? 0)),
    achievedRate: spreadOf(opens.map(({ rate }) => rate)),
    p50Ms: percentile('p50Ms'),
    p95Ms: percentile('p95Ms'),
    p99Ms: percentile('p99Ms'),
    maxMs: Math.max(...opens.map(({ latency }) => latency.maxMs)),
    generatorLatenessMs: Math.max(...opens.map(({ generatorLateness }) => generatorLateness?.p99Ms ?? 0)),
  };
  return {
    name: scenario.name,
    title: scenario.title,
    findings: scenario.findings,
    comparison: comparison.kind === 'latency' ? comparison.title : baselineTitle(comparison.baseline),
    measured: spreadOf(pairs.map(({ measured }) => measured)),
    baseline: spreadOf(pairs.map(({ baseline }) => baseline)),
    unit: comparison.kind === 'latency' ? 'ms' : '1/s',
    ratio: ratioOf(pairs, comparison.bar),
    cpuRatio: cpuRatioOf(rounds, comparison.kind),
    open,
    cost: costOf(rounds.map(({ peak }) => peak)),
    generatorCpuShare: {
      measured: Math.max(...rounds.map(({ peak }) => peak.load.cpuShare)),
      baseline: Math.max(...rounds.map(({ baseline }) => baseline.generatorCpuShare)),
    },
    requests: slices.reduce((sum, { load }) => sum + load.latency.count, 0),
    failed: slices.reduce((sum, { load }) => sum + load.failed, 0),
    failures,
    goals: goals.map((goal) => {
      const measuredMs = open[goal.percentile].median;
      return { ...goal, measuredMs, met: measuredMs <= goal.atMostMs };
    }),
  };
}

function cpuRatioOf(rounds: ScenarioRun['rounds'], kind: 'throughput' | 'latency'): Spread | null {
  const ratios = rounds.flatMap(({ baseline, peak, open }) => {
    const { cost } = kind === 'latency' ? open : peak;
    if (cost === null || baseline.cpuUs === null) return [];
    const productUs = cost.serverUs + cost.postgresUs;
    return [kind === 'throughput' ? baseline.cpuUs / productUs : productUs / baseline.cpuUs];
  });
  return ratios.length === 0 ? null : spreadOf(ratios);
}

function costOf(slices: readonly ProductSlice[]): ScenarioReport['cost'] {
  const costs = slices.flatMap(({ cost }) => (cost === null ? [] : [cost]));
  if (costs.length === 0) return null;
  return {
    serverUs: spreadOf(costs.map(({ serverUs }) => serverUs)),
    postgresUs: spreadOf(costs.map(({ postgresUs }) => postgresUs)),
  };
}

function baselineTitle(baseline: Baseline): string {
  switch (baseline.kind) {
    case 'static':
      return 'a ready answer of the same headers and size';
    case 'select':
      return 'primary-key selects';
    case 'row_insert':
      return `single-row insert transactions on ${baseline.connections} connections`;
    case 'password_hash':
      return `bare argon2id verifications, ${baseline.concurrency} at a time`;
  }
}
