import { describe, expect, it } from 'vitest';
import type { BusHandler } from '../bus/index.js';
import { createMetrics } from '../telemetry/index.js';
import { createPageCache } from './page-cache.js';

const tenant = { id: 'tenant', plan: 'free' } as const;
const as = (userId: string | null) => ({ tenant, viewer: userId === null ? null : { userId, sessionId: userId } });

/** Two processes on one bus that delivers at once. */
function makeProcesses() {
  const handlers: BusHandler[] = [];
  const published: (string | undefined)[] = [];
  const bus = {
    publish: (_: string, payload?: string) => {
      published.push(payload);
      for (const handler of handlers) handler(payload);
    },
    subscribe: (_: string, handler: BusHandler) => {
      handlers.push(handler);
      return () => {};
    },
  };
  const make = () => createPageCache({ bus, metrics: createMetrics(), ttlMs: 1_000, maxBytes: 1_000_000 });
  let loads = 0;
  const load = async () => ({ load: ++loads });
  return {
    one: make(),
    other: make(),
    load,
    published,
    tellAll: () => handlers.forEach((handler) => void handler(undefined)),
  };
}

describe('page cache', () => {
  it('keeps a page for its viewer alone (I8)', async () => {
    const { one, load } = makeProcesses();
    const mine = await one.get(as('me'), 'list', load);
    expect((await one.get(as('me'), 'list', load)).value).toBe(mine.value);
    expect((await one.get(as('you'), 'list', load)).value).not.toEqual(mine.value);
    expect((await one.get(as(null), 'list', load)).value).not.toEqual(mine.value);
    expect((await one.get({ ...as('me'), tenant: { id: 'other', plan: 'free' } }, 'list', load)).value).not.toEqual(
      mine.value,
    );
    expect((await one.get(as('me'), 'another list', load)).value).not.toEqual(mine.value);
  });

  it('forgets all pages of a viewer who has changed something, in every process, and nobody else’s (I4)', async () => {
    const { one, other, load } = makeProcesses();
    const before = await Promise.all([one, other].map((cache) => cache.get(as('me'), 'list', load)));
    const yours = await one.get(as('you'), 'list', load);
    one.forget('tenant', 'me');
    const after = await Promise.all([one, other].map((cache) => cache.get(as('me'), 'list', load)));
    for (const [index, page] of after.entries()) expect(page.value).not.toEqual(before[index]?.value);
    expect(await one.get(as('you'), 'list', load)).toBe(yours);
  });

  it('does not keep a page whose load began before the change', async () => {
    const { one, load } = makeProcesses();
    let finish = () => {};
    const slow = one.get(as('me'), 'list', async () => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return { load: -1 };
    });
    one.forget('tenant', 'me');
    finish();
    await slow;
    expect((await one.get(as('me'), 'list', load)).value).toEqual({ load: 1 });
  });

  it('forgets everything when it may have missed something', async () => {
    const { one, load, tellAll } = makeProcesses();
    const before = await one.get(as('me'), 'list', load);
    tellAll();
    expect(await one.get(as('me'), 'list', load)).not.toBe(before);
  });
});
