import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSocial, type Social } from '../../../testing/social.js';
import { repairPolls, samplePollDrift } from '../index.js';
import type { Post } from '../schema.js';
import type { Poll } from './schema.js';

const never = new AbortController().signal;
let social: Social;
let author: string;
let voters: string[];
let failedStatements: string[] = [];
beforeAll(async () => {
  social = await createSocial({
    observe: ({ query, outcome }) => {
      if (outcome === 'error') failedStatements.push(query);
      else social?.statements.push(query);
    },
  });
});
beforeEach(async () => {
  [author, ...voters] = (await social.addUsers(5)) as [string, ...string[]];
  failedStatements = [];
});
afterAll(() => social?.close());

const run = <T = unknown>(viewer: string | null, name: string, input?: object) => social.run<T>(viewer, name, input);
const ask = (poll: object = {}, post: object = {}) =>
  run<Post>(author, 'createPost', {
    body: 'which?',
    poll: { options: ['red', 'green', 'blue'], durationSeconds: 3_600, ...poll },
    ...post,
  });
const vote = (viewer: string, { id }: { id: string }, ...options: number[]) =>
  run<Poll>(viewer, 'voteInPoll', { postId: id, options });
const pollOf = async (viewer: string | null, { id }: { id: string }) =>
  (await run<Post>(viewer, 'getPost', { postId: id })).poll;
const counts = (poll: Poll | null | undefined) => poll?.options.map(({ votes }) => votes);
const close = ({ id }: { id: string }) => social.sql('update polls set closes_at = now() where post_id = $1', [id]);

describe('a poll', () => {
  it('comes with its post, wherever that is read', async () => {
    const post = await ask();
    expect(post.poll).toMatchObject({
      options: ['red', 'green', 'blue'].map((text) => ({ text, votes: 0 })),
      multiple: false,
      hidesResults: false,
      voters: 0,
      closed: false,
      votedFor: [],
    });
    expect(Date.parse(post.poll?.closesAt ?? '') - Date.parse(post.createdAt)).toBe(3_600_000);
    expect(await run(author, 'getPost', { postId: post.id })).toEqual(post);
    const listed = await run<{ items: Post[] }>(null, 'listPostsByAuthor', { userId: author });
    expect(listed.items).toEqual([{ ...post, viewer: null, poll: { ...post.poll, votedFor: null } }]);
    const edited = await run<Post>(author, 'editPost', { postId: post.id, body: 'which one?' });
    expect(edited.poll).toEqual(post.poll);
    await run(author, 'deletePost', { postId: post.id });
    const deleted = await run<{ items: { post: Post }[] }>(author, 'listDeletedPosts');
    expect(deleted.items[0]?.post.poll).toEqual(post.poll);
  });

  it.each([
    ['one option', { options: ['a'] }],
    ['eleven options', { options: Array.from({ length: 11 }, (_, n) => `${n}`) }],
    ['an option twice', { options: ['a', 'a'] }],
    ['a blank option', { options: ['a', ' '] }],
    ['an end at once', { durationSeconds: 0 }],
    ['an end in a year', { durationSeconds: 365 * 86_400 }],
  ])('is refused with %s', async (_what, poll) => {
    await expect(ask(poll)).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('goes with a draft, and runs from its publication', async () => {
    const poll = { options: ['a', 'b'], durationSeconds: 600, multiple: true };
    const draft = await run<{ id: string; poll: unknown }>(author, 'createDraft', { body: 'later', poll });
    expect(draft.poll).toEqual(poll);
    const post = await run<Post>(author, 'publishDraft', { draftId: draft.id });
    expect(post.poll).toMatchObject({ multiple: true, closed: false });
    expect(Date.parse(post.poll?.closesAt ?? '') - Date.parse(post.createdAt)).toBe(600_000);
  });

  it('costs a page one statement more, however many there are', async () => {
    const read = async () => {
      social.statements.length = 0;
      await run(voters[0] as string, 'listPostsByAuthor', { userId: author });
      return social.statements.filter((name) => name === 'content.pollsOfPosts').length;
    };
    await run(author, 'createPost', { body: 'no poll' });
    expect(await read()).toBe(0);
    await ask();
    expect(await read()).toBe(1);
    for (let n = 0; n < 5; n += 1) await ask();
    expect(await read()).toBe(1);
  });
});

describe('a vote', () => {
  it('is cast once, and again changes nothing', async () => {
    const [a, b] = voters as [string, string];
    const post = await ask();
    expect(await vote(a, post, 1)).toMatchObject({ voters: 1, votedFor: [1] });
    expect(counts(await vote(a, post, 1))).toEqual([0, 1, 0]);
    await expect(vote(a, post, 2)).rejects.toMatchObject({ code: 'already_voted' });
    expect(counts(await vote(b, post, 2))).toEqual([0, 1, 1]);
    expect(await pollOf(a, post)).toMatchObject({ voters: 2, votedFor: [1] });
    const events = await social.sql(`select payload from outbox where type = 'poll.voted' and key = $1`, [post.id]);
    expect(events).toHaveLength(2);
  });

  it('is for one option, or for several where the author says so', async () => {
    const [a, b] = voters as [string, string];
    const single = await ask();
    for (const options of [[0, 1], [3], []]) {
      await expect(vote(a, single, ...options)).rejects.toMatchObject({ code: 'invalid_request' });
    }
    const several = await ask({ multiple: true });
    await expect(vote(a, several, 1, 1)).rejects.toMatchObject({ code: 'invalid_request' });
    await vote(a, several, 2, 0);
    expect(await vote(b, several, 2)).toMatchObject({ voters: 2 });
    expect(counts(await vote(a, several, 0, 2))).toEqual([1, 0, 2]);
  });

  it('comes too late when the poll is closed', async () => {
    const [a, b] = voters as [string, string];
    const post = await ask();
    await vote(a, post, 0);
    await close(post);
    await expect(vote(b, post, 0)).rejects.toMatchObject({ code: 'poll_closed' });
    expect(await vote(a, post, 0)).toMatchObject({ closed: true, voters: 1 });
  });

  it('is for those who see the post, of a post that has a poll', async () => {
    const [a] = voters as [string];
    const post = await ask({}, { visibility: 'private' });
    const plain = await run<Post>(author, 'createPost', { body: 'no poll' });
    await expect(vote(a, post, 0)).rejects.toMatchObject({ code: 'not_found' });
    await expect(vote(a, plain, 0)).rejects.toMatchObject({ code: 'not_found' });
    expect(counts(await vote(author, post, 0))).toEqual([1, 0, 0]);
    await run(author, 'deletePost', { postId: post.id });
    await expect(vote(author, post, 0)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('results that the author hides', () => {
  it('are shown to the author, to who has voted, and to all at the end', async () => {
    const [a, b] = voters as [string, string];
    const post = await ask({ hidesResults: true });
    await vote(a, post, 0);
    const seen = async () =>
      Promise.all([author, a, b, null].map(async (viewer) => counts(await pollOf(viewer, post))));
    expect(await seen()).toEqual([
      [1, 0, 0],
      [1, 0, 0],
      [null, null, null],
      [null, null, null],
    ]);
    expect(counts(await vote(b, post, 2))).toEqual([1, 0, 1]);
    await close(post);
    expect(counts(await pollOf(null, post))).toEqual([1, 0, 1]);
  });
});

describe('counts', () => {
  const recount = (id: string) =>
    social.sql(
      `select voters::int, votes::int[] from polls where post_id = $1
       union all
       select (select count(*)::int from poll_votes where post_id = $1),
         array(select (select count(*)::int from poll_votes v where v.post_id = $1 and n = any(v.options))
               from generate_series(0, 2) n)`,
      [id],
    );

  // Seeded bugs that turn this red: counts that are read, added to and written back; a vote counted before its conflict.
  it('are those of a recount, whatever is cast at the same moment', { timeout: 120_000 }, async () => {
    const ballot = fc.record({
      voter: fc.nat(3),
      options: fc.uniqueArray(fc.nat(2), { minLength: 1, maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.array(ballot, { minLength: 4, maxLength: 20 }), async (multiple, ballots) => {
        const post = await ask({ multiple });
        await Promise.all([
          ...ballots.map(({ voter, options }) =>
            vote(voters[voter] as string, post, ...options).catch((error: { code?: string }) => {
              if (error.code !== 'already_voted' && error.code !== 'invalid_request') throw error;
            }),
          ),
          repairPolls(social.database, never),
        ]);
        const [stored, actual] = await recount(post.id);
        expect(stored).toEqual(actual);
        expect(failedStatements).toEqual([]);
      }),
      { numRuns: 20 },
    );
    expect(await samplePollDrift(social.database, 1_000)).toMatchObject({ drifting: 0 });
  });

  it('that are wrong are found and mended', async () => {
    const post = await ask({ multiple: true });
    await vote(voters[0] as string, post, 0, 2);
    await social.sql(`update polls set voters = 7, votes = '{1,1,1}' where post_id = $1`, [post.id]);
    expect(await samplePollDrift(social.database, 1_000)).toMatchObject({ drifting: 1 });
    expect(await repairPolls(social.database, never)).toMatchObject({ repaired: 1 });
    expect(await recount(post.id)).toEqual([
      { voters: 1, votes: [1, 0, 1] },
      { voters: 1, votes: [1, 0, 1] },
    ]);
    expect(await repairPolls(social.database, never)).toMatchObject({ repaired: 0 });
  });
});
