import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  countChange,
  createTestTables,
  effectsOf,
  newTenant,
  type OutboxProcess,
  query,
  recording,
  startOutboxProcess,
} from '../../testing/outbox-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.js';
import { pg, writeQuery } from '../db/index.js';

let database: TestDatabase;
let running: OutboxProcess;

beforeAll(async () => {
  database = await createTestDatabase();
  await createTestTables(database);
  running = await startOutboxProcess(database, [recording('property', ['thing.changed'])], {
    deps: { pollMs: 20 },
    database: { writerConnections: 12, acquireTimeoutMs: 10_000, queryTimeoutMs: 10_000, saturation: 1 },
  });
});
afterAll(async () => {
  await running.close();
  await database.drop();
});

const takeTransactionId = writeQuery({
  name: 'test.takeTransactionId',
  params: {},
  row: { xid: pg.xid8 },
  sql: 'select pg_current_xact_id() as xid',
});
const pause = writeQuery({
  name: 'test.pause',
  params: { ms: pg.int4 },
  row: { paused: pg.bool },
  sql: 'select pg_sleep(:ms::int / 1000.0) is not null as paused',
});

/** What one transaction does: when it takes its id, how long it waits before and after its change, how it ends. */
interface Script {
  readonly tenant: number;
  readonly key: string;
  readonly idFirst: boolean;
  readonly waitBeforeMs: number;
  readonly waitAfterMs: number;
  readonly events: number;
  readonly aborts: boolean;
}

const script: fc.Arbitrary<Script> = fc.record({
  tenant: fc.nat({ max: 1 }),
  key: fc.constantFrom('a', 'b', 'c'),
  idFirst: fc.boolean(),
  waitBeforeMs: fc.nat({ max: 8 }),
  waitAfterMs: fc.nat({ max: 8 }),
  events: fc.nat({ max: 3 }),
  aborts: fc.boolean(),
});

class Abort extends Error {}

async function play(tenantId: string, steps: Script): Promise<number> {
  try {
    return await running.db.transaction(tenantId, async (tx) => {
      if (steps.idFirst) await tx.row(takeTransactionId, {});
      await tx.row(pause, { ms: steps.waitBeforeMs });
      // Waits for whoever changes the key: from here on the order of the key is this transaction's turn.
      for (let event = 0; event < steps.events; event += 1) {
        const changed = await tx.row(countChange, { key: steps.key });
        tx.emit({ type: 'thing.changed', key: steps.key, payload: { n: changed?.n } });
      }
      await tx.row(pause, { ms: steps.waitAfterMs });
      if (steps.aborts) throw new Abort();
      return steps.events;
    });
  } catch (error) {
    if (error instanceof Abort) return 0;
    throw error;
  }
}

it('hears exactly what was committed, once, each key in the order of its changes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(script, { minLength: 10, maxLength: 40 }), async (scripts) => {
      const tenants = [newTenant(), newTenant()];
      const committed = await Promise.all(scripts.map((steps) => play(tenants[steps.tenant] ?? '', steps)));
      const total = committed.reduce((sum, events) => sum + events, 0);
      const mine = async () =>
        (await effectsOf(database, 'property')).filter((effect) => tenants.includes(effect.tenantId));
      await expect.poll(async () => (await mine()).length, { timeout: 15_000, interval: 10 }).toBe(total);
      const byKey = new Map<string, number[]>();
      for (const { tenantId, key, n } of await mine()) {
        byKey.set(`${tenantId} ${key}`, [...(byKey.get(`${tenantId} ${key}`) ?? []), n]);
      }
      const changes = await query<{ name: string; n: number }>(
        database.superuserUrl,
        `select tenant_id || ' ' || key as name, n from nova.test_keys where tenant_id = any($1)`,
        [tenants],
      );
      for (const { name, n } of changes) {
        expect(byKey.get(name)).toEqual(Array.from({ length: n }, (_, index) => index + 1));
      }
      expect(changes.reduce((sum, { n }) => sum + n, 0)).toBe(total);
    }),
    { numRuns: 25 },
  );
}, 120_000);
