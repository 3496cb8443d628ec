import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './fixtures/eventually.js';
import type { Post, User, UserProfile } from './fixtures/members.js';
import { Nova } from './fixtures/nova.js';
import { runNova } from './fixtures/program.js';

/** Twelve people in the layout of the LDBC Social Network Benchmark. */
const DATA_SET = fileURLToPath(new URL('../packages/server/fixtures/ldbc-snb', import.meta.url));
const TAG = { id: '2', name: '東京' };

async function rows(file: string): Promise<string[][]> {
  const text = await readFile(path.join(DATA_SET, file), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split('|'));
}

describe('nova import ldbc-snb', { timeout: 90_000 }, () => {
  let nova: Nova;

  beforeAll(async () => {
    nova = await Nova.start();
  });

  afterAll(async () => {
    await nova?.stop();
  });

  it('fills a Nova that runs, and a second time changes nothing', async () => {
    const importAll = () => runNova(['import', 'ldbc-snb', DATA_SET], { NOVA_DATABASE_DATA_DIR: nova.dataDir });
    const first = await importAll();
    expect(first).toMatchObject({ code: 0 });
    expect(first.stdout).toMatch(/^persons\s+12\s+12\s+0\s+0$/m);
    expect(first.stdout).toMatch(/^tags\s+30\s+30\s+0\s+0$/m);
    expect(first.stdout).toMatch(/^posts\s+60\s+60\s+0\s+0$/m);
    await expectImported();

    const second = await importAll();
    expect(second).toMatchObject({ code: 0 });
    expect(second.stdout).toMatch(/^posts\s+60\s+0\s+60\s+0$/m);
    await expectImported();
  });

  /** A hashtag's posts, their authors' graph and likes, against the files. */
  async function expectImported(): Promise<void> {
    const { client } = nova;
    const tagged = (await rows('dynamic/post_hasTag_tag_0_0.csv')).filter(([, tag]) => tag === TAG.id);
    const wanted = new Set(tagged.map(([post]) => post));
    const source = (await rows('dynamic/post_0_0.csv')).filter(([id]) => wanted.has(id));
    const hashtag = `/hashtags/${encodeURIComponent(TAG.name)}`;
    const posts = await client.list<Post>(`${hashtag}/posts`);
    expect(posts.map(({ body }) => body).sort()).toEqual(source.map(([, , , , , , content]) => content).sort());
    expect(posts.length).toBeGreaterThan(1);
    await eventually('the hashtag is counted', async () => {
      const { posts: counted } = await client.expect<{ posts: number }>(200, 'GET', hashtag);
      return counted === posts.length;
    });

    const likes = await rows('dynamic/person_likes_post_0_0.csv');
    const likesOf = (content: string) => {
      const id = source.find(([, , , , , , text]) => text === content)?.[0];
      return likes.filter(([, post]) => post === id).length;
    };
    for (const { id, body, likeCount, author } of posts) {
      expect(likeCount).toBe(likesOf(body));
      expect(await client.list<User>(`/posts/${id}/likes`)).toHaveLength(likeCount);
      const { counts } = await client.expect<UserProfile>(200, 'GET', `/users/${author.id}`);
      // A friendship is a follow in both directions.
      expect(counts.followers).toBe(counts.following);
      expect(await client.list<User>(`/users/${author.id}/followers`)).toHaveLength(counts.followers);
    }
  }
});
