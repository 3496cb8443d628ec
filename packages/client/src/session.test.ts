import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../../server/src/testing/test-app.js';
import { createLocalStore, createMemoryStore, createNova, type KeyValueStorage, type SessionEvent } from './index.js';
import { createSessionState } from './session.js';
import { forward, loseAnswer, startUnrulyServer, type UnrulyServer } from './testing/unruly-server.js';

let app: TestApp;
let server: UnrulyServer;
let people = 0;

beforeAll(async () => {
  app = await startTestApp();
  server = await startUnrulyServer();
});
beforeEach(() => {
  server.plan(forward(app.url));
});
afterAll(async () => {
  await server.close();
  await app.close();
});

function open(sessionStore = createMemoryStore()) {
  people += 1;
  const nova = createNova({ baseUrl: server.url, sessionStore, retry: { baseDelayMs: 1 } });
  const events: SessionEvent[] = [];
  nova.session.subscribe((event) => events.push(event));
  const account = { handle: `person_${people}`, email: `person_${people}@example.org`, password: 'a long password' };
  return { nova, events, account, login: { login: account.handle, password: account.password } };
}

const sessionsOf = async (nova: ReturnType<typeof open>['nova']) => {
  const { items } = await nova.identity.listSessions();
  return items.length;
};

describe('a session', () => {
  test('begins with sign-up, is shown with every call, and ends with sign-out', async () => {
    const { nova, events, account } = open();
    expect(nova.session.current).toBeNull();
    const user = await nova.session.signUp(account);
    expect(await nova.identity.getMe()).toMatchObject({ id: user.id, handle: account.handle });
    const session = nova.session.current;
    expect(session).toMatchObject({ userId: user.id, token: expect.stringMatching(/^nova_st_/) });
    await nova.session.signOut();
    expect(nova.session.current).toBeNull();
    expect(events).toEqual([
      { type: 'signedIn', session },
      { type: 'signedOut', reason: 'signed_out' },
    ]);
    await expect(nova.identity.getMe()).rejects.toMatchObject({ code: 'unauthenticated' });
    const old = createNova({ baseUrl: app.url, token: session?.token ?? '' });
    await expect(old.identity.getMe()).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  test('begins with sign-in, also over one that has ended; a wrong password ends none', async () => {
    const { nova, events, account, login } = open();
    await nova.session.signUp(account);
    const first = nova.session.current;
    await expect(nova.session.signIn({ ...login, password: 'wrong' })).rejects.toMatchObject({
      code: 'invalid_credentials',
    });
    expect(nova.session.current).toBe(first);
    await createNova({ baseUrl: app.url, token: first?.token ?? '' }).identity.signOut();
    await nova.session.signIn(login);
    expect(nova.session.current?.token).not.toBe(first?.token);
    expect(events.map(({ type }) => type)).toEqual(['signedIn', 'signedIn']);
  });

  test('that the server no longer takes is forgotten and told', async () => {
    const { nova, events, account } = open();
    await nova.session.signUp(account);
    await createNova({ baseUrl: app.url, token: nova.session.current?.token ?? '' }).identity.signOut();
    const calls = [nova.identity.getMe(), nova.feed.readHomeFeed(), nova.identity.getMe()];
    for (const result of await Promise.allSettled(calls)) expect(result.status).toBe('rejected');
    expect(nova.session.current).toBeNull();
    expect(events.slice(1)).toEqual([{ type: 'signedOut', reason: 'rejected' }]);
  });

  test('whose time is up is forgotten before it is shown', () => {
    let now = Date.parse('2026-01-01T00:00:00Z');
    const state = createSessionState(createMemoryStore(), () => now);
    const events: SessionEvent[] = [];
    state.subscribe((event) => events.push(event));
    state.set({ token: 't', userId: 'u', expiresAt: '2026-01-02T00:00:00Z' });
    const token = () => (typeof state.token === 'function' ? state.token({ rejected: null }) : '');
    expect(token()).toBe('t');
    now = Date.parse('2026-01-02T00:00:00Z');
    expect(state.current).toBeNull();
    expect(token()).toBeNull();
    expect(events.slice(1)).toEqual([{ type: 'signedOut', reason: 'expired' }]);
  });

  test('of another tab survives the rejection of the one before', () => {
    const store = createMemoryStore();
    const state = createSessionState(store);
    const token = (rejected: string) => (typeof state.token === 'function' ? state.token({ rejected }) : '');
    store.write({ token: 'new', userId: 'u', expiresAt: '2999-01-01T00:00:00Z' });
    expect(token('old')).toBe('new');
    expect(token('new')).toBeNull();
  });

  test('does not go with a token of one’s own', async () => {
    const nova = createNova({ baseUrl: app.url, token: 'nova_sk_1' });
    await expect(nova.session.signIn({ login: 'a', password: 'b' })).rejects.toThrow(/token of its own/);
    expect(nova.session.current).toBeNull();
    expect(() => createNova({ baseUrl: app.url, token: 't', sessionStore: createMemoryStore() })).toThrow(TypeError);
  });
});

// Seeded bugs that turn these red: taking the token of a replayed answer, which is null; a sign-out that fails on 401.
describe('when an answer is lost', () => {
  test('signing up makes one account and ends signed in', async () => {
    const { nova, account } = open();
    server.plan(loseAnswer(app.url), forward(app.url));
    const user = await nova.session.signUp(account);
    expect(server.requests.map(({ path }) => path)).toEqual(['/api/v1/users', '/api/v1/users', '/api/v1/sessions']);
    expect(await nova.identity.getMe()).toMatchObject({ id: user.id });
  });

  test('signing in makes another session', async () => {
    const { nova, account, login } = open();
    await nova.session.signUp(account);
    server.plan(loseAnswer(app.url), forward(app.url));
    await nova.session.signIn(login);
    expect(await sessionsOf(nova)).toBe(3);
  });

  test('signing out is done all the same', async () => {
    const { nova, account, login } = open();
    await nova.session.signUp(account);
    server.plan(loseAnswer(app.url), forward(app.url));
    await nova.session.signOut();
    expect(server.requests).toHaveLength(2);
    await nova.session.signIn(login);
    expect(await sessionsOf(nova)).toBe(1);
  });
});

describe('the store over localStorage', () => {
  const session = { token: 't', userId: 'u', expiresAt: '2999-01-01T00:00:00.000Z' };
  const storageOf = (kept: Map<string, string>): KeyValueStorage => ({
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  });

  test('is shared, gives the same object until it changes, and forgets', () => {
    const kept = new Map<string, string>();
    const [here, there] = [createLocalStore('key', storageOf(kept)), createLocalStore('key', storageOf(kept))];
    here.write(session);
    expect(there.read()).toEqual(session);
    expect(there.read()).toBe(there.read());
    there.write(null);
    expect(here.read()).toBeNull();
    expect(kept.size).toBe(0);
  });

  test.each(['', 'nonsense', 'null', '[]', '{"token":1}', JSON.stringify({ ...session, expiresAt: 'soon' })])(
    '%j in it is no session',
    (text) => {
      expect(createLocalStore('key', storageOf(new Map([['key', text]]))).read()).toBeNull();
    },
  );

  test('lasts as long as the page where storage is closed, full or absent', () => {
    const refuse = (): never => {
      throw new Error('QuotaExceededError');
    };
    const closed = createLocalStore('key', { getItem: refuse, setItem: refuse, removeItem: refuse });
    const absent = createLocalStore('key');
    const full = createLocalStore('key', { ...storageOf(new Map()), setItem: refuse });
    for (const store of [closed, full, absent]) {
      expect(store.read()).toBeNull();
      store.write(session);
      expect(store.read()).toEqual(session);
      store.write(null);
      expect(store.read()).toBeNull();
    }
  });
});
