import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeDatabase } from '../../testing/open-database.js';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.js';
import type { Database } from './database.js';
import { pg, systemQuery } from './index.js';

const endOwnConnection = systemQuery({
  name: 'test.endOwnConnection',
  kind: 'write',
  params: {},
  row: { ended: pg.bool },
  sql: 'select pg_terminate_backend(pg_backend_pid()) as ended',
});
let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await createTestDatabase();
  db = makeDatabase(database);
  await db.open();
});

afterAll(async () => {
  await db?.close();
  await database?.drop();
});

it('tells a connection that the server ended as unavailable, like any other transaction (I9)', async () => {
  for (const handle of [db.lookup, db.system]) {
    await expect(handle.row(endOwnConnection, {})).rejects.toMatchObject({ code: 'unavailable' });
  }
});
