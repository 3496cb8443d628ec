import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from './fixtures/eventually.js';
import { everyProcessHasLooked, handledEvents } from './fixtures/handled-events.js';
import { Nova } from './fixtures/nova.js';
import { signal } from './fixtures/processes.js';
import { makeTemporaryDirectory, removeDirectory } from './fixtures/temporary-directory.js';
import { Writers } from './fixtures/writers.js';

/**
 * I1: what was acknowledged is kept, exactly once, whoever is killed. Seeded bugs that turn this red: an answer before
 * COMMIT; fsync or synchronous_commit off is not among them, as the page cache outlives a process; a COMMIT that
 * resolves as ROLLBACK taken for success; an Idempotency-Key stored outside of the transaction of its effect; a consumer's
 * place stored each second instead of with its effects (I7), which only the survivor of the kill can tell.
 */
describe('durability', { timeout: 90_000 }, () => {
  const cleanUps: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  });

  async function start(dataDir: string): Promise<Nova> {
    const nova = await Nova.start({ dataDir });
    cleanUps.push(() => nova.dispose());
    return nova;
  }

  async function directory(): Promise<string> {
    const path = await makeTemporaryDirectory();
    cleanUps.push(() => removeDirectory(path));
    return path;
  }

  it('keeps every acknowledged write when the server is killed, and starts again on the same data', async () => {
    const dataDir = await directory();
    const first = await start(dataDir);
    const writers = await Writers.gather([first.client]);

    writers.start();
    await eventually('the writers have written', () => writers.total > 150);
    await first.kill();
    await writers.pause();
    const orphan = first.postmaster;
    expect(orphan, 'PostgreSQL outlives its Nova, as after a kill for memory').toBeDefined();

    const second = await start(dataDir);
    expect(second.postmaster).not.toBe(orphan);
    await writers.settle([second.client]);
    await expectExactlyOnce(second, writers);

    const before = writers.total;
    writers.start([second.client]);
    await eventually('the writers write on', () => writers.total > before + 20);
    await writers.pause();
    await second.stop();
  });

  it('keeps every acknowledged write when PostgreSQL is killed, and goes on without a restart', async () => {
    const nova = await start(await directory());
    const writers = await Writers.gather([nova.client]);
    writers.start();
    for (let round = 1; round <= 2; round++) {
      const before = writers.total;
      await eventually('the writers have written', () => writers.total > before + 80);
      const killed = nova.postmaster ?? 0;
      signal(killed, 'SIGKILL');
      await eventually('PostgreSQL runs again', () => {
        const running = nova.postmaster;
        return running !== undefined && running !== killed;
      });
      const after = writers.total;
      await eventually('writes are acknowledged again', () => writers.total > after + 20);
    }
    await writers.pause();
    expect(writers.failures, 'PostgreSQL was killed under writes').toBeGreaterThan(0);
    await writers.settle();
    expect(nova.hasEnded).toBe(false);
    await expectExactlyOnce(nova, writers);
    await everyProcessHasLooked([nova]);
    // Less where the answer to a COMMIT was lost: those are handled, but not known to be.
    expect(await handledEvents([nova])).toBeLessThanOrEqual(writers.acknowledged.posts.size);
    await nova.stop();
  });
});

/** Every write was acknowledged in the end, so what is there must be what was acknowledged: no less and no more. */
async function expectExactlyOnce(nova: Nova, writers: Writers): Promise<void> {
  const { posts, likes, follows } = writers.acknowledged;
  const kept = await writers.read(nova.client);
  expect(kept.posts.map(({ body, id }) => `${body} ${id}`).sort()).toEqual(
    [...posts].map(([body, id]) => `${body} ${id}`).sort(),
  );
  expect(new Set(posts.values()).size).toBe(posts.size);
  expect([...kept.likes].sort()).toEqual([...likes].sort());
  expect([...kept.follows].sort()).toEqual([...follows].sort());
  for (const { told, listed } of [...kept.likeCounts, ...kept.followCounts]) expect(told).toEqual(listed);

  await eventually('the outbox has counted every post', async () => {
    const { posts: counted } = await nova.client.expect<{ posts: number }>(200, 'GET', `/hashtags/${writers.hashtag}`);
    return counted === posts.size;
  });
}
