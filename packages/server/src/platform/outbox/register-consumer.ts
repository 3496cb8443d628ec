import type { SystemHandle } from '../db/index.js';
import type { Consumer } from './consumer.js';
import { insertOffset, widenTypes } from './queries.js';

/**
 * Makes a consumer known, and what it wants: from then on no process that wants less passes an event for it. To be done
 * before this process writes events of a new type.
 */
export async function registerConsumer(system: SystemHandle, { name, types, from }: Consumer): Promise<void> {
  await system.run(insertOffset, { consumer: name, types, fromNow: from === 'now' });
  await system.run(widenTypes, { consumer: name, types });
}
