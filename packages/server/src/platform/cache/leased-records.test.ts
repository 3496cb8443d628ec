import { afterEach, describe, expect, it } from 'vitest';
import { createMetrics } from '../telemetry/index.js';
import type { RecordOwner } from './index.js';
import { createLeasedRecords, type LeasedRecords } from './index.js';

const owner = { tenantId: 'tenant', userId: 'user' };
const closing: LeasedRecords<unknown>[] = [];
afterEach(async () => {
  for (const records of closing.splice(0)) await records.close();
});

/** Records whose changes come from a list, as they would from the database. */
function setUp({ maxBytes = 1_000_000 } = {}) {
  const unread: RecordOwner[] = [];
  const state = { failing: false, looks: 0, loads: 0 };
  let wake = () => {};
  const records = createLeasedRecords<number>({
    name: 'test',
    maxBytes,
    bytesOf: () => 100,
    changesSince: async () => {
      state.looks += 1;
      if (state.failing) throw new Error('the database is gone');
      return { snapshot: 'snapshot', readAt: new Date().toISOString(), changes: unread.splice(0) };
    },
    bus: {
      publish: () => wake(),
      subscribe: (_topic, handler) => {
        wake = () => handler(undefined);
        return () => {};
      },
    },
    metrics: createMetrics(),
    log: { warn: () => {}, info: () => {} },
  });
  closing.push(records);
  records.start();
  const load = async () => ++state.loads;
  const read = async (version?: string, who = owner) =>
    (await records.read(who, load, version === undefined ? undefined : async () => version))?.value;
  return { records, unread, state, load, read, wake: () => wake() };
}

async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('it has not come to be');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('leased records', () => {
  it('are believed from the first look on, loaded once and kept for their owner', async () => {
    const { read, state } = setUp();
    expect(await read()).toBeUndefined();
    await until(async () => (await read()) !== undefined);
    await Promise.all([read(), read()]);
    expect(state.loads).toBe(1);
    expect(await read(undefined, { tenantId: 'another', userId: 'user' })).toBe(2);
    expect(await read()).toBe(1);
  });

  it('are dropped when somebody else has changed them', async () => {
    const { read, unread, wake } = setUp();
    await until(async () => (await read()) === 1);
    unread.push(owner);
    wake();
    await until(async () => (await read()) === 2);
  });

  // Seeded bug: keeping what was loaded while its change was told.
  it('are not kept when they change while they are loaded', async () => {
    const { records, read, load } = setUp();
    await until(async () => (await read(undefined, { tenantId: 'x', userId: 'x' })) !== undefined);
    let finish = () => {};
    const slow = records.read(owner, async () => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return -1;
    });
    await Promise.resolve();
    records.changed([owner]);
    finish();
    expect(await slow).toMatchObject({ value: -1 });
    expect(await records.read(owner, load)).not.toMatchObject({ value: -1 });
  });

  // Seeded bug: answering by the load of who came before the change (I4).
  it('have what their owner has changed, also when a load was under way', async () => {
    const { records, read, load } = setUp();
    await until(async () => (await read('1')) === 1);
    expect(await read('2')).toBe(2);
    expect(await read('2')).toBe(2);
    let finish = () => {};
    const slow = records.read(
      owner,
      async () => {
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        return -1;
      },
      async () => '3',
    );
    await new Promise((resolve) => setImmediate(resolve));
    const next = records.read(owner, load, async () => '4');
    await new Promise((resolve) => setImmediate(resolve));
    finish();
    expect(await slow).toMatchObject({ value: -1 });
    expect(await next).toMatchObject({ value: 3 });
    expect(await read('4')).toBeGreaterThan(2);
  });

  // Seeded bug: a lease without an end.
  it('are not believed while changes cannot be read, and are again afterwards', async () => {
    const { read, state } = setUp();
    await until(async () => (await read()) === 1);
    state.failing = true;
    await until(async () => (await read()) === undefined);
    state.failing = false;
    await until(async () => (await read()) !== undefined);
  });

  it('can be turned off: nothing is kept, and nobody looks', async () => {
    const { read, records, state } = setUp({ maxBytes: 0 });
    records.changed([owner]);
    expect(await read()).toBeUndefined();
    expect(state).toEqual({ failing: false, looks: 0, loads: 0 });
  });
});
