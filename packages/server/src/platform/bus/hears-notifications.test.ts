import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectTo } from '../../testing/test-cluster.js';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.js';
import { hearsNotifications } from './hears-notifications.js';

let database: TestDatabase;
let elsewhere: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase({ empty: true });
  elsewhere = await createTestDatabase({ empty: true });
});
afterAll(async () => {
  await database?.drop();
  await elsewhere?.drop();
});

// Channels belong to a database: one of another stands here for a pooler, which acceptance/external brings itself.
it.each([
  ['what another connection notifies', () => database, true],
  ['nothing of what does not reach it', () => elsewhere, false],
])('hears %s', async (_, from, heard) => {
  const listener = await connectTo(database.appUrl);
  const notifier = await connectTo(from().appUrl);
  try {
    expect(await hearsNotifications(listener, notifier)).toBe(heard);
  } finally {
    await Promise.all([listener.end(), notifier.end()]);
  }
});
