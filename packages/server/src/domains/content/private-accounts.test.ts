import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSocial, type Social } from '../../testing/social.js';
import type { Post, Visibility } from './schema.js';

interface Page<T> {
  readonly items: T[];
  readonly nextCursor: string | null;
}

let social: Social;
beforeAll(async () => {
  social = await createSocial();
});
afterAll(() => social.close());

const levels = ['public', 'followers', 'close_friends', 'private'] as const;
const run = <T = unknown>(viewer: string | null, name: string, input?: object) => social.run<T>(viewer, name, input);
const poll = { options: ['yes', 'no'], durationSeconds: 3_600 };
const write = (author: string, body: string, visibility: Visibility = 'public') =>
  run<Post>(author, 'createPost', { body, visibility, poll });
const idsOf = (page: { items: readonly { id: string }[] }) => page.items.map((item) => item.id);

describe('who sees what', () => {
  it.each([
    ['nobody', []],
    ['stranger', []],
    ['asking', []],
    ['follower', ['public', 'followers']],
    ['friend', []],
    ['followingFriend', ['public', 'followers', 'close_friends']],
    ['blocked', []],
    ['author', ['public', 'followers', 'close_friends', 'private']],
  ] as const)('of a private account %s sees %j', async (name, visible) => {
    const [owner, other] = (await social.addUsers(2)) as [string, string];
    const viewer = name === 'nobody' ? null : name === 'author' ? owner : other;
    await run(owner, 'setPrivacy', { isPrivate: true });
    if (name !== 'nobody' && name !== 'stranger' && name !== 'author')
      await run(other, 'followUser', { userId: owner });
    if (['follower', 'followingFriend', 'blocked'].includes(name))
      await run(owner, 'approveFollowRequest', { userId: other });
    if (name === 'blocked') await run(owner, 'blockUser', { userId: other });
    if (name === 'friend' || name === 'followingFriend') {
      const { id: listId } = await run<{ id: string }>(owner, 'createList', { name: 'close', kind: 'close_friends' });
      await run(owner, 'addListMember', { listId, userId: other });
    }
    const tag = `private_${name}`;
    const ids: Record<string, string> = {};
    for (const level of levels) ids[level] = (await write(owner, `for ${level} #${tag}`, level)).id;
    const shown: readonly string[] = visible;
    for (const level of levels) {
      for (const operation of ['getPost', 'listLikers', 'listPostVersions', 'likePost', 'voteInPoll']) {
        if (viewer === null && (operation === 'likePost' || operation === 'voteInPoll')) continue;
        const choice = operation === 'voteInPoll' ? { options: [0] } : {};
        const outcome = run(viewer, operation, { postId: ids[level], ...choice });
        if (shown.includes(level)) await expect(outcome).resolves.toBeDefined();
        else await expect(outcome).rejects.toMatchObject({ code: 'not_found' });
      }
    }
    const expected = levels.filter((level) => shown.includes(level)).map((level) => ids[level]);
    const list = run<Page<Post>>(viewer, 'listPostsByAuthor', { userId: owner });
    if (name === 'blocked') await expect(list).rejects.toMatchObject({ code: 'not_found' });
    else expect(idsOf(await list)).toEqual([...expected].reverse());
    const [edge] = (await social.edge(viewer, 'User', 'posts', [{ id: owner }])) as Page<Post>[];
    expect(idsOf(edge as Page<Post>)).toEqual([...expected].reverse());
    const tagged = await run<Page<Post>>(viewer, 'listPostsByHashtag', { hashtag: tag });
    expect(idsOf(tagged)).toEqual(shown.includes('public') ? [ids['public']] : []);
  });

  it('of the muted nothing in the lists of a hashtag, and everything on their profile and by link', async () => {
    const [viewer, loud] = (await social.addUsers(2)) as [string, string];
    const { id } = await write(loud, 'again #noise');
    await run(viewer, 'muteUser', { userId: loud });
    const tagged = async () => idsOf(await run<Page<Post>>(viewer, 'listPostsByHashtag', { hashtag: 'noise' }));
    expect(await tagged()).toEqual([]);
    expect(idsOf(await run<Page<Post>>(viewer, 'listPostsByAuthor', { userId: loud }))).toEqual([id]);
    expect(await run<Post>(viewer, 'getPost', { postId: id })).toMatchObject({ id });
    await social.sql(`update mutes set expires_at = now() where muter_id = $1`, [viewer]);
    expect(await tagged()).toEqual([id]);
  });
});
