import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { untilConsumed } from '../../../testing/row-checksums.js';
import { type Member, startTestApp, type TestApp } from '../../../testing/test-app.js';
import { connectTo } from '../../../testing/test-cluster.js';

/** More than two batches of everything. */
const ROWS = 1_200;

describe('the erasure of a user with many rows', () => {
  let apps: readonly [TestApp, TestApp];
  let superuser: Client;
  let tenantId: string;

  beforeAll(async () => {
    const env = { NOVA_PROCESSES: '2' };
    const first = await startTestApp({ env });
    apps = [first, await startTestApp({ env, database: first.database })];
    superuser = await connectTo(first.database.superuserUrl);
    tenantId = first.nova.defaultTenant.id;
    await superuser.query(
      `insert into nova.users (tenant_id, id, handle, display_name)
       select $1, md5('other ' || n)::uuid, 'other_' || n, 'Other' from generate_series(1, $2::int) n`,
      [tenantId, ROWS],
    );
    await superuser.query(
      `insert into nova.posts (tenant_id, id, author_id, body, visibility, like_count)
       select $1, md5('post ' || n)::uuid, md5('other ' || n)::uuid, 'by another', 'public', 0
       from generate_series(1, $2::int) n`,
      [tenantId, ROWS],
    );
    await superuser.query(
      `insert into nova.polls (tenant_id, post_id, options, multiple, hides_results, closes_at, votes)
       select tenant_id, id, '{a,b,c}', true, false, now() + interval '1 hour', '{0,0,0}' from nova.posts`,
    );
  });

  afterAll(async () => {
    await superuser?.end();
    for (const app of [...(apps ?? [])].reverse()) await app.close();
  });

  /**
   * Likes a post of everybody and votes in its poll, follows and is followed by them, has a post that all of them like and
   * vote in, and many more.
   */
  async function manyRows(handle: string): Promise<Member> {
    const member = await apps[0].signUp(handle);
    const poll = { options: ['a', 'b', 'c'], durationSeconds: 3_600, multiple: true };
    const asked = { token: member.token, body: { body: 'liked #many', poll } };
    const post = (await apps[0].rest('POST', '/posts', asked)).body.id;
    const [tenant, me, liked] = [tenantId, member.id, post].map((id) => `'${id}'::uuid`);
    const other = `md5('other ' || n)::uuid`;
    const all = `from generate_series(1, ${ROWS}) n`;
    for (const statement of [
      `insert into nova.post_likes (tenant_id, post_id, user_id) select ${tenant}, md5('post ' || n)::uuid, ${me} ${all}`,
      `insert into nova.post_likes (tenant_id, post_id, user_id) select ${tenant}, ${liked}, ${other} ${all}`,
      `insert into nova.poll_votes (tenant_id, post_id, user_id, options)
       select ${tenant}, md5('post ' || n)::uuid, ${me}, array[n % 3] ${all}`,
      `insert into nova.poll_votes (tenant_id, post_id, user_id, options)
       select ${tenant}, ${liked}, ${other}, array[0, 1 + n % 2] ${all}`,
      `insert into nova.post_drafts (tenant_id, id, author_id, body, visibility, reply_policy, custom)
       select ${tenant}, gen_random_uuid(), ${me}, 'one of many', 'public', 'everyone', '{}' ${all}`,
      `insert into nova.media (tenant_id, id, owner_id, kind, alt)
       select ${tenant}, gen_random_uuid(), ${me}, 'image', '' ${all}`,
      `insert into nova.post_media (tenant_id, post_id, place, media_id)
       select tenant_id, ${liked}, 1, id from nova.media where owner_id = ${me} limit 1`,
      `insert into nova.posts (tenant_id, id, author_id, body, visibility)
       select ${tenant}, md5('${member.id}' || n)::uuid, ${me}, 'one of many', 'public' ${all}`,
      `insert into nova.follows (tenant_id, follower_id, followee_id)
       select ${tenant}, ${me}, ${other} ${all} union all select ${tenant}, ${other}, ${me} ${all}`,
      `insert into nova.sessions (tenant_id, id, user_id, token_hash, expires_at)
       select ${tenant}, gen_random_uuid(), ${me}, sha256(n::text::bytea), now() + interval '1 day' ${all}`,
    ]) {
      await superuser.query(statement);
    }
    await recount();
    return member;
  }

  async function recount(): Promise<void> {
    for (const name of ['follows', 'likes', 'polls'] as const) {
      await apps[0].nova.repairs[name]?.(new AbortController().signal);
    }
  }

  async function expectErased(member: Member): Promise<void> {
    for (const [table, column] of [
      ['posts', 'author_id'],
      ['post_likes', 'user_id'],
      ['poll_votes', 'user_id'],
      ['post_drafts', 'author_id'],
      ['media', 'owner_id'],
      ['follows', 'follower_id'],
      ['follows', 'followee_id'],
      ['graph_counts', 'user_id'],
      ['sessions', 'user_id'],
      ['own_writes', 'user_id'],
    ]) {
      const { rowCount } = await superuser.query(`select from nova.${table} where ${column} = $1`, [member.id]);
      expect([table, rowCount]).toEqual([table, 0]);
    }
    for (const name of ['follows', 'likes', 'polls', 'hashtags'] as const) {
      const repaired = await apps[0].nova.repairs[name]?.(new AbortController().signal);
      expect([name, repaired?.repaired]).toEqual([name, 0]);
    }
  }

  // Seeded bugs: a batch that takes all; a step that says it is done while rows are left.
  it('goes in steps of a bounded size, on whichever process', { timeout: 60_000 }, async () => {
    const member = await manyRows('much_liked');
    const { queries } = await apps[0].queriesOf(async () => {
      await apps[0].rest('DELETE', '/me', { token: member.token });
      await untilConsumed(superuser);
    });
    await expectErased(member);
    const times = (name: string) => queries.filter((query) => query === name).length;
    // The other process may have done a part.
    expect(times('content.eraseLikesBy')).toBeGreaterThan(0);
    const { rows } = await superuser.query<{ largest: number }>(
      `select max(events)::int as largest from (
         select count(*) as events from nova.outbox where type in ('like.removed', 'follow.removed', 'post.deleted')
         group by xid) steps`,
    );
    expect(rows[0]?.largest).toBeLessThanOrEqual(600);
  });

  // Seeded bug: a failure that ends the worker, or that is tried again at once without end.
  it('goes on after a failure where it has stopped', { timeout: 60_000 }, async () => {
    const member = await manyRows('failing_one');
    await superuser.query(
      `create function nova.fail_once() returns trigger language plpgsql as $$
       begin
         if (select count(*) from nova.post_likes where user_id = '${member.id}') < ${ROWS / 2} then
           raise exception 'seeded failure';
         end if;
         return old;
       end $$;
       create trigger seeded before delete on nova.post_likes for each row execute function nova.fail_once()`,
    );
    await apps[1].rest('DELETE', '/me', { token: member.token });
    const read = async () =>
      (
        await superuser.query<{ failures: number; later: boolean; likes: number }>(
          `select failures, due_at > now() as later,
             (select count(*)::int from nova.post_likes where user_id = $1) as likes
           from nova.erasures where user_id = $1`,
          [member.id],
        )
      ).rows[0];
    while ((await read())?.failures === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const stopped = await read();
    expect(stopped).toMatchObject({ failures: 1, later: true });
    // Some are gone for good, and some are left.
    expect(stopped?.likes).toBeGreaterThan(0);
    expect(stopped?.likes).toBeLessThan(ROWS);
    await superuser.query('drop trigger seeded on nova.post_likes; drop function nova.fail_once');
    await superuser.query('update nova.erasures set due_at = now() where user_id = $1', [member.id]);
    await Promise.all(apps.map((app) => app.nova.eraseDue()));
    await untilConsumed(superuser);
    await expectErased(member);
  });
});
