import { describe, expect, it } from 'vitest';
import type { ReadHandle } from '../db/index.js';
import { PreparedJson } from '../operation/index.js';
import { createMetrics } from '../telemetry/index.js';
import { createLocalWrites } from './own-writes.js';
import { createPageCache } from './page-cache.js';

const tenant = { id: 'tenant', plan: 'free' } as const;
// Never asked: the process is alone with its database.
const db = {} as ReadHandle;
const as = (userId: string | null) => ({
  tenant,
  db,
  viewer: userId === null ? null : { userId, sessionId: userId, role: 'member' as const },
});

const page = <T>(value: T) => new PreparedJson(() => value);

function makeCache(maxViewers?: number) {
  const ownWrites = createLocalWrites(maxViewers);
  const cache = createPageCache({ ownWrites, metrics: createMetrics(), ttlMs: 1_000, maxBytes: 1_000_000 });
  let loads = 0;
  const load = async () => page({ load: ++loads });
  const wrote = (userId: string) => ownWrites.committed({ tenantId: tenant.id, userId });
  return { cache, load, wrote };
}

describe('page cache', () => {
  it('keeps a page for its viewer alone (I8)', async () => {
    const { cache, load } = makeCache();
    const mine = await cache.get(as('me'), 'list', load);
    expect(await cache.get(as('me'), 'list', load)).toBe(mine);
    const others = await Promise.all([
      cache.get(as('you'), 'list', load),
      cache.get(as(null), 'list', load),
      cache.get({ ...as('me'), tenant: { id: 'other', plan: 'free' } }, 'list', load),
      cache.get(as('me'), 'another list', load),
    ]);
    expect(new Set([mine, ...others]).size).toBe(5);
  });

  it('has no page from before a change of its viewer, and still those of others (I4)', async () => {
    const { cache, load, wrote } = makeCache();
    const before = await cache.get(as('me'), 'list', load);
    const yours = await cache.get(as('you'), 'list', load);
    wrote('me');
    expect(await cache.get(as('me'), 'list', load)).not.toBe(before);
    expect(await cache.get(as('you'), 'list', load)).toBe(yours);
  });

  it('does not keep a page whose load began before the change', async () => {
    const { cache, load, wrote } = makeCache();
    let finish = () => {};
    const slow = cache.get(as('me'), 'list', async () => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return page({ load: -1 });
    });
    await Promise.resolve();
    wrote('me');
    finish();
    await slow;
    expect((await cache.get(as('me'), 'list', load)).value).toEqual({ load: 1 });
  });

  it('takes all viewers to have changed something when there are too many to remember', async () => {
    const { cache, load, wrote } = makeCache(2);
    wrote('me');
    const before = await Promise.all(['me', 'you'].map((viewer) => cache.get(as(viewer), 'list', load)));
    wrote('somebody');
    wrote('somebody else');
    const after = await Promise.all(['me', 'you'].map((viewer) => cache.get(as(viewer), 'list', load)));
    for (const page of after) expect(before).not.toContain(page);
  });
});
