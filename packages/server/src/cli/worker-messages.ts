import type { Environment } from '../config/index.js';
import type { DatabaseAddresses } from './deployment.js';

/** What a serving process needs beyond its own environment; goes from the first process to each by a private channel. */
export interface WorkerOptions {
  readonly addresses: DatabaseAddresses;
  readonly secretKey: string;
  /** From 1. */
  readonly processNumber: number;
  readonly adminPort: number;
  readonly portFallback: boolean;
  /** What the first process takes where the environment says nothing. */
  readonly defaults: Environment;
}

/** The first process hands over a connection: the socket comes with the message. */
export interface DealtConnection {
  readonly connection: 'dealt';
}

/** To a serving process. */
export type MessageToWorker =
  | { readonly options: WorkerOptions }
  | DealtConnection
  /** The port will be closed soon: time for load balancers to notice. */
  | { readonly becomeUnready: true };

/** From a serving process. */
export type MessageFromWorker =
  /** It listens for its options. */
  | { readonly asksForOptions: true }
  /** It serves the connections that it is dealt. */
  | { readonly ready: { readonly adminUrl: string } }
  /** Of the connection it was dealt last. A process that refuses one takes no more. */
  | { readonly connection: 'taken' | 'refused' };
