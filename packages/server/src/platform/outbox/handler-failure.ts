import { isDependencyFailure, isPostgresError, isTransactionConflict } from '../db/connection-failure.js';
import type { DomainEvent, WriteHandle } from '../db/index.js';
import { ConnectionLost } from '../db/index.js';
import { NovaError } from '../errors/index.js';
import type { Consumer, StoredEvent } from './consumer.js';
import { storeEvents } from './store-events.js';

/** What a consumer threw, and on which event of the transaction. */
export class HandlerFailed extends Error {
  override readonly name = 'HandlerFailed';
  readonly index: number;

  constructor(index: number, cause: unknown) {
    super('an event was not handled', { cause });
    this.index = index;
  }
}

/**
 * Handles one event inside `tx`. The events it emits in turn carry its correlation id (O2).
 *
 * @throws HandlerFailed unless the database went away or asks for another try: that is not the event's fault
 */
export async function handleEvent(
  tx: WriteHandle,
  consumer: Consumer,
  event: StoredEvent,
  index: number,
  announce: () => void,
): Promise<void> {
  const emitted: DomainEvent[] = [];
  const ofDatabase = new Set<unknown>();
  const noting = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (error) {
      ofDatabase.add(error);
      throw error;
    }
  };
  try {
    await consumer.handle(
      {
        ...tx,
        rows: (query, values) => noting(tx.rows(query, values)),
        row: (query, values) => noting(tx.row(query, values)),
        run: (query, values) => noting(tx.run(query, values)),
        emit: (consequence) => void emitted.push(consequence),
      },
      event,
    );
  } catch (error) {
    const lost = ofDatabase.has(error) && (!isPostgresError(error) || isDependencyFailure(error));
    throw lost || isTransactionConflict(error) ? error : new HandlerFailed(index, error);
  }
  if (emitted.length === 0) return;
  await storeEvents(tx, emitted, event.correlationId);
  tx.afterCommit(announce);
}

/** Whether trying the same again later may do: the database is gone or has no room, whatever the event. */
export function isOutage(error: unknown): boolean {
  if (error instanceof ConnectionLost) return true;
  return error instanceof NovaError && (error.code === 'unavailable' || error.code === 'overloaded');
}

/** What an operator reads of a failure, at most 2,000 characters. */
export function describeFailure(error: unknown): string {
  const cause = error instanceof HandlerFailed ? error.cause : error;
  const text = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  return text.replaceAll('\0', '').slice(0, 2_000);
}
