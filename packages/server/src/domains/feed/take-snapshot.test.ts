import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ReadHandle } from '../../platform/db/index.js';
import { createSocial, type Social } from '../../testing/social.js';
import { takeSnapshot } from './take-snapshot.js';

let social: Social;
let reader: string;

beforeAll(async () => {
  social = await createSocial();
  const [first = '', author = ''] = await social.addUsers(2);
  reader = first;
  await social.run(reader, 'followUser', { userId: author });
  for (const body of ['one', 'two']) await social.run(author, 'createPost', { body });
});

afterAll(() => social?.close());

/** A handle on which the statements with these names fail, and the names of those left out. */
async function gatherWithout(...failing: string[]) {
  const missing: string[] = [];
  const scope = social.scope(reader);
  const handle: ReadHandle = {
    ...scope.db,
    row: async (query, values) => {
      if (failing.includes(query.name)) throw new Error(`${query.name} fails`);
      return await scope.db.row(query, values);
    },
  };
  const deps = { sourceHandle: () => handle, onMissing: (source: string) => void missing.push(source) };
  return { snapshot: await takeSnapshot(deps, scope, reader, { kind: 'ranked' }), missing };
}

it('gathers all sources with one statement each, sent together (B3)', async () => {
  social.statements.length = 0;
  const { snapshot, missing } = await gatherWithout();
  expect([snapshot.ids.length, snapshot.horizon, missing]).toEqual([2, null, []]);
  expect(social.statements.sort()).toEqual(['feed.followedCandidates', 'feed.popularCandidates']);
});

it('leaves out a source that fails, and goes on with the followees of all times when it was they (R5)', async () => {
  const { snapshot, missing } = await gatherWithout('feed.followedCandidates');
  expect([snapshot.ids, snapshot.missing, missing]).toEqual([[], ['followed'], ['followed']]);
  expect(Date.parse(snapshot.horizon?.key ?? '')).toBeGreaterThan(Date.now() - 60_000);
  expect((await gatherWithout('feed.popularCandidates')).snapshot).toMatchObject({
    missing: ['popular'],
    horizon: null,
  });
});

it('fails when every source does', async () => {
  await expect(gatherWithout('feed.followedCandidates', 'feed.popularCandidates')).rejects.toThrow(
    'followedCandidates',
  );
});
