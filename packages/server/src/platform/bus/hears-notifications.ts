import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { onDeadline } from '../db/deadline.js';
import { CALL, LISTEN_FOR_ECHO } from './bus-sql.js';

/** A notification takes about a millisecond: this is for a machine that starts everything at once. */
export const ECHO_WITHIN_MS = 1_000;

/**
 * Whether `listener` hears what `notifier`, another connection of the same address, notifies. Through a pooler in
 * transaction mode LISTEN succeeds all the same, on a connection of the pool that is somebody else's a moment later.
 * @throws what PostgreSQL says when it refuses LISTEN, as it does in recovery
 */
export async function hearsNotifications(listener: Client, notifier: Client): Promise<boolean> {
  const call = randomUUID();
  const heard = new Promise<boolean>((resolve) => {
    listener.on('notification', ({ payload }) => {
      if (payload === call) resolve(true);
    });
  });
  await listener.query(LISTEN_FOR_ECHO);
  await notifier.query(CALL, [call]);
  let stopWaiting = () => {};
  const silence = new Promise<boolean>((resolve) => {
    stopWaiting = onDeadline(ECHO_WITHIN_MS, () => resolve(false));
  });
  try {
    return await Promise.race([heard, silence]);
  } finally {
    stopWaiting();
  }
}
