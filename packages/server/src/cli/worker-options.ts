import type { Environment } from '../config/index.js';
import type { DatabaseAddresses } from './deployment.js';

/** What a serving process needs beyond its own environment; goes from the first process to each by a private channel. */
export interface WorkerOptions {
  readonly addresses: DatabaseAddresses;
  readonly secretKey: string;
  /** From 1. */
  readonly processNumber: number;
  /** Chosen by the first process, so that all listen on the same one. */
  readonly httpPort: number;
  readonly adminPort: number;
  readonly portFallback: boolean;
  /** What the first process takes where the environment says nothing. */
  readonly defaults: Environment;
}

/** A serving process tells that it listens. */
export interface WorkerReady {
  readonly ready: { readonly url: string; readonly adminUrl: string; readonly pid: number };
}

/** A serving process listens for its options. */
export interface WorkerAsks {
  readonly asksForOptions: true;
}

export type WorkerMessage = WorkerAsks | WorkerReady;
