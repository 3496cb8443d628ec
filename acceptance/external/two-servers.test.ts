import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../fixtures/eventually.js';
import { externalSettings } from '../fixtures/external-database.js';
import { createPost, type Member, type Post, signIn, signUp } from '../fixtures/members.js';
import { Nova } from '../fixtures/nova.js';
import { Writers } from '../fixtures/writers.js';

/** I12. */
const REVOKED_WITHIN_MS = 1_000;

/** Servers know one another through the database only: one through a pooler, one without. */
describe('two servers on one database', () => {
  let servers: readonly [Nova, Nova];
  let member: Member;

  beforeAll(async () => {
    // Both bring the empty database to their schema, at the same time.
    servers = await Promise.all([
      Nova.start({ settings: externalSettings('through PgBouncer') }),
      Nova.start({ settings: externalSettings('directly') }),
    ]);
    member = await signUp(servers[0].client);
  });

  afterAll(async () => {
    await Promise.all(servers?.map((server) => server.stop()) ?? []);
  });

  it('know within a second that a session is revoked, whichever of them was told (I12)', async () => {
    for (const [told, other] of [servers, [servers[1], servers[0]] as const]) {
      const token = await signIn(told.client, member);
      // In the memory of both.
      for (const { client } of servers) await client.expect(200, 'GET', '/me', { token });
      await told.client.expect(204, 'DELETE', '/sessions/current', { token });
      const revokedAt = performance.now();
      await told.client.expect(401, 'GET', '/me', { token });
      for (;;) {
        const askedAt = performance.now();
        const { status } = await other.client.api('GET', '/me', { token });
        if (status === 401) break;
        expect(status).toBe(200);
        expect(askedAt - revokedAt).toBeLessThan(REVOKED_WITHIN_MS);
      }
      await other.client.expect(200, 'GET', '/me', { token: member.token });
    }
  });

  it('show at once on one what was written on the other', async () => {
    const [one, other] = servers;
    for (let number = 0; number < 10; number++) {
      const post = await createPost(one.client, member, `written here, read there ${number}`);
      expect(await other.client.expect(200, 'GET', `/posts/${post.id}`)).toMatchObject({ body: post.body });
    }
  });

  it('give every event effect once between them', async () => {
    const clients = servers.map(({ client }) => client);
    const writers = await Writers.gather(clients);
    writers.start();
    await eventually('the writers have written', () => writers.total > 200);
    await writers.pause();
    await writers.settle();
    const { posts } = writers.acknowledged;

    const end = `end${randomUUID().replaceAll('-', '')}`;
    await createPost(servers[0].client, member, `the end #${end}`);
    const counted = async (hashtag: string) =>
      (await servers[1].client.expect<{ posts: number }>(200, 'GET', `/hashtags/${hashtag}`)).posts;
    await eventually('every post is counted', async () => (await counted(writers.hashtag)) === posts.size);
    // A second effect of an earlier event would be there before the effect of this last one.
    await eventually('the last post is counted', async () => (await counted(end)) === 1);
    expect(await counted(writers.hashtag)).toBe(posts.size);
    const kept = await servers[1].client.list<Post>(`/hashtags/${writers.hashtag}/posts`);
    expect(kept.map(({ id }) => id).sort()).toEqual([...posts.values()].sort());
  });
});
