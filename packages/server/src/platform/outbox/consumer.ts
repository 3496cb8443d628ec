import type { WriteHandle } from '../db/index.js';
import type { Logger, Metrics } from '../telemetry/index.js';

/** An event as it was stored. */
export interface StoredEvent {
  readonly tenantId: string;
  /** Unique within the tenant, ascending within the key. */
  readonly id: number;
  readonly type: string;
  readonly key: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly correlationId: string | null;
  /** RFC 3339: the start of the transaction of the cause. */
  readonly createdAt: string;
}

/**
 * Someone who follows the events. Only one transaction of a consumer runs at a time, in whatever process.
 */
export interface Consumer {
  /** Names its place in the outbox: a new name starts anew. */
  readonly name: string;
  /**
   * Stored with the place: a process that wants less than another version did leaves the consumer alone, or it would
   * pass what that one wants (I13). So a type that is dropped stays here for good and `handle` does nothing with it.
   */
  readonly types: readonly string[];
  /**
   * Where a consumer that is not known yet starts: at the oldest event kept (`beginning`, the default: the
   * last 24 hours at least) or at what no consumer has been shown yet (`now`), which is a little in the past while
   * a transaction is running.
   */
  readonly from?: 'beginning' | 'now';
  /**
   * The effect of one event. It commits together with the consumer's place, so it happens once if it is done
   * through `tx` alone; anything outside must bear repetition. Events of one key arrive in their order;
   * several events of a tenant may share the transaction. Throwing undoes it all and comes back later.
   */
  handle(tx: WriteHandle, event: StoredEvent): Promise<void>;
}

/** A place in the outbox: `xid` is a decimal. */
export interface Position {
  readonly xid: string;
  readonly id: number;
}

export function isAfter(a: Position, b: Position): boolean {
  const [xidA, xidB] = [BigInt(a.xid), BigInt(b.xid)];
  return xidA === xidB ? a.id > b.id : xidA > xidB;
}

/** What consumers record of their work; see platform/telemetry. */
export type OutboxMetrics = Pick<Metrics, 'recordOutboxHandled' | 'recordOutboxFailure' | 'recordOutboxLag'>;

export type OutboxLog = Pick<Logger, 'warn' | 'error'>;
