import { Histogram, type LatencySummary } from '../measure/histogram.js';
import type { LoadSource } from './load-source.js';
import type { BenchRequest } from './request.js';
import type { HttpResponse } from './response-reader.js';

export interface LoadResult {
  /** Right answers per second of the measured time. */
  readonly rate: number;
  /** The rate that was meant; null for a closed loop, which has none. */
  readonly intendedRate: number | null;
  readonly durationMs: number;
  readonly latency: LatencySummary;
  /** How much later than intended the generator itself sent, when a connection was free; null for a closed loop. */
  readonly generatorLateness: LatencySummary | null;
  readonly failed: number;
  /** The first few failures, in words. */
  readonly failures: readonly string[];
  readonly collected: readonly string[];
}

const MAX_FAILURES_TOLD = 5;

/** Counts the answers of one load. Only right ones have a latency: fast refusals must not flatter it. */
export class Tally {
  readonly latency = new Histogram();
  readonly lateness = new Histogram();
  readonly #source: LoadSource;
  readonly #failures: string[] = [];
  readonly #collected: string[] = [];
  #failed = 0;

  constructor(source: LoadSource) {
    this.#source = source;
  }

  /** `latencyMs` is undefined for an answer outside the measured time: it is checked, but not counted. */
  answered(request: BenchRequest, answer: HttpResponse | Error, index: number, latencyMs: number | undefined): void {
    if (answer instanceof Error) {
      this.fail(answer.message);
      return;
    }
    try {
      this.#source.check(request, answer, index);
    } catch (error) {
      this.fail(error instanceof Error ? error.message : String(error));
      return;
    }
    const collected = this.#source.collect?.(request, answer);
    if (collected !== undefined) this.#collected.push(collected);
    if (latencyMs !== undefined) this.latency.record(latencyMs);
  }

  fail(message: string, count = 1): void {
    this.#failed += count;
    if (this.#failures.length < MAX_FAILURES_TOLD && !this.#failures.includes(message)) this.#failures.push(message);
  }

  result(durationMs: number, intendedRate: number | null): LoadResult {
    return {
      rate: (this.latency.count * 1_000) / durationMs,
      intendedRate,
      durationMs,
      latency: this.latency.summary(),
      generatorLateness: intendedRate === null ? null : this.lateness.summary(),
      failed: this.#failed,
      failures: this.#failures,
      collected: this.#collected,
    };
  }
}
