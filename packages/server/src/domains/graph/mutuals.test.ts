import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSocial, type Social } from '../../testing/social.js';
import type { ListedUser } from './schema.js';

interface Page {
  readonly items: ListedUser[];
  readonly nextCursor: string | null;
  readonly count: number;
}

let social: Social;
let viewer: string;
let star: string;
let modest: string;
let crowd: string[];
beforeAll(async () => {
  social = await createSocial();
  [viewer, star, modest] = (await social.addUsers(3)) as [string, string, string];
  crowd = await social.addUsers(30);
  // The viewer follows 12; of them 8 follow the star, who has more followers, and 2 the modest one, who has fewer.
  const follows = [
    ...crowd.slice(0, 12).map((id) => [viewer, id]),
    ...crowd.slice(4, 30).map((id) => [id, star]),
    ...crowd.slice(10, 14).map((id) => [id, modest]),
  ].map(([followerId, followeeId], index) => ({
    followerId: followerId as string,
    followeeId: followeeId as string,
    createdAt: `2026-02-01T00:00:${String(Math.floor(index / 3)).padStart(2, '0')}Z`,
  }));
  await social.database.transaction(social.tenantId, (tx) => social.graph.insertFollows(tx, follows));
});
afterAll(() => social.close());
beforeEach(() => social.statements.splice(0));

const run = <T = Page>(name: string, input: object, as: string | null = viewer) => social.run<T>(as, name, input);
const idsOf = (page: Pick<Page, 'items'>) => page.items.map(({ id }) => id);

describe('followers whom the viewer follows', () => {
  it.each([
    ['many followers', () => star, () => crowd.slice(4, 12).reverse()],
    ['few followers', () => modest, () => crowd.slice(10, 12).reverse()],
  ])('of a user with %s: all of them, once, newest first', async (_what, of, expected) => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Page = await run('listMutuals', { userId: of(), limit: 3, ...(cursor === null ? {} : { cursor }) });
      expect(page.count).toBe(expected().length);
      expect(page.items.every((user) => user.viewer?.following)).toBe(true);
      seen.push(...idsOf(page));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(expected());
  });

  it('show on many profiles with two statements, and go on where these stopped (D19)', async () => {
    const parents = [{ id: star }, { id: modest }, { id: crowd[0] }, { id: star }];
    const [ofStar, ofModest, none, again] = (await social.edge(viewer, 'User', 'mutuals', parents)) as Page[];
    expect(social.statements).toEqual(['graph.mutuals', 'identity.usersByIds']);
    expect(ofStar).toMatchObject({ count: 8 });
    expect(idsOf(ofStar as Page)).toEqual(crowd.slice(9, 12).reverse());
    expect(again).toEqual(ofStar);
    expect(ofModest).toMatchObject({ count: 2, nextCursor: null });
    expect(none).toEqual({ items: [], nextCursor: null, count: 0 });
    const next = await run('listMutuals', { userId: star, limit: 3, cursor: ofStar?.nextCursor });
    expect(idsOf(next)).toEqual(crowd.slice(6, 9).reverse());
    expect(await social.edge(null, 'User', 'mutuals', [{ id: star }])).toEqual([null]);
  });

  it('are those of one viewer, without the deleted, and nobody’s of a user whom one cannot see', async () => {
    await expect(run('listMutuals', { userId: star }, null)).rejects.toMatchObject({ code: 'unauthenticated' });
    const { nextCursor: cursor } = await run('listMutuals', { userId: star, limit: 1 });
    await expect(run('listMutuals', { userId: star, cursor }, crowd[0])).rejects.toMatchObject({
      code: 'invalid_cursor',
    });
    await social.sql('update users set deleted_at = now() where id = $1', [crowd[5]]);
    expect((await run('listMutuals', { userId: star })).count).toBe(7);
    await social.sql('update users set deleted_at = null where id = $1', [crowd[5]]);
    await social.run(star, 'blockUser', { userId: viewer });
    await expect(run('listMutuals', { userId: star })).rejects.toMatchObject({ code: 'not_found' });
  });
});
