import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadConfig } from '../config/index.js';
import { COMMAND_CONNECTIONS, connectionBudget, refreshStatistics } from '../platform/db/index.js';
import { connectTo } from '../testing/test-cluster.js';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.js';
import { withNovaOn } from './open-nova.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(async () => {
  await database?.drop();
});

/** Seeded bug that turns this red: a command opens the pools of a serving process, and PostgreSQL refuses it (R1). */
it('a command does all it can with the connections that a server leaves for it', async () => {
  const superuser = await connectTo(database.superuserUrl);
  const left = connectionBudget(0, COMMAND_CONNECTIONS);
  await superuser.query(`alter database ${database.name} connection limit ${left}`);
  await superuser.end();
  const { appUrl: app, systemUrl: system, ownerUrl: owner } = database;
  const deployment = {
    addresses: { app, direct: app, system, owner },
    secretKey: 'the secret of a test, of 32 or more',
  };
  await withNovaOn(loadConfig({}), deployment, async (nova) => {
    const tenants = ['one', 'two', 'three'].map((name) => nova.createTenant({ name, plan: 'free' }));
    await Promise.all([
      ...tenants,
      nova.mostFollowed(nova.defaultTenant.id, 1),
      nova.ready(),
      ...Object.values(nova.repairs).map((repair) => repair(new AbortController().signal)),
      refreshStatistics(owner),
    ]);
    expect(nova.database.writers.open).toBe(1);
  });
});
