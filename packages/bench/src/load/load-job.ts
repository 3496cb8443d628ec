import type { InsertRateOptions } from '../calibration/insert-rate.js';
import type { PasswordHashRateOptions } from '../calibration/password-hash-rate.js';
import type { RateResult } from '../calibration/rate-result.js';
import type { SelectRateOptions } from '../calibration/select-rate.js';
import type { LoadResult } from './tally.js';

/** Which requests to send: a scenario's, those it is compared with, or one path again and again. */
export type SourceName =
  | { readonly kind: 'scenario'; readonly scenario: string; readonly side: 'measured' | 'baseline' }
  | { readonly kind: 'static'; readonly bytes: number };

export interface HttpJob {
  readonly kind: 'http';
  readonly url: string;
  readonly source: SourceName;
  /** What the scenario's preparation found, as JSON. */
  readonly context: unknown;
  readonly seed: number;
  readonly connections: number;
  /** Requests per second of an open loop; null for a closed one. */
  readonly rate: number | null;
  readonly durationMs: number;
  readonly warmUpMs: number;
}

export type CalibrationJob =
  | ({ readonly kind: 'select' } & SelectRateOptions)
  | ({ readonly kind: 'insert' } & InsertRateOptions)
  | ({ readonly kind: 'password_hash' } & PasswordHashRateOptions);

export type LoadJob = HttpJob | CalibrationJob;

/** What the load process itself used, thread of the clock included. */
export interface GeneratorCost {
  /** Of one core. */
  readonly cpuShare: number;
  readonly cpuMs: number;
}

export type LoadReply =
  | (GeneratorCost & { readonly load: LoadResult })
  | (GeneratorCost & { readonly calibration: RateResult })
  | { readonly error: string };
