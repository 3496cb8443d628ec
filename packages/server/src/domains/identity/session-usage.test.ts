import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { SystemHandle } from '../../platform/db/index.js';
import { createSilentLogger } from '../../platform/telemetry/index.js';
import { type IdentityNode, newAccount, openIdentityNode, signIn } from '../../testing/identity-fixture.js';
import { connectTo } from '../../testing/test-cluster.js';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.js';
import { createSessionUsage } from './session-usage.js';

let database: TestDatabase;
let superuser: Awaited<ReturnType<typeof connectTo>>;
const nodes: IdentityNode[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  superuser = await connectTo(database.superuserUrl);
});
afterEach(async () => {
  for (const node of nodes.splice(0)) await node.close();
});
afterAll(async () => {
  await superuser?.end();
  await database?.drop();
});

const openNode = async () => {
  const node = await openIdentityNode(database);
  nodes.push(node);
  return node;
};

/** As if it had last been used so many minutes ago. */
const age = (userId: string, minutes: number) =>
  superuser.query(
    `update nova.sessions set created_at = now() - interval '1 day', last_used_at = now() - $2 * interval '1 minute'
     where user_id = $1`,
    [userId, minutes],
  );

const minutesSinceUse = async (userId: string): Promise<number[]> =>
  (
    await superuser.query(
      `select (extract(epoch from now() - last_used_at) / 60)::int as minutes from nova.sessions
       where user_id = $1 order by 1`,
      [userId],
    )
  ).rows.map(({ minutes }) => minutes);

/** Seeded bug: a write for each request, or for each session and not for many. */
it('writes once for many requests of many sessions, and later than they are answered', async () => {
  const node = await openNode();
  const account = await newAccount(node);
  const tokens = [account.token, ...(await Promise.all(Array.from({ length: 4 }, () => signIn(node, account))))];
  await age(account.user.id, 60);
  node.statements();
  for (let round = 0; round < 50; round += 1) {
    for (const token of tokens) await node.identity.resolveSession(token);
  }
  expect(node.statements().filter((name) => name === 'identity.noteSessionsUsed')).toEqual([]);
  expect(await minutesSinceUse(account.user.id)).toEqual([60, 60, 60, 60, 60]);
  await nodes.splice(0)[0]?.close();
  expect(node.statements().filter((name) => name === 'identity.noteSessionsUsed')).toHaveLength(1);
  expect(await minutesSinceUse(account.user.id)).toEqual([0, 0, 0, 0, 0]);
});

it('leaves a session alone that was noted a short while ago, by this process or by another', async () => {
  const [node, other] = [await openNode(), await openNode()];
  const { user, token } = await newAccount(node);
  await node.identity.resolveSession(token);
  await age(user.id, 60);
  // This one has read it when it was new; the other reads it now, and is the one to note it.
  await node.identity.resolveSession(token);
  await other.identity.resolveSession(token);
  await age(user.id, 5);
  for (const each of nodes.splice(0)) await each.close();
  expect(await minutesSinceUse(user.id)).toEqual([5]);
});

it('shows in the list when a session was last used', async () => {
  const node = await openNode();
  const { user, token } = await newAccount(node);
  await age(user.id, 60);
  const [{ rows }, page] = await Promise.all([
    superuser.query(`select last_used_at as at from nova.sessions where user_id = $1`, [user.id]),
    node.call<{ items: { lastUsedAt: string }[] }>('listSessions', {}, { as: token }),
  ]);
  expect(Date.parse(page.items[0]?.lastUsedAt ?? '')).toBe(rows[0].at.getTime());
});

it('keeps to a bound, and forgets what the database does not take (I10)', async () => {
  const batches: number[] = [];
  const run = async (_query: unknown, { ids }: { ids: readonly string[] }) => batches.push(ids.length);
  const usage = createSessionUsage({
    system: { run } as unknown as Pick<SystemHandle, 'run'>,
    log: createSilentLogger(),
  });
  for (let index = 0; index < 60_000; index += 1) usage.note({ tenantId: 't', sessionId: `s${index}` });
  await usage.close();
  expect(batches).toHaveLength(100);
  expect(Math.max(...batches)).toBe(500);

  const failing = async () => Promise.reject(new Error('away'));
  const other = createSessionUsage({ system: { run: failing }, log: createSilentLogger() });
  other.note({ tenantId: 't', sessionId: 's' });
  await other.close();
});
