import type { Static } from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Principal } from '../../platform/operation/index.js';
import { type IdentityNode, newAccount, openIdentityNode } from '../../testing/identity-fixture.js';
import { connectTo } from '../../testing/test-cluster.js';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.js';
import { type CreatedTenant, createTenant, DEFAULT_TENANT_ID, issueKey } from './index.js';
import type * as schema from './schema.js';

type CreatedApiKey = Static<typeof schema.CreatedApiKey>;
type ApiKeyPage = Static<typeof schema.ApiKeyPage>;

let database: TestDatabase;
let node: IdentityNode;

beforeAll(async () => {
  database = await createTestDatabase();
  node = await openIdentityNode(database);
});
afterAll(async () => {
  await node?.close();
  await database?.drop();
});

const rows = async (sql: string) => {
  const client = await connectTo(database.superuserUrl);
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
};

const backendOf = ({ tenant }: CreatedTenant): { principal: Partial<Principal> } => ({
  principal: { tenant, secret: true, keyId: null },
});

describe('the default tenant', () => {
  it('is made once by processes that start together, and takes the plan of the configuration', async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => node.tenancy.ensureDefaultTenant('pro')));
    for (const tenant of made) expect(tenant).toEqual({ id: DEFAULT_TENANT_ID, plan: 'pro' });
    const stored = () => rows('select tenant_id, plan from nova.tenants where is_default');
    expect(await stored()).toEqual([{ tenant_id: DEFAULT_TENANT_ID, plan: 'pro' }]);
    await node.tenancy.ensureDefaultTenant('enterprise');
    expect(await stored()).toEqual([{ tenant_id: DEFAULT_TENANT_ID, plan: 'enterprise' }]);
  });

  it('cannot be another one', async () => {
    await expect(
      rows(
        `insert into nova.tenants (tenant_id, name, plan, is_default) values (gen_random_uuid(), 'x', 'free', true)`,
      ),
    ).rejects.toThrow(/check constraint/);
  });
});

describe('API keys', () => {
  it('name their tenant and kind', async () => {
    const { tenant, publishableKey, secretKey } = await createTenant(node.database, { name: 'Shop', plan: 'pro' });
    expect(publishableKey).toMatch(/^nova_pk_[\w-]{43}$/);
    expect(secretKey).toMatch(/^nova_sk_[\w-]{43}$/);
    const caller = { id: tenant.id, plan: 'pro' };
    expect(await node.tenancy.resolveKey(publishableKey)).toEqual({
      tenant: caller,
      keyId: expect.any(String),
      kind: 'publishable',
      scopes: null,
    });
    expect(await node.tenancy.resolveKey(secretKey)).toMatchObject({ tenant: caller, kind: 'secret' });
  });

  it('are no good when anything about them is changed', async () => {
    const { secretKey } = await createTenant(node.database, { name: 'Tampered', plan: 'free' });
    const other = secretKey.endsWith('A') ? 'B' : 'A';
    for (const bad of [
      '',
      secretKey.replace('sk', 'pk'),
      secretKey.slice(0, -1) + other,
      secretKey.slice(0, -1),
      `${secretKey}A`,
      ` ${secretKey}`,
    ]) {
      expect(await node.tenancy.resolveKey(bad)).toBeNull();
    }
  });

  it('are made, listed and revoked by a backend of the tenant only', async () => {
    const created = await createTenant(node.database, { name: 'Keys', plan: 'free' });
    const backend = backendOf(created);
    const { apiKey, key } = await node.call<CreatedApiKey>('createApiKey', { kind: 'secret' }, backend);
    expect(apiKey).toEqual({
      id: expect.any(String),
      kind: 'secret',
      name: '',
      scopes: null,
      hint: key!.slice(0, 12),
      createdAt: expect.any(String),
      expiresAt: null,
      lastUsedAt: null,
      replacedBy: null,
      revokedAt: null,
    });
    expect(await node.tenancy.resolveKey(key!)).toMatchObject({ keyId: apiKey.id });
    const { items, nextCursor } = await node.call<ApiKeyPage>('listApiKeys', { limit: 2 }, backend);
    expect(items[0]).toEqual(apiKey);
    const rest = await node.call<ApiKeyPage>('listApiKeys', { limit: 2, cursor: nextCursor! }, backend);
    expect([items.length, rest.items.length, rest.nextCursor]).toEqual([2, 1, null]);
    expect(JSON.stringify([items, rest])).not.toContain(key!.slice(12));

    await node.call('revokeApiKey', { keyId: apiKey.id }, backend);
    expect(await node.tenancy.resolveKey(key!)).toBeNull();
    await node.call('revokeApiKey', { keyId: apiKey.id }, backend);
    const { items: after } = await node.call<ApiKeyPage>('listApiKeys', {}, backend);
    expect(after[0]).toEqual({ ...apiKey, revokedAt: expect.any(String) });

    const { token } = await newAccount(node);
    for (const name of ['createApiKey', 'listApiKeys', 'revokeApiKey']) {
      const input = { kind: 'secret', keyId: apiKey.id };
      await expect(node.call(name, input)).rejects.toMatchObject({ code: 'unauthenticated' });
      await expect(node.call(name, input, { as: token })).rejects.toMatchObject({ code: 'forbidden' });
    }
  });

  it('are shown once: a repeated call answers without the key', async () => {
    const backend = backendOf(await createTenant(node.database, { name: 'Once', plan: 'free' }));
    const options = { ...backend, idempotencyKey: 'once' };
    const first = await node.call<CreatedApiKey>('createApiKey', { kind: 'publishable' }, options);
    const second = await node.call<CreatedApiKey>('createApiKey', { kind: 'publishable' }, options);
    expect(second).toEqual({ apiKey: first.apiKey, key: null });
  });

  it('are not stored', async () => {
    const { publishableKey, secretKey } = await createTenant(node.database, { name: 'Secret', plan: 'free' });
    const stored = (await rows('select k::text as text from nova.api_keys k')).map(({ text }) => text).join('\n');
    for (const key of [publishableKey, secretKey]) {
      expect(stored).toContain(key.slice(0, 12));
      expect(stored).not.toContain(key.slice(12));
    }
  });

  it('belong to their tenant: another one neither sees nor revokes them', async () => {
    const one = await createTenant(node.database, { name: 'One', plan: 'free' });
    const two = await createTenant(node.database, { name: 'Two', plan: 'free' });
    const { items } = await node.call<ApiKeyPage>('listApiKeys', {}, backendOf(one));
    const seen = await node.call<ApiKeyPage>('listApiKeys', {}, backendOf(two));
    expect(seen.items.map(({ id }) => id)).not.toEqual(expect.arrayContaining(items.map(({ id }) => id)));
    await expect(node.call('revokeApiKey', { keyId: items[0]!.id }, backendOf(two))).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await node.tenancy.resolveKey(one.secretKey)).not.toBeNull();
  });

  it('are bounded in number', async () => {
    const { tenant } = await createTenant(node.database, { name: 'Many', plan: 'free' });
    const issue = () => node.database.transaction(tenant.id, (tx) => issueKey(tx, { kind: 'publishable' }));
    for (let made = 2; made < 100; made += 1) await issue();
    await expect(issue()).rejects.toMatchObject({ code: 'too_many_api_keys' });
  });

  it('are read once for a thousand calls at once (R8)', async () => {
    const { secretKey } = await createTenant(node.database, { name: 'Busy', plan: 'free' });
    node.statements();
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => node.tenancy.resolveKey(secretKey)));
    expect(answers.every((answer) => answer?.kind === 'secret')).toBe(true);
    expect(node.statements()).toEqual(['tenancy.keysByHash']);
  });

  it('are refused everywhere within a second of their revocation (I12)', async () => {
    const other = await openIdentityNode(database);
    try {
      const created = await createTenant(node.database, { name: 'Revoked', plan: 'free' });
      const { keyId } = (await other.tenancy.resolveKey(created.secretKey))!;
      await node.call('revokeApiKey', { keyId }, backendOf(created));
      const revokedAt = performance.now();
      while ((await other.tenancy.resolveKey(created.secretKey)) !== null) {
        expect(performance.now() - revokedAt).toBeLessThan(1_000);
        await new Promise(setImmediate);
      }
    } finally {
      await other.close();
    }
  });
});

describe('row-level security alone (I8)', () => {
  it('keeps tenants apart when the filters of the queries are taken away', async () => {
    const bare = await openIdentityNode(database, { database: { tenantFilters: false } });
    try {
      const one = await createTenant(bare.database, { name: 'One', plan: 'free' });
      const two = await createTenant(bare.database, { name: 'Two', plan: 'free' });
      const visitorOf = ({ tenant }: CreatedTenant) => ({ principal: { tenant } });
      const account = { handle: 'same_name', email: 'same@example.com', password: 'correct horse' };
      type SignedIn = { user: { id: string }; token: string };
      const mine = await bare.call<SignedIn>('signUp', account, visitorOf(one));
      const theirs = await bare.call<SignedIn>('signUp', { ...account, password: 'another horse' }, visitorOf(two));
      expect(mine.user.id).not.toBe(theirs.user.id);

      await expect(bare.call('getUser', { userId: theirs.user.id }, visitorOf(one))).rejects.toMatchObject({
        code: 'not_found',
      });
      expect(await bare.call('getUserByHandle', { handle: 'same_name' }, visitorOf(one))).toMatchObject({
        id: mine.user.id,
      });
      const login = { login: 'same@example.com', password: 'another horse' };
      await expect(bare.call('signIn', login, visitorOf(one))).rejects.toMatchObject({ code: 'invalid_credentials' });

      const { viewer } = (await bare.identity.resolveSession(theirs.token))!;
      const intruder = { principal: { tenant: one.tenant, viewer } };
      for (const [name, input] of [
        ['getMe', {}],
        ['updateProfile', { bio: 'taken over' }],
        ['revokeSession', { sessionId: viewer.sessionId }],
      ] as const) {
        await expect(bare.call(name, input, intruder)).rejects.toMatchObject({ code: 'not_found' });
      }
      await bare.call('signOut', {}, intruder);
      expect(await bare.call('listSessions', {}, intruder)).toEqual({ items: [], nextCursor: null });
      expect(await bare.identity.resolveSession(theirs.token)).not.toBeNull();
      expect(await bare.call('getMe', {}, { as: theirs.token })).toMatchObject({ bio: '' });

      const keys = await bare.call<ApiKeyPage>('listApiKeys', {}, backendOf(one));
      expect(keys.items).toHaveLength(2);
      await expect(bare.call('revokeApiKey', { keyId: keys.items[0]!.id }, backendOf(two))).rejects.toMatchObject({
        code: 'not_found',
      });
    } finally {
      await bare.close();
    }
  });
});
