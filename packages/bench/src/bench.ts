import { availableParallelism } from 'node:os';
import path from 'node:path';
import { staticAnswerOf } from './calibration/static-server.js';
import { startStaticProcess } from './calibration/static-server-process.js';
import { type LoadGenerator, startLoadGenerator } from './load/load-generator.js';
import { createRandom } from './measure/random.js';
import type { BenchOptions, DataSource } from './options.js';
import { ApiClient } from './product/api-client.js';
import { inspectDatabase, refreshStatistics } from './product/database.js';
import { signUpMembers } from './product/members.js';
import { type NovaServer, startNovaServer } from './product/nova-server.js';
import { readCpuMs, readCpuTimes, readMachineBusyMs, settle } from './product/process-cpu.js';
import { makeProlific } from './product/prolific-author.js';
import {
  type Calibrations,
  calibrate,
  type Measuring,
  measureProduct,
  type PreparedScenario,
  runRound,
  type ScenarioRound,
} from './run-scenario.js';
import { scenarioNamed } from './scenarios/index.js';
import type { Environment, Scenario } from './scenarios/scenario.js';

export interface ScenarioRun {
  readonly scenario: Scenario;
  readonly rounds: readonly ScenarioRound[];
  /** What was wrong with the answers; empty when all were right. */
  readonly failures: readonly string[];
}

export interface BenchRun {
  readonly postgresVersion: string;
  readonly posts: number;
  readonly calibrations: readonly Calibrations[];
  readonly runs: readonly ScenarioRun[];
  /** Share of the machine's processors that others than the bench used; null where it cannot be read. */
  readonly foreignShare: number | null;
}

const WRITERS = 64;
const WARM_UP_MS = 300;

/**
 * Starts the product, fills it and measures. Rejects when the product does not start or prepares wrong answers; and with
 * the reason of `signal` when that is aborted, once the product is stopped and its data are removed. What was measuring
 * then is left to its failure.
 */
export async function runBench(
  options: BenchOptions,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<BenchRun> {
  const profileDir = options.profile ? path.resolve(options.out, 'profiles') : null;
  say('starting Nova');
  const server = await startNovaServer({ settings: options.settings, profileDir, signal });
  const api = new ApiClient(server.url);
  try {
    return await Promise.race([fillAndMeasure(server, api, options, say), abortion(signal)]);
  } catch (error) {
    signal.throwIfAborted();
    throw new Error(`the run failed; the end of the server's log:\n${await server.logEnd()}`, { cause: error });
  } finally {
    api.close();
    await server.close();
  }
}

async function fillAndMeasure(
  server: NovaServer,
  api: ApiClient,
  options: BenchOptions,
  say: (line: string) => void,
): Promise<BenchRun> {
  say('filling the database');
  await server.run(fillCommand(options.data));
  const environment = await prepareEnvironment(server, api, options);
  return await measure(server, environment, options, say);
}

/** Rejects when the signal is aborted. */
function abortion(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}

function fillCommand(data: DataSource): string[] {
  switch (data.kind) {
    case 'seed':
      return ['seed', '--users', String(data.users), '--seed', String(data.seed)];
    case 'ldbc-snb':
      return ['import', 'ldbc-snb', path.resolve(data.directory)];
    case 'edges':
      return ['import', 'edges', path.resolve(data.file)];
  }
}

async function prepareEnvironment(server: NovaServer, api: ApiClient, options: BenchOptions): Promise<Environment> {
  const { url } = server;
  const random = createRandom(options.seed);
  const database = await inspectDatabase(server.dataDir);
  const candidates = database.authors.map(({ authorId }) => authorId);
  const signUp = (prefix: string, count: number, follows: number) =>
    signUpMembers({ url, random, prefix, count, candidates, follows });
  const readers = await signUp('bench_reader', options.readers, options.follows);
  const writers = await signUp('bench_writer', WRITERS, 0);
  const [prolific] = await signUp('bench_prolific', 1, 0);
  if (prolific === undefined) throw new Error('nobody signed up');
  const prolificAuthor = await makeProlific(database, prolific.id);
  await refreshStatistics(database);
  return { url, api, database, random, readers, writers, prolificAuthor, run: server.run };
}

async function measure(
  server: NovaServer,
  environment: Environment,
  { scenarios, rounds, durationMs, seed }: BenchOptions,
  say: (line: string) => void,
): Promise<BenchRun> {
  const generator = startLoadGenerator();
  const cpuTimes = () => readCpuTimes(server.pids, server.dataDir);
  const measuring: Measuring = { generator, environment, durationMs, warmUpMs: WARM_UP_MS, cpuTimes };
  const prepared: PreparedScenario[] = [];
  try {
    for (const name of scenarios) {
      say(`preparing ${name}`);
      prepared.push(await prepareScenario(measuring, scenarioNamed(name), seed));
    }
    const calibrations: Calibrations[] = [];
    const measured = prepared.map(() => [] as ScenarioRound[]);
    const ownCpuMs = () => ownProcessesCpuMs(cpuTimes, generator, prepared);
    const foreign = await watchForeignShare(ownCpuMs);
    for (let round = 0; round < rounds; round++) {
      await settle(cpuTimes);
      calibrations.push(await calibrate(measuring));
      for (const [index, one] of prepared.entries()) {
        say(`round ${round + 1} of ${rounds}: ${one.scenario.name}`);
        await settle(cpuTimes);
        measured[index]?.push(await runRound(measuring, one, seed + 1_000 * (round + 1)));
      }
    }
    const foreignShare = await foreign();
    const runs: ScenarioRun[] = [];
    for (const [index, one] of prepared.entries()) {
      say(`verifying ${one.scenario.name}`);
      runs.push(await conclude(environment, one, measured[index] ?? []));
    }
    const posts = environment.database.authors.reduce((sum, author) => sum + author.posts, 0);
    return { postgresVersion: environment.database.version, posts, calibrations, runs, foreignShare };
  } finally {
    for (const { staticServer } of prepared) await staticServer?.close();
    await generator.close();
  }
}

async function ownProcessesCpuMs(
  cpuTimes: Measuring['cpuTimes'],
  generator: LoadGenerator,
  prepared: readonly PreparedScenario[],
): Promise<number | null> {
  const product = await cpuTimes();
  if (product === null) return null;
  const { user, system } = process.cpuUsage();
  const pids = [
    generator.pid,
    ...prepared.flatMap(({ staticServer }) => (staticServer === null ? [] : staticServer.pid)),
  ];
  const others = await Promise.all(pids.map(async (pid) => (await readCpuMs(pid)) ?? 0));
  return others.reduce((sum, ms) => sum + ms, product.serverMs + product.postgresMs + (user + system) / 1_000);
}

/** Begins to watch; the function it gives ends that and tells the share. */
async function watchForeignShare(ownCpuMs: () => Promise<number | null>): Promise<() => Promise<number | null>> {
  const read = async () => ({ at: performance.now(), busy: await readMachineBusyMs(), own: await ownCpuMs() });
  const from = await read();
  return async () => {
    const to = await read();
    if (from.busy === null || from.own === null || to.busy === null || to.own === null) return null;
    const foreignMs = to.busy - from.busy - (to.own - from.own);
    return Math.max(foreignMs / ((to.at - from.at) * availableParallelism()), 0);
  };
}

/** Verifies answers one by one, then warms the product up. */
async function prepareScenario(measuring: Measuring, scenario: Scenario, seed: number): Promise<PreparedScenario> {
  const { environment } = measuring;
  const context = await scenario.prepare(environment);
  const { comparison } = scenario;
  let staticServer: PreparedScenario['staticServer'] = null;
  if (comparison.kind === 'throughput' && comparison.baseline.kind === 'static') {
    const { head, body } = await environment.api.send(scenario.load(context, createRandom(seed)).next(0));
    staticServer = await startStaticProcess(staticAnswerOf(head, body));
  }
  // The first requests run code that is not compiled yet: what they reach is thrown away.
  await measureProduct(measuring, { scenario, context }, { rate: null, seed, side: 'measured' });
  return { scenario, context, staticServer };
}

async function conclude(
  environment: Environment,
  { scenario, context }: PreparedScenario,
  rounds: readonly ScenarioRound[],
): Promise<ScenarioRun> {
  const loads = rounds.flatMap(({ peak, open }) => [peak.load, open.load]);
  const failures = loads.flatMap(({ failures: told }) => told);
  try {
    await scenario.finish?.(
      environment,
      context,
      loads.flatMap(({ collected }) => collected),
    );
  } catch (error) {
    failures.push((error as Error).message);
  }
  return { scenario, rounds, failures: [...new Set(failures)] };
}
