import type { ColumnShape, ValuesOf } from './columns.js';
import type { Query, ReadQuery } from './query.js';

/** What an operation that only reads may do to the database: read inside its tenant. */
export interface ReadHandle {
  readonly tenantId: string;
  /** All rows of a query. */
  rows<P extends ColumnShape, R extends ColumnShape>(
    query: ReadQuery<P, R>,
    values: ValuesOf<P>,
  ): Promise<ValuesOf<R>[]>;
  /** The first row, or `undefined`. */
  row<P extends ColumnShape, R extends ColumnShape>(
    query: ReadQuery<P, R>,
    values: ValuesOf<P>,
  ): Promise<ValuesOf<R> | undefined>;
}

/** A fact that others learn of, written with its cause (see platform/outbox). */
export interface DomainEvent {
  /** Dotted: `post.created`. */
  readonly type: string;
  /** Events of one key are handled in their order: usually the id of what changed. */
  readonly key: string;
  /** JSON; ids rather than content. */
  readonly payload: Readonly<Record<string, unknown>>;
}

/** One transaction inside one tenant. Everything done through it commits together or not at all (D18). */
export interface WriteHandle extends ReadHandle {
  rows<P extends ColumnShape, R extends ColumnShape>(query: Query<P, R>, values: ValuesOf<P>): Promise<ValuesOf<R>[]>;
  row<P extends ColumnShape, R extends ColumnShape>(
    query: Query<P, R>,
    values: ValuesOf<P>,
  ): Promise<ValuesOf<R> | undefined>;
  /** Number of rows the statement changed. */
  run<P extends ColumnShape, R extends ColumnShape>(query: Query<P, R>, values: ValuesOf<P>): Promise<number>;
  /** Writes the event to the outbox, in this transaction. */
  emit(event: DomainEvent): void;
  /** Runs after a confirmed COMMIT and never otherwise: cache invalidation and wake-ups, nothing that must not be lost. */
  afterCommit(effect: () => void): void;
}

/** The platform's handle across tenants (`nova_system`): given to nobody but the platform. */
export interface SystemHandle {
  rows<P extends ColumnShape, R extends ColumnShape>(query: Query<P, R>, values: ValuesOf<P>): Promise<ValuesOf<R>[]>;
  row<P extends ColumnShape, R extends ColumnShape>(
    query: Query<P, R>,
    values: ValuesOf<P>,
  ): Promise<ValuesOf<R> | undefined>;
  run<P extends ColumnShape, R extends ColumnShape>(query: Query<P, R>, values: ValuesOf<P>): Promise<number>;
}
