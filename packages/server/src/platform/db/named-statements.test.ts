import type { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeDatabase } from '../../testing/open-database.js';
import { connectTo } from '../../testing/test-cluster.js';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.js';
import type { Database } from './database.js';
import { pg, readQuery, writeQuery } from './index.js';

/*
 * A named statement is prepared by the first that uses it on a connection; those after it rely on that. Seeded bugs
 * that turn this red: what the server says then (26000) reaches the caller as it is, 500 (I13); a connection whose
 * statements are lost goes on being used.
 */

const TENANT = '00000000-0000-4000-8000-000000000001';
const tenants = readQuery({
  name: 'test.tenants',
  params: {},
  row: { id: pg.uuid },
  sql: 'select tenant_id as id from tenants where tenant_id = :tenant',
});
const loseStatements = { name: 'test.loseStatements', params: {}, row: {}, sql: 'deallocate all' };

let testDatabase: TestDatabase;
let database: Database;
let superuser: Client;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  superuser = await connectTo(testDatabase.superuserUrl);
});

beforeEach(async () => {
  database = makeDatabase(testDatabase, { pipelineConnections: 1, writerConnections: 1 });
  await database.open();
});

afterEach(() => database.close());

afterAll(async () => {
  await superuser?.end();
  await testDatabase?.drop();
});

const read = (deadlineAt?: number) => database.read(TENANT, deadlineAt).rows(tenants, {});

describe('reads', () => {
  it('behind one that could not prepare for the lock of a migration are answered when it is released', async () => {
    await superuser.query('begin; lock table nova.tenants in access exclusive mode');
    try {
      const first = read(performance.now() + 400);
      const behind = Promise.allSettled([read(), read(), read()]);
      await expect(first).rejects.toMatchObject({ code: 'deadline_exceeded' });
      await superuser.query('rollback');
      expect(await behind).toEqual(Array(3).fill({ status: 'fulfilled', value: [] }));
    } finally {
      await superuser.query('rollback');
    }
    for (let count = 1; count <= 3; count++) expect(await Promise.all([read(), read()])).toEqual([[], []]);
  });

  it('on a connection that has lost its statements are answered, now and later', async () => {
    expect(await read()).toEqual([]);
    await database.read(TENANT).rows(readQuery(loseStatements), {});
    for (let count = 1; count <= 3; count++) expect(await Promise.all([read(), read()])).toEqual([[], []]);
  });
});

describe('transactions', () => {
  it('on a connection that has lost its statements are to be tried again, on another', async () => {
    const transaction = () => database.transaction(TENANT, (tx) => tx.rows(tenants, {}));
    expect(await transaction()).toEqual([]);
    await database.transaction(TENANT, (tx) => tx.rows(writeQuery(loseStatements), {}));
    await expect(transaction()).rejects.toMatchObject({ code: 'unavailable' });
    expect(await transaction()).toEqual([]);
  });
});
