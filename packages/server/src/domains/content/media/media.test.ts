import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../../platform/ids/index.js';
import { createSocial, type Social } from '../../../testing/social.js';
import type { Post } from '../schema.js';
import type { Media } from './schema.js';

let social: Social;
let owner: string;
let other: string;
beforeAll(async () => {
  social = await createSocial();
});
beforeEach(async () => {
  [owner, other] = (await social.addUsers(2)) as [string, string];
});
afterAll(() => social?.close());

const run = <T = unknown>(viewer: string | null, name: string, input?: object) => social.run<T>(viewer, name, input);
const variants = (...names: string[]) =>
  names.map((name, n) => ({
    name,
    url: `https://media.example.org/${name}.webp`,
    contentType: 'image/webp',
    width: 100 * (n + 1),
    height: 50 * (n + 1),
    bytes: 3_000_000_000,
  }));
const keep = (input: object = {}, ownerId = owner) =>
  social.runAsBackend<Media>('createMedia', {
    ownerId,
    kind: 'image',
    alt: 'a red door',
    blurhash: 'LEHV6nWB2yk8pyo0adR*.7kCMdnj',
    variants: variants('thumbnail', 'original', 'medium'),
    ...input,
  });

describe('media', () => {
  it('is made known by the backend, with its variants', async () => {
    const media = await keep();
    expect(media).toMatchObject({ ownerId: owner, kind: 'image', alt: 'a red door' });
    expect(media.variants.map(({ name }) => name)).toEqual(['medium', 'original', 'thumbnail']);
    expect(await social.runAsBackend('getMedia', { mediaId: media.id })).toEqual(media);
    await expect(social.runAsBackend('getMedia', { mediaId: newId() })).rejects.toMatchObject({ code: 'not_found' });
    await expect(keep({}, newId())).rejects.toMatchObject({ code: 'not_found' });
    await expect(run(owner, 'getMedia', { mediaId: media.id })).rejects.toMatchObject({ code: 'forbidden' });
  });

  it.each([
    ['an address without TLS', { variants: [{ name: 'a', url: 'http://x.org/a.png' }] }],
    ['an address that is none', { variants: [{ name: 'a', url: 'https://' }] }],
    ['a script', { variants: [{ name: 'a', url: 'javascript:alert(1)' }] }],
    ['two variants of a name', { variants: [...variants('a'), ...variants('a')] }],
    ['no variant', { variants: [] }],
    ['eleven variants', { variants: variants(...'abcdefghijk') }],
    ['a kind of its own', { kind: 'hologram' }],
  ])('is refused with %s', async (_what, input) => {
    await expect(keep(input)).rejects.toMatchObject({ code: 'invalid_request' });
  });
});

describe('media of posts', () => {
  it('is shown in the order of the author, with all variants, wherever the post is', async () => {
    const media = [await keep(), await keep({ kind: 'video', blurhash: undefined, alt: undefined }), await keep()];
    const mediaIds = [media[2], media[0], media[1]].map((each) => each?.id);
    const post = await run<Post>(owner, 'createPost', { body: 'look', mediaIds });
    expect(post.media).toEqual([media[2], media[0], media[1]]);
    expect(await run(owner, 'getPost', { postId: post.id })).toEqual(post);
    const page = await run<{ items: Post[] }>(other, 'listPostsByAuthor', { userId: owner });
    expect(page.items).toEqual([post]);
    expect(await run(owner, 'editPost', { postId: post.id, body: 'look here' })).toMatchObject({ media: post.media });
    const draft = await run<{ id: string }>(owner, 'createDraft', { body: 'later', mediaIds: mediaIds.slice(0, 1) });
    expect(await run(owner, 'publishDraft', { draftId: draft.id })).toMatchObject({ media: [media[2]] });
  });

  // D7. Seeded bug that turns this red: variants that are read for each picture.
  it('of a page is read in the statement of its contents', async () => {
    for (let n = 0; n < 5; n += 1) {
      const mediaIds = [(await keep()).id, (await keep()).id];
      await run(owner, 'createPost', { body: `post ${n}`, mediaIds });
    }
    social.statements.length = 0;
    const { items } = await run<{ items: Post[] }>(other, 'listPostsByAuthor', { userId: owner });
    expect(items.map(({ media }) => media.map((each) => each.variants.length))).toEqual(Array(5).fill([3, 3]));
    expect([...social.statements].sort()).toEqual([
      'content.postContents',
      'content.postsByAuthor',
      'identity.storedUsers',
    ]);
  });

  it('is the author’s own, ten at the most, each once', async () => {
    const [mine, theirs] = [await keep(), await keep({}, other)];
    for (const mediaIds of [
      [theirs.id],
      [newId()],
      [mine.id, theirs.id],
      [mine.id, mine.id],
      Array.from({ length: 11 }, newId),
    ]) {
      for (const name of ['createPost', 'createDraft']) {
        await expect(run(owner, name, { body: 'x', mediaIds })).rejects.toMatchObject({ code: 'invalid_request' });
      }
    }
    const foreign = await run(owner, 'createPost', { body: 'x', mediaIds: [theirs.id] }).catch(
      (error: unknown) => error,
    );
    const unknown = await run(owner, 'createPost', { body: 'x', mediaIds: [newId()] }).catch((error: unknown) => error);
    expect(foreign).toEqual(unknown);
  });
});
