import type { Static } from 'typebox';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type IdentityNode,
  type NodeOptions,
  newAccount,
  openIdentityNode,
  signIn,
  whenRefused,
} from '../../testing/identity-fixture.js';
import { connectTo } from '../../testing/test-cluster.js';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.js';
import type * as schema from './schema.js';
import { purgeEndedSessions, purgeRevocations } from './session-queries.js';

type SessionPage = Static<typeof schema.SessionPage>;

let database: TestDatabase;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(async () => {
  await database?.drop();
});

async function openNode(options?: NodeOptions): Promise<IdentityNode> {
  const node = await openIdentityNode(database, options);
  closing.push(node.close);
  node.identity.start();
  return node;
}

const lookUps = (node: IdentityNode) => node.statements().filter((name) => name === 'identity.sessionsByToken').length;

describe('the cache (C1)', () => {
  it('reads a session once and answers from memory, without a statement', async () => {
    const node = await openNode();
    const { token, user } = await newAccount(node);
    node.statements();
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => node.identity.resolveSession(token)));
    for (const answer of answers) expect(answer).toMatchObject({ viewer: { userId: user.id } });
    expect(lookUps(node)).toBe(1);
    for (let index = 0; index < 1_000; index += 1) await node.identity.resolveSession(token);
    expect(lookUps(node)).toBe(0);
    const text = await node.metrics.text();
    const hits = Number(/nova_cache_requests_total\{cache="sessions",result="hit"\} (\d+)/.exec(text)?.[1]);
    expect(hits).toBeGreaterThanOrEqual(1_000);
  });

  it('joins the look-ups of many tokens in a few statements', async () => {
    const node = await openNode();
    const account = await newAccount(node);
    const tokens = await Promise.all(Array.from({ length: 20 }, () => signIn(node, account)));
    node.statements();
    const answers = await Promise.all(tokens.map((token) => node.identity.resolveSession(token)));
    expect(new Set(answers.map((answer) => answer?.viewer.sessionId)).size).toBe(20);
    expect(lookUps(node)).toBeLessThanOrEqual(2);
  });

  it('does not let made-up tokens take the places of real ones', async () => {
    const node = await openNode({ sessionCacheSize: 2 });
    const { token } = await newAccount(node);
    await node.identity.resolveSession(token);
    for (let index = 0; index < 20; index += 1) {
      expect(await node.identity.resolveSession(`nova_st_${String(index).padStart(43, 'x')}`)).toBeNull();
    }
    node.statements();
    expect(await node.identity.resolveSession(token)).not.toBeNull();
    expect(lookUps(node)).toBe(0);
  });

  it('refuses tokens that were tampered with', async () => {
    const node = await openNode();
    const { token } = await newAccount(node);
    const other = token.endsWith('A') ? 'B' : 'A';
    for (const bad of [
      '',
      token.slice(0, -1),
      `${token}A`,
      `${token.slice(0, -1)}${other}`,
      token.replace('nova_st_', 'nova_sk_'),
      token.toUpperCase(),
      ` ${token}`,
      `${token}\n`,
      'x'.repeat(1_000_000),
    ]) {
      expect(await node.identity.resolveSession(bad)).toBeNull();
    }
    expect(await node.identity.resolveSession(token)).not.toBeNull();
  });

  it('ends a session at its time, cached or not', async () => {
    const node = await openNode({ sessionTtlMs: 500 });
    const { token } = await newAccount(node);
    expect(await node.identity.resolveSession(token)).not.toBeNull();
    await whenRefused(node, token, 5_000);
    node.statements();
    expect(await node.identity.resolveSession(token)).toBeNull();
  });
});

describe('own sessions', () => {
  it('lists them newest first, page by page, and marks this one', async () => {
    const node = await openNode();
    const account = await newAccount(node);
    const tokens = [account.token];
    for (let index = 0; index < 4; index += 1) tokens.push(await signIn(node, account));
    await newAccount(node);
    const as = tokens[1]!;
    const pages: SessionPage[] = [];
    let cursor: string | null = null;
    do {
      const page: SessionPage = await node.call(
        'listSessions',
        { limit: 2, ...(cursor === null ? {} : { cursor }) },
        { as },
      );
      pages.push(page);
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(pages.map(({ items }) => items.length)).toEqual([2, 2, 1]);
    const items = pages.flatMap((page) => page.items);
    expect(items.map(({ current }) => current)).toEqual([false, false, false, true, false]);
    expect(items.map(({ createdAt }) => createdAt)).toEqual(
      items
        .map(({ createdAt }) => createdAt)
        .sort()
        .reverse(),
    );
    expect(items[0]).toEqual({
      id: expect.any(String),
      userAgent: 'vitest',
      device: 'vitest',
      address: '127.0.0.0/24',
      createdAt: expect.any(String),
      lastUsedAt: items[0]?.createdAt,
      expiresAt: expect.any(String),
      current: false,
    });
  });

  it('ends one of them and leaves the rest, and nobody else\u2019s', async () => {
    const node = await openNode();
    const account = await newAccount(node);
    const stranger = await newAccount(node);
    const second = await signIn(node, account);
    const idOf = async (token: string) => (await node.identity.resolveSession(token))!.viewer.sessionId;
    const sessionId = await idOf(second);
    await expect(
      node.call('revokeSession', { sessionId: await idOf(stranger.token) }, { as: account.token }),
    ).rejects.toMatchObject({ code: 'not_found' });
    await node.call('revokeSession', { sessionId }, { as: account.token });
    expect(await node.identity.resolveSession(second)).toBeNull();
    expect(await node.identity.resolveSession(account.token)).not.toBeNull();
    expect(await node.identity.resolveSession(stranger.token)).not.toBeNull();
    // Once more is no error: an answer may have been lost.
    await node.call('revokeSession', { sessionId }, { as: account.token });
    const { items } = await node.call<SessionPage>('listSessions', {}, { as: account.token });
    expect(items.map(({ id }) => id)).toEqual([await idOf(account.token)]);
  });

  it('ends all others and keeps this one, everywhere', async () => {
    const [node, elsewhere] = [await openNode(), await openNode()];
    const account = await newAccount(node);
    const stranger = await newAccount(node);
    const others = [await signIn(node, account), await signIn(node, account)];
    for (const token of [...others, account.token])
      expect(await elsewhere.identity.resolveSession(token)).not.toBeNull();
    await node.call('revokeOtherSessions', {}, { as: account.token });
    for (const token of others) {
      expect(await node.identity.resolveSession(token)).toBeNull();
      await whenRefused(elsewhere, token, 5_000);
    }
    for (const each of [node, elsewhere]) {
      expect(await each.identity.resolveSession(account.token)).not.toBeNull();
      expect(await each.identity.resolveSession(stranger.token)).not.toBeNull();
    }
    const { items } = await node.call<SessionPage>('listSessions', {}, { as: account.token });
    expect(items.map(({ current }) => current)).toEqual([true]);
  });

  it('signs out', async () => {
    const node = await openNode();
    const { token } = await newAccount(node);
    expect(await node.call('signOut', {}, { as: token })).toBeNull();
    expect(await node.identity.resolveSession(token)).toBeNull();
  });

  it('ends all sessions of a user for those who may', async () => {
    const node = await openNode();
    const account = await newAccount(node);
    const second = await signIn(node, account);
    const { tenant } = (await node.identity.resolveSession(second))!;
    await node.database.transaction(tenant.id, (tx) => node.identity.endSessionsOf(tx, account.user.id));
    expect(await node.identity.resolveSession(account.token)).toBeNull();
    expect(await node.identity.resolveSession(second)).toBeNull();
  });
});

describe('what is stored', () => {
  it('is never a token or a password', async () => {
    const node = await openNode();
    const account = await newAccount(node);
    const idempotent = await node.execute(
      'signIn',
      { login: account.input.handle, password: account.input.password },
      { idempotencyKey: 'scan' },
    );
    const secrets = [account.token, (idempotent.output as { token: string }).token, account.input.password];
    const client = await connectTo(database.superuserUrl);
    try {
      const { rows: tables } = await client.query(
        `select format('%I.%I', table_schema, table_name) as name from information_schema.tables where table_schema = 'nova'`,
      );
      expect(tables.length).toBeGreaterThan(5);
      for (const { name } of tables) {
        const { rows } = await client.query(`select t::text as text from ${name} t`);
        const text = rows.map((row) => row.text).join('\n');
        for (const secret of secrets) {
          expect(text.includes(secret.replace('nova_st_', '')), `${name} holds a secret`).toBe(false);
          expect(text.includes(Buffer.from(secret).toString('hex')), `${name} holds a secret`).toBe(false);
        }
      }
    } finally {
      await client.end();
    }
  });

  it('is purged when it has ended', async () => {
    const node = await openNode();
    const [old, recent] = [await newAccount(node), await newAccount(node)];
    for (const { token } of [old, recent]) await node.call('signOut', {}, { as: token });
    const client = await connectTo(database.superuserUrl);
    try {
      await client.query(
        'delete from nova.session_revocations where session_id in (select id from nova.sessions where expires_at < now())',
      );
      await client.query(
        `update nova.sessions set expires_at = now() - interval '25 hours' where user_id = '${old.user.id}'`,
      );
      await client.query(
        `update nova.session_revocations set revoked_at = now() - interval '121 minutes'
         where session_id = (select id from nova.sessions where user_id = '${recent.user.id}')`,
      );
      expect(await node.database.system.run(purgeEndedSessions, { limit: 100 })).toBe(1);
      expect(await node.database.system.run(purgeRevocations, { limit: 100 })).toBe(1);
      const { rows } = await client.query(
        `select user_id from nova.sessions where user_id in ('${old.user.id}', '${recent.user.id}')`,
      );
      expect(rows).toEqual([{ user_id: recent.user.id }]);
    } finally {
      await client.end();
    }
  });
});
