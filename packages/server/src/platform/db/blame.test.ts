import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFaultProxy } from '../../testing/fault-proxy.js';
import { makeDatabase } from '../../testing/open-database.js';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.js';
import { Breaker } from '../resilience/breaker.js';
import type { Database, DatabaseOptions } from './database.js';
import { pg, readQuery } from './index.js';

/*
 * What counts against the database (R4, I9): its silence. Not a caller who came late, a process that was busy itself,
 * work that waits for something else, or a full pool. Every breaker here opens at the first failure.
 *
 * Seeded bugs that turn this red: a deadline that fires before the sockets were read, a socket that any deadline
 * cuts, or that one before a slow statement's own, a lost connection that counts for each of its reads, a probe that a
 * full pool refuses and nobody takes over, a farewell without an end.
 */

const tenant = randomUUID();
const backend = readQuery({
  name: 'test.backend',
  params: {},
  row: { pid: pg.int4 },
  sql: 'select pg_backend_pid() as pid',
});
const sleep = readQuery({
  name: 'test.sleep',
  params: { seconds: pg.float8 },
  row: { slept: pg.bool },
  sql: 'select pg_sleep(:seconds) is not null as slept',
});
const endBackend = readQuery({
  name: 'test.endBackend',
  params: { pid: pg.int4 },
  row: {},
  sql: 'select pg_terminate_backend(:pid) where pg_backend_pid() = :pid',
});

let testDatabase: TestDatabase;
const opened: Database[] = [];

beforeAll(async () => {
  testDatabase = await createTestDatabase();
});

afterAll(async () => {
  for (const database of opened) await database.close();
  await testDatabase?.drop();
});

async function open(overrides: Partial<DatabaseOptions> = {}) {
  const clock = { now: 0 };
  const breaker = new Breaker({ name: 'database', failures: 1, openMs: 1_000, now: () => clock.now });
  const database = makeDatabase(testDatabase, { breaker, ...overrides });
  await database.open();
  opened.push(database);
  return { database, breaker, clock };
}

/** A transaction that keeps its connection until `release`. */
async function hold(database: Database) {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let started = () => {};
  const holding = new Promise<void>((resolve) => {
    started = resolve;
  });
  const done = database.transaction(tenant, async (tx) => {
    await tx.row(backend, {});
    started();
    await released;
  });
  await holding;
  return async () => {
    release();
    await done;
  };
}

function beBusyFor(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

describe('nothing against the database', () => {
  it('is an answer that arrived while this process was busy', async () => {
    const { database, breaker } = await open({ queryTimeoutMs: 1_000 });
    await database.transaction(tenant, (tx) => tx.row(backend, {}));
    const both = Promise.allSettled([
      database.read(tenant).row(sleep, { seconds: 0.05 }),
      database.transaction(tenant, (tx) => tx.row(sleep, { seconds: 0.05 })),
    ]);
    // Sent after them: with its answer they are with the server.
    await database.lookup.row({ ...backend, role: 'system' }, {});
    beBusyFor(1_300);
    const [read] = await both;
    expect(read).toEqual({ status: 'fulfilled', value: { slept: true } });
    // The COMMIT of the change may come too late for its caller, which is nobody's failure either.
    expect(breaker.state).toBe('closed');
  });

  it.each([
    { seconds: 0.3, leftMs: 50 },
    { seconds: 0.9, leftMs: 800 },
  ])(
    'is a read with $leftMs ms left behind one of $seconds s: it fails alone, and its socket goes on',
    async ({ seconds, leftMs }) => {
      const { database, breaker } = await open();
      const before = await database.read(tenant).row(backend, {});
      const others = Promise.allSettled([
        database.read(tenant).row(sleep, { seconds }),
        ...Array.from({ length: 6 }, () => database.read(tenant).row(backend, {})),
      ]);
      const late = database.read(tenant, performance.now() + leftMs).row(backend, {});
      await expect(late).rejects.toMatchObject({ code: 'deadline_exceeded' });
      expect((await others).map(({ status }) => status)).toEqual(Array(7).fill('fulfilled'));
      expect(await database.read(tenant).row(backend, {})).toEqual(before);
      expect(breaker.state).toBe('closed');
    },
  );

  it('is a caller whose time is up before a connection is free', async () => {
    const { database, breaker } = await open({ writerConnections: 1, acquireTimeoutMs: 10_000 });
    const release = await hold(database);
    const late = database.transaction(tenant, (tx) => tx.row(backend, {}), { deadlineAt: performance.now() + 50 });
    await expect(late).rejects.toMatchObject({ code: 'deadline_exceeded' });
    await release();
    expect(await database.transaction(tenant, (tx) => tx.row(sleep, { seconds: 0 }))).toEqual({ slept: true });
    expect(breaker.state).toBe('closed');
  });

  it('is work that waits for something else until its time is up', async () => {
    const { database, breaker } = await open();
    const stuck = database.transaction(
      tenant,
      async (tx) => {
        await tx.row(backend, {});
        await new Promise(() => {});
      },
      { timeoutMs: 50 },
    );
    await expect(stuck).rejects.toMatchObject({ code: 'deadline_exceeded' });
    expect(breaker.state).toBe('closed');
    expect(database.writers.open).toBe(0);
  });

  it('is a probe that a full pool refuses: the next caller is the probe', async () => {
    const { database, breaker, clock } = await open({ writerConnections: 1, acquireTimeoutMs: 50 });
    const release = await hold(database);
    breaker.failed();
    clock.now = 1_000;
    await expect(database.transaction(tenant, (tx) => tx.row(backend, {}))).rejects.toMatchObject({
      code: 'overloaded',
    });
    expect(breaker.state).toBe('half_open');
    expect(await database.read(tenant).row(sleep, { seconds: 0 })).toEqual({ slept: true });
    expect(breaker.state).toBe('closed');
    await release();
  });
});

/** A database behind a proxy, with a breaker that opens at the second failure. */
async function openThroughProxy(overrides: Partial<DatabaseOptions>) {
  const url = new URL(testDatabase.appUrl);
  const proxy = await startFaultProxy({ host: url.hostname, port: Number(url.port) });
  url.port = String(proxy.port);
  const breaker = new Breaker({ name: 'database', failures: 2, openMs: 60_000 });
  const database = makeDatabase({ ...testDatabase, appUrl: url.toString() }, { breaker, ...overrides });
  await database.open();
  return { database, breaker, proxy };
}

describe('a connection that many reads lose', () => {
  it('counts once when it is silent', async () => {
    const { database, breaker, proxy } = await openThroughProxy({ queryTimeoutMs: 500 });
    proxy.set('freeze');
    const reads = await Promise.allSettled(Array.from({ length: 6 }, () => database.read(tenant).row(backend, {})));
    expect(reads.map(({ status }) => status)).toEqual(Array(6).fill('rejected'));
    expect(breaker.state).toBe('closed');
    breaker.failed();
    expect(breaker.state).toBe('open');
    await database.close();
    await proxy.close();
  });

  it('counts once when the server ends it, and the reads are tried again', async () => {
    const breaker = new Breaker({ name: 'database', failures: 2, openMs: 60_000 });
    const { database } = await open({ breaker });
    const { pid = 0 } = (await database.read(tenant).row(backend, {})) ?? {};
    const reads = await Promise.allSettled([
      database.read(tenant).row(endBackend, { pid }),
      ...Array.from({ length: 6 }, () => database.read(tenant).row(backend, {})),
    ]);
    expect(reads.map(({ status }) => status)).toEqual(Array(7).fill('fulfilled'));
    expect(breaker.state).toBe('closed');
  });
});

describe('a database that says nothing', () => {
  it('counts, and does not hold our end', async () => {
    // Of the two for reads one is cut when a read on it fails, the other is idle.
    const { database, breaker, proxy } = await openThroughProxy({ queryTimeoutMs: 1_000, pipelineConnections: 2 });
    await database.transaction(tenant, (tx) => tx.row(backend, {}));
    const release = await hold(database);
    // Two connections, of which one will be idle when the server has stopped.
    await database.transaction(tenant, (tx) => tx.row(backend, {}));
    await release();

    proxy.set('freeze');
    const failed = await Promise.allSettled([
      database.read(tenant).row(backend, {}),
      database.transaction(tenant, (tx) => tx.row(backend, {})),
    ]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(breaker.state).toBe('open');
    await database.close();
    expect(database.writers.open).toBe(0);
    await proxy.close();
  });
});
