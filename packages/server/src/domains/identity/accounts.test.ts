import type { Static } from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../platform/ids/index.js';
import { createPasswordHasher } from '../../platform/password/index.js';
import { type IdentityNode, openIdentityNode } from '../../testing/identity-fixture.js';
import { connectTo } from '../../testing/test-cluster.js';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.js';
import { DEFAULT_TENANT_ID } from '../tenancy/index.js';
import type * as schema from './schema.js';

type SignedIn = Static<typeof schema.SignedIn>;
type Me = Static<typeof schema.Me>;
type UserProfile = Static<typeof schema.UserProfile>;

/** About 40 ms. */
const SLOW = { memoryKib: 32_768, passes: 3, lanes: 1 };

let database: TestDatabase;
let node: IdentityNode;
const hidden = new Set<string>();
const relations = new Map<string, Pick<UserProfile, 'counts' | 'viewer'>>();

beforeAll(async () => {
  database = await createTestDatabase();
  node = await openIdentityNode(database, {
    visibility: { hiddenUsers: async () => hidden, profileRelations: async () => relations },
  });
});
afterAll(async () => {
  await node?.close();
  await database?.drop();
});

let made = 0;
async function newAccount(over: object = {}) {
  made += 1;
  const input = { handle: `user_${made}`, email: `user${made}@example.com`, password: 'correct horse', ...over };
  const { user, token, expiresAt } = await node.call<SignedIn>('signUp', input);
  return { input, user, token: token!, expiresAt };
}

describe('signUp', () => {
  it('makes a user that is signed in, and says so to others', async () => {
    node.events.length = 0;
    const { user, token, expiresAt } = await newAccount({
      handle: 'Ada_L',
      displayName: '  Ada Lovelace ',
      email: '  Ada@Example.COM ',
    });
    expect(user).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
      role: 'member',
      handle: 'ada_l',
      displayName: 'Ada Lovelace',
      bio: '',
      isPrivate: false,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
    });
    expect(token).toMatch(/^nova_st_[\w-]{43}$/);
    expect(Date.parse(expiresAt) - Date.parse(user.createdAt)).toBe(86_400_000);
    const session = await node.identity.resolveSession(token);
    expect(session).toMatchObject({ tenant: { plan: 'free' }, viewer: { userId: user.id }, expiresAt });
    expect(node.events).toEqual(
      ['user.created', 'email.verification_requested'].map((type) => ({
        type,
        key: user.id,
        payload: { userId: user.id },
      })),
    );
    expect(await node.call<Me>('getMe', {}, { as: token })).toEqual({
      ...user,
      email: 'ada@example.com',
      emailVerified: false,
      pendingEmail: null,
    });
  });

  it('takes the handle for the name when none is given', async () => {
    const { user } = await newAccount({ handle: 'Nameless' });
    expect(user.displayName).toBe('nameless');
  });

  it.each([
    ['handle', 'ab'],
    ['handle', 'a b c'],
    ['handle', 'héloïse'],
    ['handle', 'x'.repeat(31)],
    ['displayName', ''],
    ['displayName', ' \t '],
    ['displayName', 'a\nb'],
    ['displayName', 'x'.repeat(101)],
    ['email', 'nobody'],
    ['email', 'a@b'],
    ['email', 'a@b@example.com'],
    ['email', 'a b@example.com'],
    ['email', `${'x'.repeat(65)}@example.com`],
    ['email', 'a@example..com'],
    ['password', 'seven77'],
    ['password', 'x'.repeat(129)],
    ['role', 'admin'],
  ])('refuses %s %j', async (path, value) => {
    await expect(newAccount({ [path]: value })).rejects.toMatchObject({
      code: 'invalid_request',
      problems: expect.arrayContaining([expect.objectContaining({ path })]),
    });
  });

  it('counts an e-mail address as it will be stored', async () => {
    // Each İ becomes two characters in lower case.
    const email = `${'İ'.repeat(60)}@${'x'.repeat(60)}.${'x'.repeat(60)}.${'x'.repeat(60)}.com`;
    await expect(newAccount({ email })).rejects.toMatchObject({
      code: 'invalid_request',
      problems: [{ path: 'email' }],
    });
  });

  it('says which name is taken, and leaves nothing behind', async () => {
    const { user, input } = await newAccount();
    await expect(newAccount({ handle: user.handle.toUpperCase() })).rejects.toMatchObject({
      code: 'handle_taken',
      kind: { status: 409 },
      problems: [{ path: 'handle' }],
    });
    await expect(newAccount({ handle: 'another_one', email: input.email.toUpperCase() })).rejects.toMatchObject({
      code: 'email_taken',
      problems: [{ path: 'email' }],
    });
    await expect(node.call('getUserByHandle', { handle: 'another_one' })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('lets one of twenty have a handle at once', async () => {
    const settled = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => newAccount({ handle: 'wanted', email: `wanted${index}@example.com` })),
    );
    const refused = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason.code] : []));
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    // A pool with twenty waiting may also refuse at once.
    expect(refused.filter((code) => code !== 'handle_taken' && code !== 'overloaded')).toEqual([]);
    expect(refused).toContain('handle_taken');
  });

  it('answers a repeated call once more, without the token', async () => {
    const input = { handle: 'repeated', email: 'repeated@example.com', password: 'correct horse' };
    const first = await node.execute('signUp', input, { idempotencyKey: 'again' });
    const second = await node.execute('signUp', input, { idempotencyKey: 'again' });
    expect([first.replayed, second.replayed]).toEqual([false, true]);
    expect(second.output).toEqual({ ...(first.output as object), token: null });
  });
});

describe('signIn', () => {
  it('takes the e-mail address or the handle, in any case', async () => {
    const { user, input } = await newAccount();
    for (const login of [input.handle.toUpperCase(), input.email.toUpperCase(), ` ${input.email} `]) {
      const answer = await node.call<SignedIn>('signIn', { login, password: input.password });
      expect(answer.user).toEqual(user);
      expect(await node.identity.resolveSession(answer.token!)).toMatchObject({ viewer: { userId: user.id } });
    }
  });

  it('refuses whatever is wrong in the same words, after the same work', async () => {
    const { input } = await newAccount();
    const failures: unknown[] = [];
    const work: string[][] = [];
    for (const attempt of [
      { login: input.handle, password: 'wrong horse' },
      { login: input.handle, password: '' },
      { login: 'nobody_at_all', password: input.password },
      { login: 'nobody@example.com', password: input.password },
      { login: '@', password: input.password },
    ]) {
      node.statements();
      node.hashes.length = 0;
      failures.push(await node.call('signIn', attempt).catch((error: unknown) => error));
      work.push([...node.statements(), ...node.hashes.splice(0)]);
    }
    for (const failure of failures)
      expect(failure).toMatchObject({ code: 'invalid_credentials', kind: { status: 401 } });
    expect(new Set(failures.map(String)).size).toBe(1);
    // The watch of revocations looks by itself, a few times a second.
    const asked = (name: string) => name !== 'identity.revocationsSince';
    for (const done of work) expect(done.filter(asked)).toEqual(['identity.credentialsByLogin', 'verify']);
  });

  it('refuses guessing without looking at the password, and in the same words for an account that is not there', async () => {
    const { input } = await newAccount();
    for (const login of [input.handle, 'nobody_to_guess']) {
      // All at once: what is counted afterwards would let them all through.
      const guesses = Array.from({ length: 30 }, (_, index) =>
        node.call('signIn', { login, password: `guess ${index}` }),
      );
      const codes = (await Promise.allSettled(guesses)).map((guess) => (guess as PromiseRejectedResult).reason.code);
      expect(codes.filter((code) => code === 'rate_limited')).toHaveLength(10);
      node.hashes.length = 0;
      await expect(node.call('signIn', { login, password: input.password })).rejects.toMatchObject({
        code: 'rate_limited',
        kind: { status: 429 },
      });
      expect(node.hashes).toEqual([]);
    }
  });

  /** Seeded bug that turns this red: an outage, in which nobody looks at a password, locks people out. */
  it('does not take for a guess what could not be looked at', async () => {
    // One thread, and a hash that keeps it busy while the others arrive.
    const slow = await openIdentityNode(database, { passwords: { concurrency: 1, parameters: SLOW } });
    const input = { handle: 'slow_hash', email: 'slow.hash@example.com', password: 'correct horse' };
    try {
      await slow.call('signUp', input);
      const attempts = Array.from({ length: 20 }, () =>
        slow.call('signIn', { login: input.handle, password: 'wrong horse' }, { signal: AbortSignal.abort() }),
      );
      const refused = await Promise.allSettled(attempts);
      const codes = refused.map((attempt) => (attempt as PromiseRejectedResult).reason.code);
      expect(codes).toContain('deadline_exceeded');
      expect(codes).toContain('invalid_credentials');
      expect(codes).not.toContain('rate_limited');
      await slow.call('signIn', { login: input.handle, password: input.password });
    } finally {
      await slow.close();
    }
  });

  it('does not let a deleted user in', async () => {
    const { user, input } = await newAccount();
    await owner(`update nova.users set deleted_at = now() where id = '${user.id}'`);
    await expect(node.call('signIn', { login: input.handle, password: input.password })).rejects.toMatchObject({
      code: 'invalid_credentials',
    });
  });

  it('stores a new hash when the parameters have changed', async () => {
    const { user, input } = await newAccount();

    const old = createPasswordHasher({
      concurrency: 1,
      maxWaiting: 1,
      parameters: { memoryKib: 16, passes: 1, lanes: 1 },
    });
    const oldHash = await old.hash(input.password);
    await owner(`update nova.credentials set password_hash = '${oldHash}' where user_id = '${user.id}'`);
    await node.call('signIn', { login: input.handle, password: input.password });
    const [row] = await owner(`select password_hash from nova.credentials where user_id = '${user.id}'`);
    expect(row!['password_hash']).toMatch(/^\$argon2id\$v=19\$m=8,t=1,p=1\$/);
    await node.call('signIn', { login: input.handle, password: input.password });
  });
});

describe('profiles', () => {
  it('changes what is given and nothing else', async () => {
    const { user, token, input } = await newAccount({ displayName: 'Before' });
    node.events.length = 0;
    expect(await node.call('updateProfile', { bio: ' Hello ' }, { as: token })).toEqual({
      ...user,
      bio: 'Hello',
      email: input.email,
      emailVerified: false,
      pendingEmail: null,
    });
    await node.call('updateProfile', { displayName: 'After' }, { as: token });
    expect(await node.call('getMe', {}, { as: token })).toMatchObject({ displayName: 'After', bio: 'Hello' });
    await node.call('updateProfile', { bio: '' }, { as: token });
    expect(await node.call('getMe', {}, { as: token })).toMatchObject({ displayName: 'After', bio: '' });
    expect(node.events.map(({ type }) => type)).toEqual(['user.updated', 'user.updated', 'user.updated']);
    await expect(node.call('updateProfile', { bio: 'x'.repeat(501) }, { as: token })).rejects.toMatchObject({
      problems: [{ path: 'bio' }],
    });
    await expect(node.call('updateProfile', { bio: 'x' })).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('shows a user with what the graph says, by id and by handle, without the address', async () => {
    const { user } = await newAccount();
    const { token } = await newAccount();
    relations.set(user.id, {
      counts: { followers: 3, following: 1 },
      viewer: {
        following: true,
        followedBy: false,
        requested: false,
        requestedBy: false,
        blocking: false,
        muting: false,
        mutedUntil: null,
      },
    });
    const profile = { ...user, ...relations.get(user.id) };
    expect(await node.call('getUser', { userId: user.id }, { as: token })).toEqual(profile);
    expect(await node.call('getUserByHandle', { handle: user.handle.toUpperCase() }, { as: token })).toEqual(profile);
  });

  it('hides unknown, deleted and blocked users alike', async () => {
    const { user } = await newAccount();
    const gone = (await newAccount()).user;
    await owner(`update nova.users set deleted_at = now() where id = '${gone.id}'`);
    hidden.add(user.id);
    const failures = await Promise.all(
      [
        ['getUser', { userId: user.id }],
        ['getUser', { userId: gone.id }],
        ['getUser', { userId: '01900000-0000-7000-8000-000000000000' }],
        ['getUserByHandle', { handle: user.handle }],
        ['getUserByHandle', { handle: gone.handle }],
        ['getUserByHandle', { handle: 'never_seen' }],
      ].map(([name, input]) => node.call(name as string, input as object).catch((error: unknown) => error)),
    );
    for (const failure of failures) expect(failure).toMatchObject({ code: 'not_found' });
    expect(new Set(failures.map(String)).size).toBe(1);
    hidden.clear();
  });

  it('takes one statement of its own each (D19)', async () => {
    const { user, token } = await newAccount();
    await node.call('getMe', {}, { as: token });
    node.statements();
    await node.call('getUser', { userId: user.id });
    expect(node.statements()).toEqual(['identity.usersByIds']);
    await node.call('getUserByHandle', { handle: user.handle });
    expect(node.statements()).toEqual(['identity.usersByHandles']);
  });
});

describe('doors', () => {
  it('gives many users with one statement, deleted ones left out', async () => {
    const users = await Promise.all([newAccount(), newAccount(), newAccount()]).then((all) => all.map((a) => a.user));
    await owner(`update nova.users set deleted_at = now() where id = '${users[2]!.id}'`);
    const scope = { db: node.database.read(DEFAULT_TENANT_ID) };
    node.statements();
    const byId = await node.identity.usersByIds(
      scope,
      users.map(({ id }) => id),
    );
    expect(byId).toEqual(new Map([users[0]!, users[1]!].map((user) => [user.id, user])));
    const byHandle = await node.identity.userIdsByHandles(scope, [...users.map(({ handle }) => handle), 'nobody_here']);
    expect(byHandle).toEqual(new Map([users[0]!, users[1]!].map((user) => [user.handle, user.id])));
    expect(await node.identity.usersByIds(scope, [])).toEqual(new Map());
    expect(node.statements()).toEqual(['identity.usersByIds', 'identity.usersByHandles']);
  });

  it('inserts many users at once and leaves out those who are known or have what is taken', async () => {
    const passwordHash = await createPasswordHasher({ concurrency: 1, maxWaiting: 1 }).hash('imported horse');
    const users = Array.from({ length: 500 }, (_, index) => ({
      id: newId(),
      handle: `imported_${index}`,
      displayName: `Imported "${index}", \\ {x}`,
      bio: '',
      email: index % 2 === 0 ? `imported${index}@example.com` : null,
      passwordHash: index === 0 ? passwordHash : null,
      createdAt: '2010-06-27T23:36:57.962000Z',
    }));
    const tenantId = DEFAULT_TENANT_ID;
    const insert = (rows: typeof users) =>
      node.database.transaction(tenantId, (tx) => node.identity.insertUsers(tx, rows));
    expect(await insert(users)).toEqual([]);
    expect(await insert(users)).toEqual(users.map((_, index) => ({ index, reason: 'known' })));
    const [first, second, third] = users as [(typeof users)[0], (typeof users)[0], (typeof users)[0]];
    const others = [
      { ...first, handle: 'imported_anew', id: newId() },
      { ...second, id: newId() },
      { ...third, handle: 'renamed_since' },
    ];
    expect(await insert(others)).toEqual([
      { index: 0, reason: 'email_taken' },
      { index: 1, reason: 'handle_taken' },
      { index: 2, reason: 'known' },
    ]);
    const found = await node.identity.usersByIds({ db: node.database.read(tenantId) }, [users[7]!.id]);
    expect(found.get(users[7]!.id)).toEqual({
      id: users[7]!.id,
      role: 'member',
      handle: 'imported_7',
      displayName: 'Imported "7", \\ {x}',
      bio: '',
      isPrivate: false,
      createdAt: '2010-06-27T23:36:57.962000Z',
    });
    expect(await node.call('signIn', { login: 'imported_0', password: 'imported horse' })).toMatchObject({
      user: { id: users[0]!.id },
    });
    await expect(node.call('signIn', { login: 'imported_1', password: 'imported horse' })).rejects.toMatchObject({
      code: 'invalid_credentials',
    });
  });
});

async function owner(sql: string): Promise<Record<string, unknown>[]> {
  const client = await connectTo(database.superuserUrl);
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
