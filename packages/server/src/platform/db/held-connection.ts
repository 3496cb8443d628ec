import type { PoolClient, QueryConfig, QueryResult } from 'pg';
import { platformErrors } from '../errors/index.js';
import { ConnectionLost, isPostgresError } from './connection-failure.js';
import { sendTogether } from './connection-socket.js';
import { serverTimeoutMs } from './deadline.js';

const ROLLBACK_MS = 200;

/** The connection of one transaction; knows whether its server answers. */
export class HeldConnection {
  readonly #client: PoolClient;
  #owed = 0;
  #owedSince = 0;
  #heard = false;
  #begun: Promise<unknown> = Promise.resolve();

  constructor(client: PoolClient) {
    this.#client = client;
  }

  /** Whether the server has answered anything since the connection is held. */
  get heard(): boolean {
    return this.#heard;
  }

  /** How long the server has owed an answer without giving any, in ms; 0 when it owes none. */
  get silentMs(): number {
    return this.#owed === 0 ? 0 : performance.now() - this.#owedSince;
  }

  /**
   * Not awaited: it leaves with the first statement, in the same round trip. What it throws, `commit` throws.
   * @param timeoutMs what the caller has left, of which the server gets its share for each statement
   */
  begin(timeoutMs: number, settings: string): void {
    sendTogether(this.#client);
    this.#begun = this.query(`begin; set local statement_timeout = ${serverTimeoutMs(timeoutMs)}; ${settings}`);
    this.#begun.catch(() => {});
  }

  /** Throws `ConnectionLost` or PostgreSQL's error: only here is an error that speaks of a connection the database's. */
  async query(statement: string | QueryConfig): Promise<QueryResult> {
    if (this.#owed === 0) this.#owedSince = performance.now();
    this.#owed += 1;
    try {
      const result = await this.#client.query(statement);
      this.#heard = true;
      return result;
    } catch (error) {
      if (isLostConnection(error)) throw new ConnectionLost(error.message);
      this.#heard = true;
      throw error;
    } finally {
      this.#owed -= 1;
      this.#owedSince = performance.now();
    }
  }

  /** A COMMIT after an error inside the transaction resolves, with the tag ROLLBACK: nothing was kept (I1). */
  async commit(): Promise<void> {
    await this.#begun;
    const { command } = await this.query('commit');
    if (command !== 'COMMIT') {
      throw platformErrors.internal({ detail: 'the change was rolled back', cause: new Error(`tag ${command}`) });
    }
  }

  /** Bounded: a connection that does not even roll back is cut by the caller. */
  async rollback(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const expired = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new ConnectionLost('rollback passed its deadline')), ROLLBACK_MS);
    });
    try {
      await Promise.race([this.query('rollback'), expired]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** `pg` reports a vanished server as a plain Error without a SQLSTATE. */
function isLostConnection(error: unknown): error is Error {
  return (
    error instanceof Error &&
    !isPostgresError(error) &&
    /Connection terminated|connection error|ECONNRESET|EPIPE|ECONNREFUSED|not queryable/.test(error.message)
  );
}
