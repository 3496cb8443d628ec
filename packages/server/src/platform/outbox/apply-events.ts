import type { Database, WriteHandle } from '../db/index.js';
import {
  type Consumer,
  isAfter,
  type OutboxLog,
  type OutboxMetrics,
  type Position,
  type StoredEvent,
} from './consumer.js';
import { describeFailure, HandlerFailed, handleEvent, isOutage } from './handler-failure.js';
import { blockedKeys, lockOffset, moveOffset, setAside } from './queries.js';
import { retryDelayMs } from './retry-delay.js';

/** An event with its place. */
export interface PlacedEvent extends StoredEvent, Position {}

export interface ApplyDeps {
  readonly database: Pick<Database, 'transaction'>;
  readonly metrics: OutboxMetrics;
  readonly log: OutboxLog;
  /** Ceiling of one transaction, in ms. */
  readonly timeoutMs: number;
  /** Before the first retry, the second and so on, in ms. */
  readonly retryDelaysMs: readonly number[];
  /** Tells the consumers that there is something new. */
  readonly announce: () => void;
}

/** `busy`: another process runs the consumer, or is to run it. */
export type Applied = 'applied' | 'busy';

/**
 * Handles consecutive events of one tenant: the effects and the consumer's place commit together. When one
 * fails, those around it are handled without it, and it is put aside to be retried while other keys go on.
 *
 * @throws when the database is out of reach; nothing is lost, the same call will do later
 */
export async function applyEvents(
  deps: ApplyDeps,
  consumer: Consumer,
  events: readonly PlacedEvent[],
): Promise<Applied> {
  const [first] = events;
  if (first === undefined) return 'applied';
  try {
    return await applyTogether(deps, consumer, first.tenantId, events);
  } catch (error) {
    if (isOutage(error)) throw error;
    if (events.length === 1) return await putAside(deps, consumer, first, error);
    for (const part of around(events, error)) {
      if ((await applyEvents(deps, consumer, part)) === 'busy') return 'busy';
    }
    return 'applied';
  }
}

/** The events before the failed one, itself, and those after it; each alone when it is not known which failed. */
function around(events: readonly PlacedEvent[], error: unknown): (readonly PlacedEvent[])[] {
  if (!(error instanceof HandlerFailed)) return events.map((event) => [event]);
  const { index } = error;
  return [events.slice(0, index), events.slice(index, index + 1), events.slice(index + 1)];
}

async function applyTogether(
  deps: ApplyDeps,
  consumer: Consumer,
  tenantId: string,
  events: readonly PlacedEvent[],
): Promise<Applied> {
  const handled = await deps.database.transaction(
    tenantId,
    async (tx) => {
      const keys = [...new Set(events.map((event) => event.key))];
      const [place, blocked] = await Promise.all([
        tx.row(lockOffset, { consumer: consumer.name, types: consumer.types }),
        tx.rows(blockedKeys, { consumer: consumer.name, keys }),
      ]);
      if (place === undefined) return 'busy';
      const waiting = new Set(blocked.map((row) => row.key));
      const due = events.map((event, index) => ({ event, index })).filter(({ event }) => isAfter(event, place));
      const last = due.at(-1);
      if (last === undefined) return 0;
      const behind = due.filter(({ event }) => waiting.has(event.key)).map(({ event }) => event.id);
      if (behind.length > 0) await putBehind(tx, consumer, behind);
      for (const { event, index } of due) {
        if (!waiting.has(event.key)) await handleEvent(tx, consumer, event, index, deps.announce);
      }
      await tx.run(moveOffset, { consumer: consumer.name, xid: last.event.xid, id: last.event.id });
      return due.length - behind.length;
    },
    { timeoutMs: deps.timeoutMs },
  );
  if (handled === 'busy') return 'busy';
  if (handled > 0) deps.metrics.recordOutboxHandled(consumer.name, handled);
  return 'applied';
}

async function putBehind(tx: WriteHandle, consumer: Consumer, ids: readonly number[]): Promise<void> {
  await tx.run(setAside, { consumer: consumer.name, ids, attempts: 0, error: '', retryInMs: null });
}

async function putAside(deps: ApplyDeps, consumer: Consumer, event: PlacedEvent, cause: unknown): Promise<Applied> {
  const error = describeFailure(cause);
  const outcome = await deps.database.transaction(
    event.tenantId,
    async (tx): Promise<Applied> => {
      const place = await tx.row(lockOffset, { consumer: consumer.name, types: consumer.types });
      if (place === undefined) return 'busy';
      if (!isAfter(event, place)) return 'applied';
      await tx.run(setAside, {
        consumer: consumer.name,
        ids: [event.id],
        attempts: 1,
        error,
        retryInMs: retryDelayMs(1, deps.retryDelaysMs),
      });
      await tx.run(moveOffset, { consumer: consumer.name, xid: event.xid, id: event.id });
      return 'applied';
    },
    { timeoutMs: deps.timeoutMs },
  );
  if (outcome === 'applied') {
    deps.metrics.recordOutboxFailure(consumer.name, 'retried');
    const { tenantId, id, type, key, correlationId } = event;
    deps.log.warn(
      { consumer: consumer.name, tenantId, eventId: id, type, key, correlationId, err: cause },
      'event failed',
    );
  }
  return outcome;
}
