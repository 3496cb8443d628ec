import type { LoadSource } from '../load/load-source.js';
import type { Random } from '../measure/random.js';
import type { Bar } from '../measure/ratio.js';
import type { ApiClient } from '../product/api-client.js';
import type { Author, BenchDatabase } from '../product/database.js';
import type { Member } from '../product/members.js';

/** What preparations have at hand: the running product with its data. */
export interface Environment {
  readonly url: string;
  readonly api: ApiClient;
  readonly database: BenchDatabase;
  readonly random: Random;
  /** Members who follow many and write nothing, so that what they see stays the same throughout the run. */
  readonly readers: readonly Member[];
  /** Members who follow nobody and whom nobody follows. */
  readonly writers: readonly Member[];
  /** Whom nobody follows, with more posts than any other member. */
  readonly prolificAuthor: Author;
  /** Runs a command of the product, such as `tenant create`, and answers with its output. */
  readonly run: (args: readonly string[]) => Promise<string>;
}

/** What the most that the scenario could reach is taken from. */
export type Baseline =
  /** A ready answer of the same headers and bytes by the same HTTP library. */
  | { readonly kind: 'static' }
  /** Primary-key selects on one pipelined connection. */
  | { readonly kind: 'select' }
  /** Single-row inserts, each a durable transaction, on as many connections. */
  | { readonly kind: 'row_insert'; readonly connections: number }
  /** Bare argon2id verifications, as many at a time. */
  | { readonly kind: 'password_hash'; readonly concurrency: number };

export type Comparison<Context> =
  /** Highest rate over highest rate. */
  | { readonly kind: 'throughput'; readonly baseline: Baseline; readonly bar: Bar }
  /** p95 over p95 of other requests, both at the same rate. */
  | {
      readonly kind: 'latency';
      readonly title: string;
      load(context: Context, random: Random): LoadSource;
      readonly bar: Bar;
    };

/** An absolute target of the findings: reported beside the ratios, for it holds for a quiet machine of some size only. */
export interface Goal {
  readonly finding: string;
  readonly percentile: 'p50Ms' | 'p95Ms' | 'p99Ms';
  readonly atMostMs: number;
}

/** A load of a fixed rate that others have to bear. */
export interface Neighbour<Context> {
  /** Requests per second. */
  readonly rate: number;
  readonly connections: number;
  load(context: Context, random: Random): LoadSource;
}

/**
 * One way of using the product. `prepare` and `finish` run in the bench's process and verify what takes many calls;
 * `load` runs in the load process. The context goes from one to the other, so it is plain JSON.
 */
export interface Scenario<Context = unknown> {
  readonly name: string;
  readonly title: string;
  readonly findings: readonly string[];
  /** Connections of the closed loop, and most requests under way in the open one. */
  readonly connections: number;
  /** Rate of the open loop as a share of the highest rate of the round. */
  readonly openLoopShare: number;
  readonly comparison: Comparison<Context>;
  readonly goals: readonly Goal[];
  /** What goes on beside the measured side, and is not measured: its answers are checked, too. */
  readonly neighbour?: Neighbour<Context>;
  /** Throws when the product's answers are wrong. */
  prepare(environment: Environment): Promise<Context>;
  load(context: Context, random: Random): LoadSource;
  /** After all rounds, with what `LoadSource.collect` gave. Throws when the answers are wrong. */
  finish?(environment: Environment, context: Context, collected: readonly string[]): Promise<void>;
}

/** Puts a scenario into the list of all: its context is its own business. */
export function defineScenario<Context>(scenario: Scenario<Context>): Scenario {
  return scenario as unknown as Scenario;
}
