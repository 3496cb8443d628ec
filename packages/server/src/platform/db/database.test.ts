import { randomUUID } from 'node:crypto';
import pgDriver from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFaultProxy } from '../../testing/fault-proxy.js';
import { makeDatabase } from '../../testing/open-database.js';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.js';
import { Breaker } from '../resilience/breaker.js';
import type { Database } from './database.js';
import { pg, readQuery, systemQuery, writeQuery } from './index.js';

const names = readQuery({
  name: 'test.names',
  params: {},
  row: { name: pg.text },
  sql: 'select name from tenants where tenant_id = :tenant',
});
const everyTenant = readQuery({
  name: 'test.everyTenant',
  params: {},
  row: { id: pg.uuid },
  sql: 'select tenant_id as id from tenants',
});
const sleep = readQuery({
  name: 'test.sleep',
  params: { seconds: pg.float8 },
  row: { slept: pg.bool },
  sql: 'select pg_sleep(:seconds) is not null as slept',
});
const rename = writeQuery({
  name: 'test.rename',
  params: { name: pg.text },
  row: {},
  sql: 'update tenants set name = :name where tenant_id = :tenant',
});
const writeInDisguise = readQuery({
  name: 'test.writeInDisguise',
  params: {},
  row: { id: pg.uuid },
  sql: "update tenants set name = 'changed' where tenant_id = :tenant returning tenant_id as id",
});
const addTenant = systemQuery({
  name: 'test.addTenant',
  kind: 'write',
  params: { id: pg.uuid, name: pg.text },
  row: {},
  sql: "insert into tenants (tenant_id, name, plan) values (:id, :name, 'free')",
});
const divide = writeQuery({
  name: 'test.divide',
  params: { by: pg.int4 },
  row: { result: pg.int4 },
  sql: 'select 1 / :by::int as result',
});

let database: TestDatabase;
let db: Database;
const one = randomUUID();
const other = randomUUID();

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'fulfilled',
    (error: { code?: string }) => error.code,
  );

beforeAll(async () => {
  database = await createTestDatabase();
  db = makeDatabase(database);
  await db.open();
  await db.system.run(addTenant, { id: one, name: 'one' });
  await db.system.run(addTenant, { id: other, name: 'other' });
});

afterAll(async () => {
  await db?.close();
  await database?.drop();
});

describe('reads on the pipeline', () => {
  it('see their own tenant only, however many are in flight on one socket (I8)', async () => {
    const tenants = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? one : other));
    const answers = await Promise.all(tenants.map((tenant) => db.read(tenant).rows(everyTenant, {})));
    expect(answers.map((rows) => rows.map((row) => row.id))).toEqual(tenants.map((tenant) => [tenant]));
  });

  it('cannot write', async () => {
    expect(await codeOf(db.read(one).rows(writeInDisguise, {}))).toBe('25006');
    expect(await db.read(one).row(names, {})).toEqual({ name: 'one' });
  });

  it('refuse a tenant id that is not a UUID before it reaches SQL', () => {
    expect(() => db.read("x'; drop table nova.users; --")).toThrow('not a UUID');
  });

  it('end a slow statement alone: those behind it are answered', async () => {
    const slow = db.read(one, performance.now() + 400).row(sleep, { seconds: 5 });
    const behind = db.read(one).row(names, {});
    expect(await codeOf(slow)).toBe('deadline_exceeded');
    expect(await behind).toEqual({ name: 'one' });
  });

  it('are refused at once beyond the saturation (R3), and taken again after', async () => {
    const reads = Array.from({ length: 70 }, () => codeOf(db.read(one).row(sleep, { seconds: 0.005 })));
    const codes = await Promise.all(reads);
    expect(codes.filter((code) => code === 'overloaded').length).toBe(70 - Math.ceil(64 * 0.85));
    expect(codes.filter((code) => code === 'fulfilled').length).toBe(Math.ceil(64 * 0.85));
    expect(await db.read(one).row(names, {})).toEqual({ name: 'one' });
  });

  it('go on after the server has closed the connection', async () => {
    const admin = new pgDriver.Client({ connectionString: database.superuserUrl });
    await admin.connect();
    await admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'nova_app' and datname = $1",
      [database.name],
    );
    await admin.end();
    expect(await db.read(one).row(names, {})).toEqual({ name: 'one' });
  });
});

describe('transactions', () => {
  it('commit together or not at all (D18)', async () => {
    const failed = db.transaction(one, async (tx) => {
      await tx.run(rename, { name: 'half' });
      await tx.row(divide, { by: 0 });
    });
    expect(await codeOf(failed)).toBe('22012');
    expect(await db.read(one).row(names, {})).toEqual({ name: 'one' });
  });

  it('are not acknowledged when an error inside was swallowed: the COMMIT was a ROLLBACK (I1)', async () => {
    const swallowed = db.transaction(one, async (tx) => {
      await tx.run(rename, { name: 'lost' });
      await tx.row(divide, { by: 0 }).catch(() => {});
      return 'done';
    });
    expect(await codeOf(swallowed)).toBe('internal');
    expect(await db.read(one).row(names, {})).toEqual({ name: 'one' });
  });

  it('run their effects after the commit only', async () => {
    const seen: unknown[] = [];
    const effect = (tx: { afterCommit(run: () => void): void }, name: string) =>
      tx.afterCommit(() => void seen.push(name));
    await codeOf(
      db.transaction(one, async (tx) => {
        effect(tx, 'failed');
        await tx.row(divide, { by: 0 });
      }),
    );
    await db.transaction(one, async (tx) => {
      effect(tx, 'committed');
      await tx.run(rename, { name: 'one' });
      expect(seen).toEqual([]);
    });
    expect(seen).toEqual(['committed']);
  });

  it('stay acknowledged when an effect after the commit fails, and the other effects run', async () => {
    const seen: unknown[] = [];
    const careful = makeDatabase(database, { onEffectError: (error) => void seen.push(error) });
    await careful.open();
    const failure = new Error('an effect');
    const result = careful.transaction(one, async (tx) => {
      tx.afterCommit(() => {
        throw failure;
      });
      tx.afterCommit(() => void seen.push('the next'));
      await tx.run(rename, { name: 'one' });
      return 'done';
    });
    expect(await result).toBe('done');
    expect(seen).toEqual([failure, 'the next']);
    await careful.close();
  });

  it('are refused early when all connections are taken and waiters pile up (R3), after 1 s at the latest (R2)', async () => {
    const small = makeDatabase(database, { writerConnections: 1, acquireTimeoutMs: 400 });
    await small.open();
    let release = () => {};
    const held = small.transaction(one, async (tx) => {
      await tx.row(names, {});
      await new Promise<void>((resolve) => {
        release = resolve;
      });
    });
    const waiting = Array.from({ length: 6 }, () => codeOf(small.transaction(one, (tx) => tx.row(names, {}))));
    expect(await Promise.all(waiting)).toEqual(Array(6).fill('overloaded'));
    release();
    await held;
    expect(await small.transaction(one, (tx) => tx.row(names, {}))).toEqual({ name: 'one' });
    await small.close();
  });
});

describe('a database that does not answer (R4, I9)', () => {
  it('fails every call within its deadline, then at once, and recovers without a restart', async () => {
    const url = new URL(database.appUrl);
    const proxy = await startFaultProxy({ host: url.hostname, port: Number(url.port) });
    url.port = String(proxy.port);
    const transitions: string[] = [];
    const breaker = new Breaker({
      name: 'database',
      failures: 3,
      openMs: 200,
      onTransition: (_, to) => transitions.push(to),
    });
    const behind = makeDatabase(
      { ...database, appUrl: url.toString() },
      { breaker, queryTimeoutMs: 300, connectTimeoutMs: 200 },
    );
    await behind.open();
    expect(await behind.read(one).row(names, {})).toEqual({ name: 'one' });

    proxy.set('freeze');
    const codes: unknown[] = [];
    for (let i = 0; i < 3; i++) codes.push(await codeOf(behind.read(one).row(names, {})));
    expect(codes.every((code) => code === 'deadline_exceeded' || code === 'unavailable')).toBe(true);
    expect(breaker.state).toBe('open');
    expect(await codeOf(behind.transaction(one, (tx) => tx.row(names, {})))).toBe('unavailable');

    proxy.set('none');
    const deadline = Date.now() + 10_000;
    while ((await codeOf(behind.read(one).row(names, {}))) !== 'fulfilled') {
      if (Date.now() > deadline) throw new Error('did not recover');
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(breaker.state).toBe('closed');
    expect(transitions).toContain('half_open');
    await behind.close();
    await proxy.close();
  });
});

describe('a transaction that has ended', () => {
  it('takes no more statements: its connection may be in the transaction of another tenant', async () => {
    let goOn = () => {};
    const resumed = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let stray: Promise<unknown> = Promise.resolve();
    const failed = db.transaction(one, async (tx) => {
      stray = resumed.then(() => tx.run(rename, { name: 'by a stray' }));
      stray.catch(() => {});
      throw new Error('the other half failed');
    });
    await expect(failed).rejects.toThrow('the other half failed');
    const foreign = db.transaction(other, async (tx) => {
      await tx.rows(names, {});
      goOn();
      await Promise.allSettled([stray]);
    });
    await foreign;
    await expect(stray).rejects.toThrow('has ended');
    expect(await db.read(other).rows(names, {})).toEqual([{ name: expect.not.stringContaining('stray') }]);
  });
});

describe('an error of the work itself', () => {
  it('is no failure of the database, whatever it says', async () => {
    const refused = db.transaction(one, async () => {
      throw new Error('connect ECONNREFUSED 192.0.2.1:443');
    });
    await expect(refused).rejects.toThrow('ECONNREFUSED');
  });
});
