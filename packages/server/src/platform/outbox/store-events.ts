import type { DatabaseOptions } from '../db/index.js';
import { insertEvents } from './queries.js';

/** Consumers hold 200 events at a time: this bounds them to 13 MB. Events carry ids rather than content. */
const MAX_PAYLOAD_CHARACTERS = 65_536;

/**
 * Writes the events of a transaction to the outbox, in that transaction and in one statement.
 *
 * @throws RangeError when a payload is beyond 65,536 characters of JSON
 */
export const storeEvents: DatabaseOptions['storeEvents'] = async (tx, events, correlationId) => {
  if (events.length === 0) return;
  const payloads = events.map((event) => {
    const payload = JSON.stringify(event.payload);
    if (payload.length > MAX_PAYLOAD_CHARACTERS) throw new RangeError(`the payload of ${event.type} is too large`);
    return payload;
  });
  await tx.run(insertEvents, {
    types: events.map((event) => event.type),
    keys: events.map((event) => event.key),
    payloads,
    correlationId,
  });
};
