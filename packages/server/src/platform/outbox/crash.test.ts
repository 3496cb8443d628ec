import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  countChange,
  createTestTables,
  type Effect,
  effectsOf,
  newTenant,
  type OutboxProcess,
  query,
  recordEffect,
  recording,
  startOutboxProcess,
} from '../../testing/outbox-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.js';
import { pg, writeQuery } from '../db/index.js';
import type { Consumer } from './consumer.js';

let database: TestDatabase;
const processes: OutboxProcess[] = [];
const children: ChildProcess[] = [];
const start = async (consumers: readonly Consumer[]) => {
  const started = await startOutboxProcess(database, consumers, { deps: { pollMs: 20 } });
  processes.push(started);
  return started;
};

beforeAll(async () => {
  database = await createTestDatabase();
  await createTestTables(database);
});
afterEach(async () => {
  for (const running of processes.splice(0)) await running.close();
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(async () => {
  await database.drop();
});

const soon = { timeout: 25_000, interval: 10 };
const killThisBackend = writeQuery({
  name: 'test.killThisBackend',
  params: {},
  row: { killed: pg.bool },
  sql: 'select pg_terminate_backend(pg_backend_pid()) as killed',
});

/** Each event once, and those of a key in their order. */
function expectOnceInOrder(effects: readonly Effect[], perKey: number): void {
  const byKey = new Map<string, number[]>();
  for (const { key, n } of effects) byKey.set(key, [...(byKey.get(key) ?? []), n]);
  for (const order of byKey.values()) expect(order).toEqual(Array.from({ length: perKey }, (_, n) => n));
}

const things = (keys: number, perKey: number, type = 'thing.changed') =>
  Array.from({ length: keys * perKey }, (_, index) => ({
    type,
    key: `k${index % keys}`,
    n: Math.floor(index / keys),
  }));

/** A process of its own that runs one consumer until it is killed. */
function startInProcess(name: string): ChildProcess {
  const testing = new URL('../../testing/', import.meta.url);
  const { appUrl, systemUrl } = database;
  const script = `
    import { recording, startOutboxProcess } from ${JSON.stringify(new URL('outbox-fixture.ts', testing).href)};
    await startOutboxProcess(${JSON.stringify({ appUrl, systemUrl })}, [recording('${name}', ['thing.killed'])]);`;
  const loader = new URL('typescript-loader.mjs', testing).href;
  return spawn(process.execPath, ['--import', loader, '--input-type=module', '--eval', script], { stdio: 'inherit' });
}

describe('effective once', () => {
  it('when the backend dies between the effect and the place', async () => {
    let deaths = 0;
    const running = await start([
      {
        name: 'mortal backend',
        types: ['thing.changed'],
        async handle(tx, event) {
          const n = event.payload['n'] as number;
          await tx.run(recordEffect, { consumer: 'mortal backend', eventId: event.id, key: event.key, n });
          if (n % 7 !== 3 || deaths >= 4) return;
          deaths += 1;
          await tx.row(killThisBackend, {});
        },
      },
    ]);
    await running.emit(newTenant(), things(3, 20));
    await expect.poll(async () => (await effectsOf(database, 'mortal backend')).length, soon).toBe(60);
    expect(deaths).toBe(4);
    expectOnceInOrder(await effectsOf(database, 'mortal backend'), 20);
    expect(await query(database.superuserUrl, 'select from nova.outbox_set_aside')).toEqual([]);
  });

  it('when the process is killed, again and again', async () => {
    const name = 'mortal process';
    const [keys, perKey] = [5, 400];
    const writer = await start([]);
    const tenantId = newTenant();
    for (let part = 0; part < 4; part += 1) {
      await writer.emit(tenantId, things(keys, perKey, 'thing.killed').slice(part * 500, (part + 1) * 500));
    }
    const count = async () => (await effectsOf(database, name)).length;
    for (const before of [0, 300]) {
      const child = startInProcess(name);
      children.push(child);
      await expect.poll(count, { timeout: 60_000, interval: 1 }).toBeGreaterThan(before);
      child.kill('SIGKILL');
      await once(child, 'exit');
      expect(child.signalCode).toBe('SIGKILL');
    }
    await start([recording(name, ['thing.killed'])]);
    await expect.poll(count, soon).toBe(keys * perKey);
    expectOnceInOrder(await effectsOf(database, name), perKey);
  }, 180_000);

  it('when two processes run the consumer, taking turns, while events come in', async () => {
    const turns = [0, 0];
    const consumerOf = (index: number) =>
      recording('shared', ['thing.shared'], async () => {
        turns[index] = (turns[index] ?? 0) + 1;
      });
    const [first, second] = [await start([consumerOf(0)]), await start([consumerOf(1)])];
    const tenants = [newTenant(), newTenant()];
    const emitAll = async (running: OutboxProcess, tenantId: string, key: string) => {
      for (let change = 0; change < 60; change += 1) {
        await running.db.transaction(tenantId, async (tx) => {
          const changed = await tx.row(countChange, { key });
          tx.emit({ type: 'thing.shared', key: `${tenantId} ${key}`, payload: { n: (changed?.n ?? 0) - 1 } });
        });
      }
    };
    await Promise.all(
      tenants.flatMap((tenantId) =>
        ['a', 'b'].flatMap((key) => [first, second].map((running) => emitAll(running, tenantId, key))),
      ),
    );
    await expect.poll(async () => (await effectsOf(database, 'shared')).length, soon).toBe(480);
    // The one that held the consumer goes: the other takes over.
    for (const [index, running] of [first, second].entries()) {
      await running.consumers.stop();
      const survivor = index === 0 ? second : await start([consumerOf(0)]);
      await Promise.all(tenants.map((tenantId) => emitAll(survivor, tenantId, 'c')));
      await expect.poll(async () => (await effectsOf(database, 'shared')).length, soon).toBe(480 + 120 * (index + 1));
    }
    const effects = await effectsOf(database, 'shared');
    expectOnceInOrder(effects, 120);
    expect(new Set(effects.map((effect) => `${effect.tenantId} ${effect.eventId}`)).size).toBe(720);
    expect((turns[0] ?? 0) + (turns[1] ?? 0)).toBeGreaterThanOrEqual(720);
  });
});
