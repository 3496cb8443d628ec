import fc from 'fast-check';
import type { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../../platform/operation/index.js';
import {
  createLocalBus,
  type IdentityNode,
  type NodeOptions,
  newAccount,
  openIdentityNode,
} from '../../../testing/identity-fixture.js';
import { connectTo } from '../../../testing/test-cluster.js';
import { createTestDatabase, type TestDatabase } from '../../../testing/test-database.js';
import { rebuildRoles } from './rebuild-roles.js';

const KEY_ID = '01900000-0000-7000-8000-000000000001';
const BACKEND = { principal: { secret: true, keyId: KEY_ID } };

let database: TestDatabase;
let superuser: Client;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  superuser = await connectTo(database.superuserUrl);
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  // Each test has its own owners.
  await superuser.query(`update nova.users set role = 'member'; delete from nova.role_changes`);
});
afterAll(async () => {
  await superuser?.end();
  await database?.drop();
});

async function openNode(options?: NodeOptions): Promise<IdentityNode> {
  const node = await openIdentityNode(database, options);
  closing.push(node.close);
  node.identity.start();
  return node;
}

type Account = Awaited<ReturnType<typeof newAccount>>;

const give = (node: IdentityNode, account: Account, role: Role, as?: Account) =>
  node.call('setUserRole', { userId: account.user.id, role }, as === undefined ? BACKEND : { as: as.token });

const roleOf = async (node: IdentityNode, { token }: Account) =>
  (await node.identity.resolveSession(token))?.viewer.role;

const storedRoles = async (): Promise<Record<string, string>> => {
  const { rows } = await superuser.query<{ id: string; role: string }>('select id, role from nova.users order by id');
  return Object.fromEntries(rows.map(({ id, role }) => [id, role]));
};

/** Asks again until the session has the role; throws when it has not after so many ms. */
const until = async (node: IdentityNode, account: Account, role: Role, withinMs: number) => {
  const startedAt = performance.now();
  while ((await roleOf(node, account)) !== role) {
    if (performance.now() - startedAt > withinMs) throw new Error(`not ${role} after ${withinMs} ms`);
    await new Promise(setImmediate);
  }
};

describe('a role', () => {
  it('is member at first, and shows on the profile, on oneself and in the session', async () => {
    const node = await openNode();
    const [account, other] = [await newAccount(node), await newAccount(node)];
    expect(account.user).toMatchObject({ role: 'member' });
    expect(await roleOf(node, account)).toBe('member');
    expect(await give(node, account, 'moderator')).toEqual({ userId: account.user.id, role: 'moderator' });
    expect(await roleOf(node, account)).toBe('moderator');
    expect(await node.call('getMe', {}, { as: account.token })).toMatchObject({ role: 'moderator' });
    expect(await node.call('getUser', { userId: account.user.id }, { as: other.token })).toMatchObject({
      role: 'moderator',
    });
    expect(node.events.filter(({ type }) => type === 'user.role_changed')).toEqual([
      { type: 'user.role_changed', key: account.user.id, payload: { userId: account.user.id, role: 'moderator' } },
    ]);
  });

  it('is given by owners and by backends, and by nobody else', async () => {
    const node = await openNode();
    const [owner, moderator, member] = [await newAccount(node), await newAccount(node), await newAccount(node)];
    await give(node, owner, 'owner');
    await give(node, moderator, 'moderator', owner);
    for (const as of [moderator, member]) {
      await expect(give(node, member, 'owner', as)).rejects.toMatchObject({
        code: 'role_required',
        kind: { status: 403 },
      });
    }
    const input = { userId: member.user.id, role: 'owner' };
    await expect(node.call('setUserRole', input)).rejects.toMatchObject({ code: 'unauthenticated' });
    await give(node, member, 'owner', owner);
    expect(await roleOf(node, member)).toBe('owner');
    await expect(node.call('setUserRole', { userId: KEY_ID, role: 'owner' }, BACKEND)).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('that is the same changes nothing', async () => {
    const node = await openNode();
    const account = await newAccount(node);
    await give(node, account, 'owner');
    node.events.length = 0;
    await give(node, account, 'owner');
    expect(node.events).toEqual([]);
    expect((await superuser.query('select from nova.role_changes')).rowCount).toBe(1);
  });

  it('of the last owner stays', async () => {
    const node = await openNode();
    const [one, two] = [await newAccount(node), await newAccount(node)];
    await give(node, one, 'owner');
    await expect(give(node, one, 'member')).rejects.toMatchObject({ code: 'last_owner' });
    await give(node, two, 'owner');
    await give(node, one, 'member');
    await give(node, one, 'owner');
    await superuser.query('update nova.users set deleted_at = now() where id = $1', [one.user.id]);
    await expect(give(node, two, 'moderator')).rejects.toMatchObject({ code: 'last_owner' });
  });

  // Seeded bug: without the lock both look, each finds the other, and the tenant has no owner.
  it('of the last two owners who demote one another is lost by one of them only', async () => {
    const node = await openNode();
    const [one, two] = [await newAccount(node), await newAccount(node)];
    for (let round = 0; round < 10; round++) {
      for (const account of [one, two]) await give(node, account, 'owner');
      const outcomes = await Promise.allSettled([give(node, two, 'member'), give(node, one, 'member')]);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(Object.values(await storedRoles()).filter((role) => role === 'owner')).toHaveLength(1);
    }
  });
});

describe('a change of role (I12)', () => {
  // Seeded bug: a watch that passes over principal_changes; the session says member for an hour.
  it.each([
    ['without the bus', undefined],
    ['with the bus', createLocalBus()],
  ])('holds in the open sessions of other processes within a second, %s', async (_how, bus) => {
    const options = bus === undefined ? {} : { bus };
    const [one, two] = [await openNode(options), await openNode(options)];
    const account = await newAccount(one);
    for (const role of ['owner', 'moderator'] as const) {
      const other = await newAccount(one);
      await give(one, other, 'owner');
      expect(await two.identity.resolveSession(account.token)).not.toBeNull();
      await give(one, account, role);
      expect(await roleOf(one, account)).toBe(role);
      await until(two, account, role, 1_000);
    }
  });

  it('ends no session and costs others nothing', async () => {
    const node = await openNode();
    const [account, other] = [await newAccount(node), await newAccount(node)];
    for (const { token } of [account, other]) await node.identity.resolveSession(token);
    await give(node, account, 'moderator');
    node.statements();
    expect(await node.identity.resolveSession(other.token)).not.toBeNull();
    expect(node.statements()).not.toContain('identity.sessionsByToken');
    expect(await node.identity.resolveSession(account.token)).not.toBeNull();
  });
});

describe('the record of roles (E3)', () => {
  it('tells who gave what, newest first', async () => {
    const node = await openNode();
    const [owner, other] = [await newAccount(node), await newAccount(node)];
    await give(node, owner, 'owner');
    await give(node, other, 'moderator', owner);
    const first = await node.call<{ items: unknown[]; nextCursor: string }>('listRoleChanges', { limit: 1 }, BACKEND);
    expect(first.items).toEqual([
      {
        id: expect.any(String),
        userId: other.user.id,
        oldRole: 'member',
        newRole: 'moderator',
        changedByUserId: owner.user.id,
        changedByKeyId: null,
        changedAt: expect.any(String),
      },
    ]);
    const rest = await node.call('listRoleChanges', { cursor: first.nextCursor }, { as: owner.token });
    expect(rest).toMatchObject({ items: [{ userId: owner.user.id, changedByKeyId: KEY_ID }], nextCursor: null });
    await expect(node.call('listRoleChanges', {}, { as: other.token })).rejects.toMatchObject({
      code: 'role_required',
    });
  });

  it('cannot be changed by those who serve', async () => {
    const app = await connectTo(database.appUrl);
    try {
      for (const statement of [
        'update nova.role_changes set new_role = $1',
        'delete from nova.role_changes where $1 > $2',
      ]) {
        const values = statement.startsWith('update') ? ['owner'] : ['b', 'a'];
        await expect(app.query(statement, values)).rejects.toThrow(/permission denied/);
      }
    } finally {
      await app.end();
    }
  });

  // Seeded bug: replaying by time or by id of the change rather than by sequence.
  it('rebuilds the roles that were lost', { timeout: 60_000 }, async () => {
    const node = await openNode();
    const accounts: Account[] = [];
    for (let index = 0; index < 5; index++) accounts.push(await newAccount(node));
    const change = fc.record({
      who: fc.nat({ max: accounts.length - 1 }),
      role: fc.constantFrom<Role>('owner', 'moderator', 'member'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 12 }), async (changes) => {
        await Promise.all(
          changes.map(({ who, role }) =>
            give(node, accounts[who] as Account, role).catch((error: { code: string }) =>
              expect(error.code).toBe('last_owner'),
            ),
          ),
        );
        const before = await storedRoles();
        await superuser.query(
          `update nova.users set role = (array['owner', 'moderator', 'member'])[1 + floor(random() * 3)::int]`,
        );
        const lost = Object.entries(await storedRoles()).filter(([id, role]) => before[id] !== role).length;
        const { repaired } = await rebuildRoles(node.database, new AbortController().signal);
        expect(await storedRoles()).toEqual(before);
        expect(repaired).toBe(lost);
      }),
      { numRuns: 15 },
    );
  });

  it('rebuilds them in open sessions too', async () => {
    const node = await openNode();
    const account = await newAccount(node);
    await superuser.query(`update nova.users set role = 'owner' where id = $1`, [account.user.id]);
    expect(await roleOf(node, account)).toBe('owner');
    await rebuildRoles(node.database, new AbortController().signal);
    await until(node, account, 'member', 1_000);
  });
});
