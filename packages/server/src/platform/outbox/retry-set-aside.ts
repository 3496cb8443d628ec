import type { WriteHandle } from '../db/index.js';
import type { Applied, ApplyDeps } from './apply-events.js';
import type { Consumer } from './consumer.js';
import { describeFailure, handleEvent, isOutage } from './handler-failure.js';
import { deleteSetAside, lockOffset, lockRetry, recordFailure, releaseNext } from './queries.js';
import { retryDelayMs } from './retry-delay.js';

/** An event put aside, by its identity. */
export interface SetAsideEvent {
  readonly tenantId: string;
  readonly id: number;
}

/**
 * Handles the first event put aside of its key once more. When that works the next of the key is due at once;
 * otherwise later, or not before someone releases it.
 *
 * @throws when the database is out of reach
 */
export async function retrySetAside(deps: ApplyDeps, consumer: Consumer, event: SetAsideEvent): Promise<Applied> {
  const { tenantId, id } = event;
  const name = consumer.name;
  const inTenant = (work: (tx: WriteHandle) => Promise<Applied>) =>
    deps.database.transaction(tenantId, work, { timeoutMs: deps.timeoutMs });
  let failures = 0;
  try {
    let handled = false;
    const outcome = await inTenant(async (tx) => {
      if ((await tx.row(lockOffset, { consumer: name, types: consumer.types })) === undefined) return 'busy';
      const stored = await tx.row(lockRetry, { consumer: name, id });
      handled = stored !== undefined;
      if (stored === undefined) return 'applied';
      failures = stored.attempts + 1;
      const payload = stored.payload as Readonly<Record<string, unknown>>;
      await handleEvent(tx, consumer, { ...stored, payload, tenantId, id }, 0, deps.announce);
      await tx.run(deleteSetAside, { consumer: name, id });
      await tx.run(releaseNext, { consumer: name, key: stored.key });
      return 'applied';
    });
    if (handled) deps.metrics.recordOutboxHandled(name, 1);
    return outcome;
  } catch (cause) {
    if (isOutage(cause) || failures === 0) throw cause;
    const error = describeFailure(cause);
    const retryInMs = retryDelayMs(failures, deps.retryDelaysMs);
    const outcome = await inTenant(async (tx) => {
      if ((await tx.row(lockOffset, { consumer: name, types: consumer.types })) === undefined) return 'busy';
      const stored = await tx.row(lockRetry, { consumer: name, id });
      if (stored?.attempts === failures - 1) await tx.run(recordFailure, { consumer: name, id, error, retryInMs });
      return 'applied';
    });
    if (outcome === 'busy') return 'busy';
    deps.metrics.recordOutboxFailure(name, retryInMs === null ? 'set_aside' : 'retried');
    const fields = { consumer: name, tenantId, eventId: id, failures, err: cause };
    if (retryInMs === null) deps.log.error(fields, 'event set aside: its key waits for an operator');
    else deps.log.warn(fields, 'event failed again');
    return outcome;
  }
}
