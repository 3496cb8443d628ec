import type { ClientConfig, PoolClient, QueryResult } from 'pg';
import { platformErrors } from '../errors/index.js';
import type { Breaker } from '../resilience/breaker.js';
import type { ColumnShape, ValuesOf } from './columns.js';
import {
  ConnectionLost,
  DatabaseSilent,
  isDependencyFailure,
  isPostgresError,
  isStatementMixUp,
  isTransactionConflict,
  toNovaError,
} from './connection-failure.js';
import { onDeadline, SILENT_SHARE } from './deadline.js';
import type { DomainEvent, ReadHandle, SystemHandle, WriteHandle } from './handles.js';
import { HeldConnection } from './held-connection.js';
import { PipelinedReader } from './pipelined-reader.js';
import { bindParameters, type Query, type ReadQuery } from './query.js';
import { WriterPool } from './writer-pool.js';

/** What one statement did, for metrics and the slow log. */
export interface QueryObservation {
  readonly query: string;
  readonly role: 'app' | 'system';
  readonly durationMs: number;
  readonly outcome: 'ok' | 'error';
}

export interface DatabaseOptions {
  readonly app: ClientConfig;
  readonly system: ClientConfig;
  readonly pipelineConnections: number;
  readonly writerConnections: number;
  /** For lookups on the way of a request: keys, tokens. */
  readonly systemConnections: number;
  /** For the outbox and maintenance, which must not share the users' connections (R1). */
  readonly adminConnections: number;
  readonly maxReadsInFlight: number;
  /** 0..1 */
  readonly saturation: number;
  readonly preparedStatements: boolean;
  readonly acquireTimeoutMs: number;
  readonly connectTimeoutMs: number;
  /** Ceiling of one read and of one transaction as a whole, in ms; a shorter request deadline wins. */
  readonly queryTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly lifetimeMs: number;
  readonly breaker: Breaker;
  /** Off only in the test that shows row-level security to hold alone (I8). */
  readonly tenantFilters: boolean;
  readonly observe: (observation: QueryObservation) => void;
  readonly onConnectionError: (error: Error) => void;
  /** Writes the events of a transaction; see platform/outbox. */
  readonly storeEvents: (
    tx: WriteHandle,
    events: readonly DomainEvent[],
    correlationId: string | null,
  ) => Promise<void>;
  /** Tells the outbox's consumers that there is something new. */
  readonly onEventsCommitted: () => void;
  /** Told of an effect after a commit that threw. */
  readonly onEffectError: (error: unknown) => void;
}

export interface TransactionOptions {
  /** Overrides `queryTimeoutMs`: imports and maintenance only. */
  readonly timeoutMs?: number;
  /** On the `performance.now()` clock; the earlier of the two bounds holds. */
  readonly deadlineAt?: number;
  /** Goes with the events of the transaction (O2). */
  readonly correlationId?: string;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const CONFLICT_TRIES = 3;

/**
 * PostgreSQL as operations see it: reads on the shared pipeline, transactions on connections of their own,
 * every statement named, inside a tenant, bounded in time and behind the breaker.
 */
export class Database {
  readonly #options: DatabaseOptions;
  readonly reader: PipelinedReader;
  readonly writers: WriterPool;
  readonly lookups: WriterPool;
  readonly admin: WriterPool;

  /** Of all pools: they reach one server. */
  readonly breaker: Breaker;

  constructor(options: DatabaseOptions) {
    this.#options = options;
    this.breaker = options.breaker;
    const { acquireTimeoutMs, connectTimeoutMs, idleTimeoutMs, lifetimeMs, saturation } = options;
    const pool = (connection: ClientConfig, max: number) =>
      new WriterPool({
        connection,
        max,
        acquireTimeoutMs,
        connectTimeoutMs,
        idleTimeoutMs,
        lifetimeMs,
        saturation,
        onError: options.onConnectionError,
      });
    this.reader = new PipelinedReader({
      connection: options.app,
      connections: options.pipelineConnections,
      maxInFlight: options.maxReadsInFlight,
      saturation,
      preparedStatements: options.preparedStatements,
      connectTimeoutMs,
      silenceMs: options.queryTimeoutMs * SILENT_SHARE,
      lifetimeMs,
      onError: options.onConnectionError,
      onFailure: () => this.breaker.failed(),
    });
    this.writers = pool(options.app, options.writerConnections);
    this.lookups = pool(options.system, options.systemConnections);
    this.admin = pool(options.system, options.adminConnections);
  }

  async open(): Promise<void> {
    await this.reader.open();
  }

  async close(): Promise<void> {
    await Promise.all([this.reader.close(), this.writers.close(), this.lookups.close(), this.admin.close()]);
  }

  /** A handle for reads inside a tenant. `deadlineAt` is on the `performance.now()` clock. */
  read(tenantId: string, deadlineAt = Number.POSITIVE_INFINITY): ReadHandle {
    assertUuid(tenantId);
    const rows: ReadHandle['rows'] = async (query, values) =>
      (await this.#read(query, values, tenantId, deadlineAt)) as never;
    return { tenantId, rows, row: async (query, values) => (await rows(query, values))[0] };
  }

  /**
   * Runs `work` in one transaction inside a tenant and returns what it returned, after a confirmed COMMIT (I1).
   * Serialisation failures and deadlocks are retried: `work` must have no effect but through its handle.
   */
  async transaction<T>(
    tenantId: string,
    work: (tx: WriteHandle) => Promise<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    assertUuid(tenantId);
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#transactionOnce(tenantId, work, options);
      } catch (error) {
        if (!isTransactionConflict(error) || attempt === CONFLICT_TRIES) throw toNovaError(error);
      }
    }
  }

  /** Across tenants, on the way of a request: what a key or a token stands for. A transaction per statement. */
  readonly lookup: SystemHandle = systemHandle((work) => this.#systemTransaction(this.lookups, work));

  /** Across tenants, for the outbox and maintenance. A transaction per statement. */
  readonly system: SystemHandle = systemHandle((work) => this.systemTransaction(work));

  /** Several system statements in one transaction; used by the outbox and by maintenance. */
  async systemTransaction<T>(work: (handle: SystemHandle) => Promise<T>, timeoutMs?: number): Promise<T> {
    return await this.#systemTransaction(this.admin, work, timeoutMs);
  }

  async #systemTransaction<T>(
    pool: WriterPool,
    work: (handle: SystemHandle) => Promise<T>,
    timeoutMs?: number,
  ): Promise<T> {
    const transaction = this.#exclusive(pool, timeoutMs ?? this.#options.queryTimeoutMs, '', async (held) => {
      let ended = false;
      const answer = (query: Query, values: Record<string, unknown>) => {
        if (ended) throw new Error(`query ${query.name}: its transaction has ended`);
        return this.#statement(held, query, values as never, null);
      };
      try {
        const result = await work({
          rows: async (query, values) => (await answer(query, values)).rows as never,
          row: async (query, values) => (await answer(query, values)).rows[0] as never,
          run: async (query, values) => (await answer(query, values)).rowCount ?? 0,
        });
        ended = true;
        await held.commit();
        return result;
      } finally {
        ended = true;
      }
    });
    return await transaction.catch((error: unknown) => {
      throw toNovaError(error);
    });
  }

  async #read(
    query: ReadQuery,
    values: ValuesOf<ColumnShape>,
    tenantId: string,
    deadlineAt: number,
  ): Promise<unknown[]> {
    const { breaker, queryTimeoutMs, preparedStatements, tenantFilters, observe } = this.#options;
    const startedAt = performance.now();
    const endAt = Math.min(startedAt + queryTimeoutMs, deadlineAt);
    const text = tenantFilters ? query.text : query.unfilteredText;
    const parameters = bindParameters(query, values, tenantId);
    for (let attempt = 1; ; attempt++) {
      const timeoutMs = endAt - performance.now();
      if (timeoutMs <= 0) throw platformErrors.deadline_exceeded();
      breaker.enter();
      try {
        // The second time by its text, which no connection can take for something else.
        const name = preparedStatements && attempt === 1 ? query.name : undefined;
        const result = await this.reader.read({ name, text, values: parameters, tenantId, timeoutMs });
        breaker.succeeded();
        observe({ query: query.name, role: 'app', durationMs: performance.now() - startedAt, outcome: 'ok' });
        return result.rows;
      } catch (error) {
        // Of lost connections the reader tells: many reads lose the same one.
        if (!isPostgresError(error) || isStatementMixUp(error)) breaker.cancelled();
        else if (isDependencyFailure(error)) breaker.failed();
        else breaker.succeeded();
        if (attempt === 1 && (error instanceof ConnectionLost || isStatementMixUp(error))) continue;
        observe({ query: query.name, role: 'app', durationMs: performance.now() - startedAt, outcome: 'error' });
        throw toNovaError(error);
      }
    }
  }

  async #transactionOnce<T>(
    tenantId: string,
    work: (tx: WriteHandle) => Promise<T>,
    options: TransactionOptions,
  ): Promise<T> {
    const ceilingMs = options.timeoutMs ?? this.#options.queryTimeoutMs;
    const timeoutMs = Math.min(ceilingMs, (options.deadlineAt ?? Number.POSITIVE_INFINITY) - performance.now());
    if (timeoutMs <= 0) throw platformErrors.deadline_exceeded();
    const events: DomainEvent[] = [];
    const effects: (() => void)[] = [];
    const tenant = `set local nova.tenant_id = '${tenantId}'`;
    const result = await this.#exclusive(this.writers, timeoutMs, tenant, async (held) => {
      let ended = false;
      const answer = (query: Query, values: Record<string, unknown>) => {
        if (query.role !== 'app') throw new Error(`query ${query.name} crosses tenants`);
        // Work that goes on after its transaction would find the connection in the transaction of someone else.
        if (ended) throw new Error(`query ${query.name}: its transaction has ended`);
        return this.#statement(held, query, values as never, tenantId);
      };
      const tx: WriteHandle = {
        tenantId,
        rows: async (query: Query, values: Record<string, unknown>) => (await answer(query, values)).rows as never,
        row: async (query: Query, values: Record<string, unknown>) => (await answer(query, values)).rows[0] as never,
        run: async (query, values) => (await answer(query, values)).rowCount ?? 0,
        emit: (event) => void events.push(event),
        afterCommit: (effect) => void effects.push(effect),
      };
      try {
        const value = await work(tx);
        if (events.length > 0) await this.#options.storeEvents(tx, events, options.correlationId ?? null);
        ended = true;
        await held.commit();
        return value;
      } finally {
        ended = true;
      }
    });
    if (events.length > 0) effects.push(this.#options.onEventsCommitted);
    for (const effect of effects) this.#afterCommit(effect);
    return result;
  }

  /** The change is committed: what goes wrong now is for the log, not for the caller, and keeps no other effect from running. */
  #afterCommit(effect: () => void): void {
    try {
      effect();
    } catch (error) {
      this.#options.onEffectError(error);
    }
  }

  /** `work` in a transaction with these settings, on a connection of its own; rolls back what it did not commit. */
  async #exclusive<T>(
    pool: WriterPool,
    timeoutMs: number,
    settings: string,
    work: (held: HeldConnection) => Promise<T>,
  ): Promise<T> {
    const { breaker, queryTimeoutMs } = this.#options;
    breaker.enter();
    const endAt = performance.now() + timeoutMs;
    let client: PoolClient;
    try {
      client = await pool.acquire(timeoutMs);
    } catch (error) {
      if (error instanceof ConnectionLost) breaker.failed();
      else breaker.cancelled();
      throw toNovaError(error);
    }
    const held = new HeldConnection(client);
    let broken = false;
    let cancelDeadline = () => {};
    try {
      const expired = new Promise<never>((_, reject) => {
        cancelDeadline = onDeadline(endAt - performance.now(), () => {
          // Whatever `work` goes on to do, it is not on a connection that others use.
          broken = true;
          const { silentMs } = held;
          // Of a long transaction each statement has long.
          const silenceMs = Math.max(queryTimeoutMs, timeoutMs) * SILENT_SHARE;
          if (silentMs >= silenceMs) reject(new DatabaseSilent(`no answer for ${silentMs} ms`));
          else reject(platformErrors.deadline_exceeded({ detail: 'the change was not ready in time' }));
        });
      });
      held.begin(endAt - performance.now(), settings);
      const result = await Promise.race([work(held), expired]);
      breaker.succeeded();
      return result;
    } catch (error) {
      if (isDependencyFailure(error)) {
        breaker.failed();
        broken = true;
      } else if (held.heard) {
        breaker.succeeded();
      } else {
        breaker.cancelled();
      }
      if (isStatementMixUp(error)) broken = true;
      if (!broken) await held.rollback().catch(() => (broken = true));
      // Conflicts keep PostgreSQL's own error: the caller decides whether to run again.
      throw isPostgresError(error) ? error : toNovaError(error);
    } finally {
      cancelDeadline();
      pool.release(client, broken);
    }
  }

  async #statement(
    held: HeldConnection,
    query: Query,
    values: ValuesOf<ColumnShape>,
    tenantId: string | null,
  ): Promise<QueryResult> {
    const { preparedStatements, tenantFilters, observe } = this.#options;
    const startedAt = performance.now();
    let outcome: 'ok' | 'error' = 'error';
    try {
      const result = await held.query({
        ...(preparedStatements ? { name: query.name } : {}),
        text: tenantFilters ? query.text : query.unfilteredText,
        values: bindParameters(query, values, tenantId),
      });
      outcome = 'ok';
      return result;
    } finally {
      observe({ query: query.name, role: query.role, durationMs: performance.now() - startedAt, outcome });
    }
  }
}

function systemHandle(transaction: <T>(work: (handle: SystemHandle) => Promise<T>) => Promise<T>): SystemHandle {
  return {
    rows: (query, values) => transaction((handle) => handle.rows(query, values)),
    row: (query, values) => transaction((handle) => handle.row(query, values)),
    run: (query, values) => transaction((handle) => handle.run(query, values)),
  };
}

/** The tenant id goes into `SET LOCAL` as text: nothing but a UUID may. */
function assertUuid(tenantId: string): void {
  if (!UUID.test(tenantId)) throw new Error('tenant id is not a UUID');
}
