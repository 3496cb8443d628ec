import { Client, type ClientConfig, Pool, type PoolClient } from 'pg';
import { NovaError, platformErrors } from '../errors/index.js';
import { ConnectionLost } from './connection-failure.js';
import { cutConnection, endConnection } from './connection-socket.js';
import { onDeadline } from './deadline.js';
import { valueParsers } from './value-parsers.js';

export interface WriterPoolOptions {
  readonly connection: ClientConfig;
  readonly max: number;
  /** For a connection that is free or new. */
  readonly acquireTimeoutMs: number;
  /** For opening a new one. */
  readonly connectTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly lifetimeMs: number;
  /** 0..1: the share of `max` in use from which a queue of waiters is cut short (R3). */
  readonly saturation: number;
  readonly onError: (error: Error) => void;
}

/** Waiters per connection that are let queue once the pool is saturated. */
const WAITERS_PER_CONNECTION = 4;
/** What `pg-pool` says to those who waited for a connection of others. */
const NONE_WAS_FREE = 'timeout exceeded when trying to connect';

/** Connections of their own for transactions that write, lock or take long. */
export class WriterPool {
  readonly #pool: Pool;
  readonly #options: WriterPoolOptions;
  readonly #clients = new Set<Client>();

  constructor(options: WriterPoolOptions) {
    this.#options = options;
    const { connectTimeoutMs } = options;
    this.#pool = new Pool({
      ...options.connection,
      // The pool has one timeout for both; a client goes by its own.
      Client: class extends Client {
        constructor(config?: string | ClientConfig) {
          super({ ...(config as ClientConfig), connectionTimeoutMillis: connectTimeoutMs });
        }
      },
      max: options.max,
      connectionTimeoutMillis: options.acquireTimeoutMs,
      idleTimeoutMillis: options.idleTimeoutMs,
      maxLifetimeSeconds: Math.ceil(options.lifetimeMs / 1_000),
      keepAlive: true,
      pipeline: true,
      types: valueParsers,
    });
    this.#pool.on('error', options.onError);
    this.#pool.on('connect', (client) => void this.#clients.add(client as unknown as Client));
    this.#pool.on('remove', (client) => void this.#clients.delete(client as unknown as Client));
  }

  get inUse(): number {
    return this.#pool.totalCount - this.#pool.idleCount;
  }

  get open(): number {
    return this.#pool.totalCount;
  }

  get waiting(): number {
    return this.#pool.waitingCount;
  }

  get size(): number {
    return this.#options.max;
  }

  /**
   * Throws `overloaded` at once when saturated with waiters (R3) or after the acquire timeout (R2), `deadline_exceeded`
   * after `timeoutMs`, and `ConnectionLost` when the server is out of reach.
   */
  async acquire(timeoutMs: number): Promise<PoolClient> {
    const { max, saturation, acquireTimeoutMs } = this.#options;
    if (this.inUse >= max * saturation && this.waiting >= max * WAITERS_PER_CONNECTION) {
      throw platformErrors.overloaded({ detail: 'too many changes are waiting', retryAfterMs: 500 });
    }
    const client = await this.#connect(timeoutMs).catch((error: unknown) => {
      if (error instanceof NovaError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      if (reason !== NONE_WAS_FREE) throw new ConnectionLost(reason);
      throw platformErrors.overloaded({
        detail: `no database connection was free within ${acquireTimeoutMs} ms`,
        retryAfterMs: 500,
        cause: error,
      });
    });
    // Between checkout and release the pool does not listen, and an unheard error would end the process;
    // the statement under way reports it as well.
    client.on('error', ignoreWhileHeld);
    return client;
  }

  async #connect(timeoutMs: number): Promise<PoolClient> {
    const connecting = this.#pool.connect();
    if (timeoutMs >= this.#options.acquireTimeoutMs) return await connecting;
    let cancelDeadline = () => {};
    const late = new Promise<never>((_, reject) => {
      cancelDeadline = onDeadline(timeoutMs, () => {
        reject(platformErrors.deadline_exceeded({ detail: 'no database connection was free in time' }));
        // The pool cannot forget a waiter: what comes after all goes back.
        connecting.then(
          (client) => client.release(),
          () => {},
        );
      });
    });
    try {
      return await Promise.race([connecting, late]);
    } finally {
      cancelDeadline();
    }
  }

  /** @param broken the connection is in an unknown state and must not be used again */
  release(client: PoolClient, broken: boolean): void {
    // `release` says farewell in order, behind the statement that does not end: cut the socket first.
    if (broken) cutConnection(client);
    else client.removeListener('error', ignoreWhileHeld);
    client.release(broken);
  }

  /** Waits for connections that are held. */
  async close(): Promise<void> {
    await this.#pool.end();
    // The pool says farewell and does not look back.
    await Promise.all([...this.#clients].map(endConnection));
  }
}

function ignoreWhileHeld(): void {}
