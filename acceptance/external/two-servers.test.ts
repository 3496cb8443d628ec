import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../fixtures/eventually.js';
import { externalSettings } from '../fixtures/external-database.js';
import { everyProcessHasLooked, handledEvents } from '../fixtures/handled-events.js';
import { createPost, type Member, type Post, signIn, signUp } from '../fixtures/members.js';
import { Nova } from '../fixtures/nova.js';
import { Writers } from '../fixtures/writers.js';

/** I12. */
const REVOKED_WITHIN_MS = 1_000;

/**
 * Servers know one another through the database only: one through a pooler, one without. Seeded bug that turns this red,
 * beside those of revocations: a consumer that does not heed the place which another server has moved.
 */
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

  it('handle no event twice between them', async () => {
    const place = await placeOfConsumer();
    const handledBefore = await handledEvents(servers);
    const clients = servers.map(({ client }) => client);
    const writers = await Writers.gather(clients);
    writers.start();
    await eventually('the writers have written', () => writers.total > 200);
    await writers.pause();
    await writers.settle();
    const { posts } = writers.acknowledged;
    await eventually('every post is counted', async () => {
      const path = `/hashtags/${writers.hashtag}`;
      return (await servers[1].client.expect<{ posts: number }>(200, 'GET', path)).posts === posts.size;
    });
    await everyProcessHasLooked(servers);
    const handled = (await handledEvents(servers)) - handledBefore;
    // Servers of other specs share the database: they write events as well, and take their turns.
    expect(handled).toBeLessThanOrEqual(await eventsAfter(place));
    const kept = await servers[1].client.list<Post>(`/hashtags/${writers.hashtag}/posts`);
    expect(kept.map(({ id }) => id).sort()).toEqual([...posts.values()].sort());
  });
});

type Place = readonly [xid: string, id: string];

async function placeOfConsumer(): Promise<Place> {
  const [row] = await query<{ xid: string; id: string }>(
    "select xid::text, id::text from nova.outbox_offsets where consumer = 'content.hashtagUsage'",
  );
  if (row === undefined) throw new Error('the consumer is not known');
  return [row.xid, row.id];
}

/** Those that the consumer wants. */
async function eventsAfter(place: Place): Promise<number> {
  const [row] = await query<{ events: number }>(
    `select count(*)::int as events from nova.outbox o
     join nova.outbox_offsets f on f.consumer = 'content.hashtagUsage' and o.type = any(f.types)
     where (o.xid, o.id) > ($1::xid8, $2::bigint)`,
    place,
  );
  return row?.events ?? 0;
}

async function query<T extends object>(sql: string, values: readonly string[] = []): Promise<T[]> {
  const client = new Client({ connectionString: externalSettings('directly')['DATABASE_SYSTEM_URL'] });
  await client.connect();
  try {
    return (await client.query<T>(sql, [...values])).rows;
  } finally {
    await client.end();
  }
}
