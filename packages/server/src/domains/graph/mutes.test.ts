import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSocial, type Social } from '../../testing/social.js';
import { purgeMutes } from './index.js';
import type { ListedUser, Relation } from './schema.js';

interface Page {
  readonly items: ListedUser[];
  readonly nextCursor: string | null;
}

let social: Social;
beforeAll(async () => {
  social = await createSocial();
});
afterAll(() => social.close());

const run = <T = unknown>(viewer: string | null, name: string, input?: object) => social.run<T>(viewer, name, input);
const relation = async (viewer: string, userId: string) =>
  (await run<{ viewer: Relation }>(viewer, 'getUser', { userId })).viewer;
const mutes = async (viewer: string) => (await run<Page>(viewer, 'listMutes')).items.map(({ id }) => id);

describe('muting', () => {
  it('is known to who mutes, and to nobody else', async () => {
    const [a, b] = (await social.addUsers(2)) as [string, string];
    const before = await relation(b, a);
    for (let again = 0; again < 2; again += 1) {
      expect(await run(a, 'muteUser', { userId: b })).toMatchObject({ muting: true, mutedUntil: null });
    }
    expect(await relation(a, b)).toMatchObject({ muting: true, mutedUntil: null });
    expect(await relation(b, a)).toEqual(before);
    expect(await mutes(a)).toEqual([b]);
    expect(await mutes(b)).toEqual([]);
    expect([...(await social.graph.mutedUsers(social.scope(a), [a, b]))]).toEqual([b]);
    // What goes to the outbox may reach whom it is about.
    expect(await social.sql('select 1 from outbox where payload::text like $1', [`%${b}%`])).toEqual([]);
    for (let again = 0; again < 2; again += 1) {
      expect(await run(a, 'unmuteUser', { userId: b })).toMatchObject({ muting: false });
    }
    expect(await mutes(a)).toEqual([]);
  });

  it('ends by itself, gets another end, and is swept up', async () => {
    const [a, b] = (await social.addUsers(2)) as [string, string];
    const { mutedUntil } = await run<Relation>(a, 'muteUser', { userId: b, durationSeconds: 3_600 });
    const [row] = await social.sql<{ seconds: number }>(
      `select extract(epoch from $1::timestamptz - created_at)::float8 as seconds from mutes where muter_id = $2`,
      [mutedUntil, a],
    );
    expect(row?.seconds).toBe(3_600);
    expect(await run(a, 'muteUser', { userId: b })).toMatchObject({ mutedUntil: null });
    await social.sql(`update mutes set expires_at = now() - interval '1 second' where muter_id = $1`, [a]);
    expect(await relation(a, b)).toMatchObject({ muting: false, mutedUntil: null });
    expect(await mutes(a)).toEqual([]);
    expect((await social.graph.mutedUsers(social.scope(a), [b])).size).toBe(0);
    expect(await social.database.system.run(purgeMutes, { limit: 10 })).toBe(1);
    expect(await social.sql('select 1 from mutes where muter_id = $1', [a])).toEqual([]);
  });

  it('is refused for oneself and for whom one cannot see', async () => {
    const [a, b] = (await social.addUsers(2)) as [string, string];
    await run(b, 'blockUser', { userId: a });
    await expect(run(a, 'muteUser', { userId: a })).rejects.toMatchObject({ code: 'cannot_mute_self' });
    for (const userId of [b, '00000000-0000-7000-8000-000000000000']) {
      for (const name of ['muteUser', 'unmuteUser']) {
        await expect(run(a, name, { userId })).rejects.toMatchObject({ code: 'not_found' });
      }
    }
    for (const durationSeconds of [0, 299, 31_536_001, 400.5]) {
      await expect(run(a, 'muteUser', { userId: b, durationSeconds })).rejects.toMatchObject({
        code: 'invalid_request',
      });
    }
  });
});
