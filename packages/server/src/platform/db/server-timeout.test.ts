import type { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeDatabase } from '../../testing/open-database.js';
import { connectTo } from '../../testing/test-cluster.js';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.js';
import type { Database } from './database.js';
import { pg, readQuery, systemQuery } from './index.js';

/*
 * A pool has no more backends at work than connections (R1, I10), also when every statement is slow. Seeded bug that
 * turns this red: a deadline that the client alone knows; it cuts the connection, the server works on for nobody, and
 * the pool opens another one.
 */

const TENANT = '00000000-0000-4000-8000-000000000001';
const CONNECTIONS = 2;
const source = {
  name: 'test.slow',
  params: {},
  row: { slow: pg.bool },
  sql: 'select pg_sleep(20) is not null as slow',
};
const slowRead = readQuery(source);
const slow = systemQuery({ ...source, kind: 'read' });

let testDatabase: TestDatabase;
let database: Database;
let superuser: Client;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  superuser = await connectTo(testDatabase.superuserUrl);
  database = makeDatabase(testDatabase, {
    writerConnections: CONNECTIONS,
    systemConnections: CONNECTIONS,
    adminConnections: CONNECTIONS,
    queryTimeoutMs: 500,
  });
  await database.open();
});

afterAll(async () => {
  await superuser?.end();
  await database?.close();
  await testDatabase?.drop();
});

async function atWork(): Promise<number> {
  const { rows } = await superuser.query<{ pid: number }>(
    `select pid from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and state = 'active' and query like '%pg_sleep%'`,
  );
  return rows.length;
}

const pools: Record<string, () => Promise<unknown>> = {
  writers: () => database.transaction(TENANT, (tx) => tx.row(slowRead, {})),
  lookups: () => database.lookup.row(slow, {}),
  admin: () => database.system.row(slow, {}),
};

it.each(Object.entries(pools))('holds for the %s', async (_, run) => {
  for (let round = 1; round <= 4; round++) {
    const ended = await Promise.allSettled(Array.from({ length: CONNECTIONS }, run));
    for (const end of ended) expect(end).toMatchObject({ reason: { code: 'deadline_exceeded' } });
    expect(await atWork(), `after round ${round}`).toBeLessThanOrEqual(CONNECTIONS);
  }
});
