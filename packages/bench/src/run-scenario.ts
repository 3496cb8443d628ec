import type { StaticServerHandle } from './calibration/static-server-process.js';
import type { LoadGenerator, MeasuredLoad } from './load/load-generator.js';
import { type CpuTimes, readCpuMs } from './product/process-cpu.js';
import type { Baseline, Environment, Scenario } from './scenarios/scenario.js';

/** Processor time that one counted request took, in us, of the processes that serve it. */
export interface RequestCost {
  readonly serverUs: number;
  readonly postgresUs: number;
}

/** One load on the product. */
export interface ProductSlice {
  readonly load: MeasuredLoad;
  /** Null where processor times cannot be read. */
  readonly cost: RequestCost | null;
}

export interface BaselineSlice {
  readonly rate: number;
  readonly p95Ms: number | null;
  readonly generatorCpuShare: number;
  /** Processor time of one request or statement, in us, wherever it was spent; null where it cannot be read. */
  readonly cpuUs: number | null;
}

/** One turn of a scenario: baseline first, then the product; both sides of its ratio were measured within seconds. */
export interface ScenarioRound {
  readonly baseline: BaselineSlice;
  /** As fast as it can. */
  readonly peak: ProductSlice;
  /** At a fixed rate, a share of the peak's. */
  readonly open: ProductSlice;
}

/** A prepared scenario with all it needs to be measured. */
export interface PreparedScenario {
  readonly scenario: Scenario;
  readonly context: unknown;
  readonly staticServer: StaticServerHandle | null;
}

export interface Measuring {
  readonly generator: LoadGenerator;
  readonly environment: Environment;
  readonly durationMs: number;
  readonly warmUpMs: number;
  readonly cpuTimes: () => Promise<CpuTimes | null>;
}

/** In flight on the one connection of the select calibration. */
const SELECTS_IN_FLIGHT = 64;
const MIN_OPEN_RATE = 5;

/** Loads the product with a scenario's requests, or those it is compared with. `rate` null: as fast as it can. */
export async function measureProduct(
  { generator, environment, durationMs, warmUpMs, cpuTimes }: Measuring,
  { scenario, context }: Pick<PreparedScenario, 'scenario' | 'context'>,
  { rate, seed, side }: { rate: number | null; seed: number; side: 'measured' | 'baseline' },
): Promise<ProductSlice> {
  const before = await cpuTimes();
  const load = await generator.http({
    url: environment.url,
    source: { kind: 'scenario', scenario: scenario.name, side },
    context,
    seed,
    connections: scenario.connections,
    rate,
    durationMs,
    warmUpMs,
  });
  const after = await cpuTimes();
  if (before === null || after === null || load.latency.count === 0) return { load, cost: null };
  const perRequest = (ms: number) => costUs(ms, load.latency.count, { durationMs, warmUpMs });
  return {
    load,
    cost: {
      serverUs: perRequest(after.serverMs - before.serverMs),
      postgresUs: perRequest(after.postgresMs - before.postgresMs),
    },
  };
}

/** The warm-up is in the processor times, but not in the count. */
function costUs(cpuMs: number, counted: number, { durationMs, warmUpMs }: { durationMs: number; warmUpMs: number }) {
  return (cpuMs * 1_000) / (counted * (1 + warmUpMs / durationMs));
}

/**
 * Baseline, then the product at its highest rate, then at a fixed one; when latencies are compared, the baseline has
 * that fixed rate too. The rate is that of the round: on a machine that slows down, an earlier one would be overload.
 */
export async function runRound(measuring: Measuring, prepared: PreparedScenario, seed: number): Promise<ScenarioRound> {
  const { comparison, openLoopShare } = prepared.scenario;
  const product = (rate: number | null, seedOfSlice: number, side: 'measured' | 'baseline' = 'measured') =>
    measureProduct(measuring, prepared, { rate, seed: seedOfSlice, side });
  const rateBelow = ({ load }: ProductSlice) => Math.max(load.rate * openLoopShare, MIN_OPEN_RATE);
  switch (comparison.kind) {
    case 'throughput': {
      const baseline = await measureBaseline(measuring, prepared, comparison.baseline);
      const peak = await product(null, seed);
      return { baseline, peak, open: await product(rateBelow(peak), seed + 1) };
    }
    case 'latency': {
      const peak = await product(null, seed);
      const rate = rateBelow(peak);
      const { load, cost } = await product(rate, seed + 1, 'baseline');
      requireNoFailure(prepared.scenario.name, load);
      const cpuUs = cost === null ? null : cost.serverUs + cost.postgresUs;
      const baseline = { rate: load.rate, p95Ms: load.latency.p95Ms, generatorCpuShare: load.cpuShare, cpuUs };
      return { baseline, peak, open: await product(rate, seed + 2) };
    }
  }
}

function measureBaseline(measuring: Measuring, prepared: PreparedScenario, baseline: Baseline): Promise<BaselineSlice> {
  const { durationMs, warmUpMs } = measuring;
  const { url, tenantId, postIds: ids } = measuring.environment.database;
  const timing = { durationMs, warmUpMs };
  switch (baseline.kind) {
    case 'static':
      return measureStatic(measuring, prepared);
    case 'select': {
      const options = { url, tenantId, ids, inFlight: SELECTS_IN_FLIGHT, mode: 'plain' } as const;
      return measureCalibration(measuring, { kind: 'select', ...options, ...timing });
    }
    case 'row_insert': {
      const { connections } = baseline;
      return measureCalibration(measuring, { kind: 'insert', url, rows: 1, connections, ...timing });
    }
    case 'password_hash': {
      const { concurrency } = baseline;
      return measureCalibration(measuring, { kind: 'password_hash', concurrency, ...timing });
    }
  }
}

async function measureStatic(
  { generator, durationMs, warmUpMs }: Measuring,
  { scenario, staticServer }: PreparedScenario,
): Promise<BaselineSlice> {
  if (staticServer === null) throw new Error('the static server is not running');
  const { url, pid, bytes } = staticServer;
  const before = await readCpuMs(pid);
  const load = await generator.http({
    url,
    source: { kind: 'static', bytes },
    context: null,
    seed: 0,
    connections: scenario.connections,
    rate: null,
    durationMs,
    warmUpMs,
  });
  requireNoFailure('static', load);
  const after = await readCpuMs(pid);
  const usedMs = before === null || after === null ? null : after - before;
  const cpuUs = usedMs === null ? null : costUs(usedMs, load.latency.count, { durationMs, warmUpMs });
  return { rate: load.rate, p95Ms: load.latency.p95Ms, generatorCpuShare: load.cpuShare, cpuUs };
}

/** The load process is the client here, as the server is in the product: its processor time belongs to the cost. */
async function measureCalibration(
  { generator, cpuTimes }: Measuring,
  job: Parameters<LoadGenerator['calibrate']>[0],
): Promise<BaselineSlice> {
  const before = await cpuTimes();
  const { rate, cpuMs, cpuShare } = await generator.calibrate(job);
  const after = await cpuTimes();
  const counted = (rate * job.durationMs) / 1_000;
  const postgresMs = before === null || after === null ? null : after.postgresMs - before.postgresMs;
  const cpuUs = postgresMs === null ? null : costUs(cpuMs + postgresMs, counted, job);
  return { rate, p95Ms: null, generatorCpuShare: cpuShare, cpuUs };
}

function requireNoFailure(name: string, { failed, failures }: MeasuredLoad): void {
  if (failed > 0) throw new Error(`the baseline of ${name} failed ${failed} times: ${failures[0]}`);
}

/** What the machine gives below everything else, for orientation: not part of a ratio. */
export interface Calibrations {
  readonly selectsPerSecond: number;
  readonly tenantTransactionsPerSecond: number;
  readonly batchRowsPerSecond: number;
}

export async function calibrate({ generator, environment, durationMs, warmUpMs }: Measuring): Promise<Calibrations> {
  const { url, tenantId, postIds: ids } = environment.database;
  const timing = { durationMs, warmUpMs };
  const select = (mode: 'plain' | 'transaction') =>
    generator.calibrate({ kind: 'select', url, tenantId, ids, inFlight: SELECTS_IN_FLIGHT, mode, ...timing });
  const plain = await select('plain');
  const transaction = await select('transaction');
  const batch = await generator.calibrate({ kind: 'insert', url, rows: 100, connections: 1, ...timing });
  return {
    selectsPerSecond: plain.rate,
    tenantTransactionsPerSecond: transaction.rate,
    batchRowsPerSecond: batch.rate,
  };
}
