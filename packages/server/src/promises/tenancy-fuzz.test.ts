import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../platform/ids/index.js';
import { type Call, readScope } from '../platform/operation/index.js';
import { createSilentLogger } from '../platform/telemetry/index.js';
import { ACCOUNT_CASES, type ForeignInputs as Inputs } from '../testing/account-cases.js';
import { type Credentials, type Route, routesOf } from '../testing/api-routes.js';
import { type ApiSurface, type Input, readApiSurface } from '../testing/api-surface.js';
import { GRAPH_FUZZ_INPUTS } from '../testing/graph-fuzz-inputs.js';
import {
  inAnHour,
  type PopulatedTenant,
  populateTenant,
  type Target,
  unknownTarget,
} from '../testing/populated-tenant.js';
import { checksumRows, dumpRows, untilConsumed } from '../testing/row-checksums.js';
import { TENANCY_CASES } from '../testing/tenancy-fuzz-cases.js';
import { type RestAnswer, startTestApp, type TestApp } from '../testing/test-app.js';
import { connectTo } from '../testing/test-cluster.js';

/*
 * I8: no operation returns, changes, counts or reveals another tenant's row, even when the application forgets its
 * filter. Every operation of every transport is called from tenant A with what belongs to tenant B, which looks the
 * same; each answer must be the one that A gets for ids that exist nowhere.
 *
 * Seeded bugs: at the end row-level security is taken from one table after another while the statements run without
 * their filters, and the same fuzz has to find it.
 */

const CASES: Readonly<Record<string, Inputs>> = {
  signUp: (other) => {
    const handle = other.newHandle();
    return [{ handle, email: `${handle}@example.org`, password: 'long enough' }];
  },
  signIn: ({ handle, email, password }) => [
    { login: handle, password },
    { login: email, password },
  ],
  ...GRAPH_FUZZ_INPUTS,
  getUser: ({ userId }) => [{ userId }],
  getUserByHandle: ({ handle }) => [{ handle }],
  getMe: () => [{}],
  updateProfile: () => [{ bio: 'another bio' }],
  upsertUsers: (other) => [
    { users: [{ externalId: other.newExternalId(), handle: other.newHandle(), displayName: 'Another name' }] },
  ],
  createTokenKey: () => [{ algorithm: 'HS256' }],
  listTokenKeys: ({ cursors }) => [{ limit: 100 }, { limit: 5, cursor: cursors.listTokenKeys }],
  revokeTokenKey: ({ tokenKeyId }) => [{ keyId: tokenKeyId }],
  getTokenSettings: () => [{}],
  updateTokenSettings: () => [{ createUsers: true }],
  revokeTokens: ({ userId }) => [{ userId }],
  deleteMe: () => [{}],
  deleteUser: ({ deletableUserId: userId }) => [{ userId }],
  exportMe: ({ cursors }) => [{ limit: 5 }, { limit: 5, cursor: cursors.exportMe }],
  exportUser: (other, own) => [
    { userId: other.userId, limit: 5 },
    { userId: own.userId, limit: 5, cursor: other.cursors.exportUser },
    { userId: other.userId, limit: 5, cursor: other.cursors.exportUser },
  ],
  setUserRole: ({ userId }) => [{ userId, role: 'moderator' }],
  listRoleChanges: ({ cursors }) => [{ limit: 5 }, { limit: 5, cursor: cursors.listRoleChanges }],
  listSessions: ({ cursors }) => [{ limit: 5 }, { limit: 5, cursor: cursors.listSessions }],
  revokeSession: ({ sessionId }) => [{ sessionId }],
  signOut: () => [{}],
  ...ACCOUNT_CASES,
  followUser: ({ userId }) => [{ userId }],
  unfollowUser: ({ userId }) => [{ userId }],
  blockUser: ({ userId }) => [{ userId }],
  unblockUser: ({ userId }) => [{ userId }],
  listFollowers: (other, own) => [
    { userId: other.userId, limit: 5 },
    { userId: own.userId, limit: 5, cursor: other.cursors.listFollowers },
    { userId: other.userId, limit: 5, cursor: other.cursors.listFollowers },
  ],
  listFollowing: (other, own) => [
    { userId: other.userId, limit: 5 },
    { userId: own.userId, limit: 5, cursor: other.cursors.listFollowing },
  ],
  listBlocks: ({ cursors }) => [{ limit: 5 }, { limit: 5, cursor: cursors.listBlocks }],
  createPost: (other) => [
    { body: `to @${other.newHandle()} about this` },
    { body: 'a picture', mediaIds: [other.mediaId] },
    { body: 'a question', poll: { options: ['yes', 'no'], durationSeconds: 600 } },
  ],
  voteInPoll: ({ postId }) => [{ postId, options: [0] }],
  createMedia: (other) => [
    { ownerId: other.userId, kind: 'image', variants: [{ name: 'a', url: 'https://example.org/a.png' }] },
  ],
  getMedia: ({ mediaId }) => [{ mediaId }],
  getLinkPreviewSettings: () => [{}],
  setLinkPreviewSettings: () => [{ enabled: false }],
  getPost: ({ postId }) => [{ postId }],
  editPost: ({ postId }) => [
    { postId, body: 'taken over', custom: { a: 1 } },
    { postId, ifVersion: 1, visibility: 'private' },
  ],
  listPostVersions: (other, own) => [
    { postId: other.postId, limit: 5 },
    { postId: own.postId, limit: 5, cursor: other.cursors.listPostVersions },
    { postId: other.postId, limit: 5, cursor: other.cursors.listPostVersions },
  ],
  deletePost: ({ postId }) => [{ postId }],
  restorePost: ({ postId }) => [{ postId }],
  listDeletedPosts: ({ cursors }) => [{ limit: 5 }, { limit: 5, cursor: cursors.listDeletedPosts }],
  createDraft: (other) => [
    { body: `to @${other.newHandle()} later`, publishAt: inAnHour() },
    { body: 'a picture', mediaIds: [other.mediaId] },
  ],
  getDraft: ({ draftId }) => [{ draftId }],
  listDrafts: ({ cursors }) => [{ limit: 5 }, { limit: 5, cursor: cursors.listDrafts }, { scheduled: true, limit: 5 }],
  updateDraft: ({ draftId, mediaId }, own) => [
    { draftId, body: 'taken over' },
    { draftId: own.draftId, mediaIds: [mediaId] },
  ],
  scheduleDraft: ({ draftId }) => [{ draftId, publishAt: inAnHour() }],
  unscheduleDraft: ({ draftId }) => [{ draftId }],
  publishDraft: ({ draftId }) => [{ draftId }],
  deleteDraft: ({ draftId }) => [{ draftId }],
  likePost: ({ postId }) => [{ postId }],
  unlikePost: ({ postId }) => [{ postId }],
  listLikers: (other, own) => [
    { postId: other.postId, limit: 5 },
    { postId: own.postId, limit: 5, cursor: other.cursors.listLikers },
    { postId: other.postId, limit: 5, cursor: other.cursors.listLikers },
  ],
  listPostsByAuthor: (other, own) => [
    { userId: other.userId, limit: 5 },
    { userId: own.userId, limit: 5, cursor: other.cursors.listPostsByAuthor },
  ],
  listPostsByHashtag: (other) => [
    { hashtag: other.hashtag, limit: 5 },
    { hashtag: 'shared', limit: 5, cursor: other.cursors.listPostsByHashtag },
  ],
  getHashtag: ({ hashtag }) => [{ hashtag }],
  readHomeFeed: (other) => [
    { limit: 5 },
    { limit: 5, cursor: other.cursors.readHomeFeed },
    { limit: 5, mode: 'ranked', explain: true },
    { limit: 5, hashtag: other.hashtag },
    { limit: 5, hashtag: 'shared' },
  ],
  countNewPosts: ({ feedSession }) => [{ session: feedSession }],
  ...TENANCY_CASES,
};

/** The parent that an edge would start from. */
const EDGE_PARENTS: Readonly<Record<string, (other: Target) => Input>> = {
  'User.counts': ({ userId }) => ({ id: userId }),
  'User.viewer': ({ userId }) => ({ id: userId }),
  'User.followers': ({ userId }) => ({ id: userId }),
  'User.following': ({ userId }) => ({ id: userId }),
  'User.mutuals': ({ userId }) => ({ id: userId }),
  'User.posts': ({ userId }) => ({ id: userId }),
  'Post.likers': ({ postId }) => ({ id: postId }),
};

/** What is said of something that was there, the second time. */
const GONE = new Set(['not_found', 'invalid_credentials', 'api_key_rotated', 'link_invalid']);

const UUIDS = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g;

interface World {
  readonly app: TestApp;
  readonly surface: ApiSurface;
  readonly superuser: Client;
  readonly a: PopulatedTenant;
  readonly b: PopulatedTenant;
  /** Texts that only tenant B has: every id in its rows, its mark, tokens and keys. */
  readonly secrets: ReadonlySet<string>;
}

async function createWorld(tenantFilters: boolean): Promise<World> {
  const app = await startTestApp({
    tenantFilters,
    // Of the wrong passwords that it tries, every one is to be looked at.
    env: { NOVA_IDENTITY_SIGN_IN_FAILURES: '100000', NOVA_IDENTITY_MAIL_REQUESTS: '100000' },
  });
  const superuser = await connectTo(app.database.superuserUrl);
  try {
    return await populate(app, superuser);
  } catch (error) {
    await superuser.end();
    await app.close();
    throw error;
  }
}

async function populate(app: TestApp, superuser: Client): Promise<World> {
  const surface = await readApiSurface(app);
  const a = await populateTenant(app, 'onlyinone');
  const b = await populateTenant(app, 'onlyintwo');
  await callAsOwner(app, surface, b);
  await untilConsumed(superuser);
  // What B has used is written later, and would look like a change.
  await app.nova.flushUsage();
  const rows = await dumpRows(superuser, b.id);
  const ids = rows.flatMap(({ row }) => row.match(UUIDS) ?? []);
  const secrets = new Set([...ids, b.mark, String(b.markedUsage), b.member.token, b.publishableKey, b.secretKey]);
  return { app, surface, superuser, a, b, secrets };
}

/**
 * Tenant B calls everything itself: its writes leave records of their idempotency keys, with which A will come; and
 * what is refused here would be refused to A for a wrong reason.
 */
async function callAsOwner(app: TestApp, surface: ApiSurface, owner: PopulatedTenant): Promise<void> {
  const routes = routesOf(app, surface);
  const readersFirst = [...routes.filter(({ writes }) => !writes), ...routes.filter(({ writes }) => writes)];
  for (const route of readersFirst) {
    const named = route.writes ? owner.expendable : owner.target;
    const [input] = CASES[route.operation]?.(named, owner.target) ?? [];
    if (input === undefined) continue;
    const credentials = await ownersCredentials(app, route, owner);
    const answer = await route.send(input, credentials, route.writes ? keyOf(route) : undefined);
    const code = answer.body?.code ?? answer.body?.errors?.[0]?.extensions?.code;
    // Both transports delete and end the same things: the second finds them gone.
    if (code !== undefined && !(route.writes && GONE.has(code))) {
      throw new Error(`${route.name}: ${JSON.stringify(answer.body)}`);
    }
  }
}

async function ownersCredentials(app: TestApp, route: Route, owner: PopulatedTenant): Promise<Credentials> {
  switch (route.access) {
    case 'anyone':
      return { key: owner.publishableKey };
    case 'moderator':
    case 'owner':
    case 'secret':
      return { token: owner.secretKey };
    case 'user':
      return { token: await tokenFor(app, route, owner) };
  }
}

async function closeWorld(world: World | undefined): Promise<void> {
  await world?.superuser.end();
  await world?.app.close();
}

const keyOf = (route: Route) => `key of ${route.name}`;

/** Signing out ends the session that it comes with, and who deletes themselves is gone. */
async function tokenFor(app: TestApp, { operation }: Route, tenant: PopulatedTenant): Promise<string> {
  if (operation === 'signOut') return await newSession(app, tenant);
  if (operation !== 'deleteMe') return tenant.member.token;
  return (await app.signUp(`leaver_${newId().slice(-12)}`, { key: tenant.publishableKey })).token;
}

async function newSession(app: TestApp, { publishableKey, member }: PopulatedTenant): Promise<string> {
  const body = { login: member.handle, password: `a password of ${member.handle}` };
  return (await app.rest('POST', '/sessions', { key: publishableKey, body })).body.token;
}

/** Calls everything from tenant A with what is B's; tells what B has lost, shown or suffered. */
async function fuzz(world: World, only: readonly string[] = Object.keys(CASES)): Promise<string[]> {
  const { app, surface, superuser, a, b } = world;
  // What A has sent under these keys in an earlier round is A's own.
  await superuser.query('delete from nova.idempotency_keys where tenant_id = $1', [a.id]);
  const before = await checksumRows(superuser, b.id);
  const routes = routesOf(app, surface);
  const breaches = routes
    .filter(({ operation }) => CASES[operation] === undefined)
    .map(({ name, operation }) => `${name}: no case for ${operation}`);
  const chosen = routes.filter(({ operation }) => only.includes(operation));
  // What reads may go together; what writes goes alone, so that both answers of a pair meet the same rows.
  const readers = chosen.filter(({ writes }) => !writes).map((route) => callRoute(world, route));
  breaches.push(...(await Promise.all(readers)).flat());
  for (const route of chosen.filter(({ writes }) => writes)) breaches.push(...(await callRoute(world, route)));
  breaches.push(...(await loadEdges(world)));
  await untilConsumed(superuser);
  const after = await checksumRows(superuser, b.id);
  for (const [table, checksum] of Object.entries(before)) {
    if (after[table] !== checksum) breaches.push(`rows of B in ${table} have changed: ${checksum} -> ${after[table]}`);
  }
  for (const { table, row } of await dumpRows(superuser, a.id)) {
    const id = row.match(UUIDS)?.find((found) => world.secrets.has(found));
    if (id !== undefined) breaches.push(`a row of A in ${table} names ${id} of B`);
  }
  return breaches;
}

async function callRoute(world: World, route: Route): Promise<string[]> {
  const { a, b } = world;
  const inputs = CASES[route.operation] as Inputs;
  const breaches: string[] = [];
  for (const caller of ['user', 'visitor', 'backend'] as const) {
    const foreign = inputs(b.target, a.target);
    const unknown = inputs(unknownTarget(), a.target);
    for (const [index, input] of foreign.entries()) {
      const other = unknown[index] ?? {};
      const answer = await route.send(input, await callerOf(world, route, caller));
      const yardstick = await route.send(other, await callerOf(world, route, caller));
      const what = `${route.name} as ${caller} with ${JSON.stringify(input)}`;
      breaches.push(...compare(world, what, [input, answer], [other, yardstick]));
    }
  }
  breaches.push(...(await sendMixedCredentials(world, route, inputs)));
  if (route.writes) breaches.push(...(await sendTheirIdempotencyKey(world, route, inputs)));
  return breaches;
}

/** Everyone whom tenant A can send. */
async function callerOf({ app, a }: World, route: Route, caller: 'user' | 'visitor' | 'backend'): Promise<Credentials> {
  switch (caller) {
    case 'user':
      return { token: await tokenFor(app, route, a) };
    case 'visitor':
      return { key: a.publishableKey };
    case 'backend':
      return { token: a.secretKey };
  }
}

/** The two answers must be the same but for what the caller has sent; neither may hold anything of B. */
function compare(
  { secrets }: World,
  what: string,
  [input, answer]: readonly [Input, RestAnswer],
  [unknown, yardstick]: readonly [Input, RestAnswer],
): string[] {
  const [shown, expected] = [plain(answer, input), plain(yardstick, unknown)];
  const breaches = leaks(secrets, what, answer, input);
  // Cursors of another list and of another origin are told apart, which says nothing about a row.
  const alike = 'cursor' in input ? outcomeOf(answer) === outcomeOf(yardstick) : shown === expected;
  if (!alike) breaches.push(`${what}: ${shown} instead of ${expected}`);
  return breaches;
}

function leaks(secrets: ReadonlySet<string>, what: string, answer: RestAnswer, input: Input): string[] {
  const text = withoutInput(textOf(answer), input);
  return [...secrets].filter((secret) => text.includes(secret)).map((secret) => `${what}: answers ${secret}`);
}

const textOf = ({ status, headers, body }: RestAnswer) =>
  `${status} ${JSON.stringify(body)} ${JSON.stringify([...headers])}`;

const outcomeOf = ({ status, body }: RestAnswer) =>
  `${status} ${body?.code ?? ''} ${body?.errors?.[0]?.extensions?.code ?? ''}`;

function withoutInput(text: string, input: Input): string {
  const given = textsIn(input).flatMap((value) => [value, ...value.split(/[\s@#]+/)]);
  return given
    .filter((value) => value.length > 3)
    .sort((x, y) => y.length - x.length)
    .reduce((rest, value) => rest.replaceAll(value, '<given>'), text);
}

/** All that is no object or list, as text. */
function textsIn(value: unknown): string[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [String(value)];
}

/** Status and body without what differs from call to call. */
function plain(answer: RestAnswer, input: Input): string {
  return (
    withoutInput(`${answer.status} ${JSON.stringify(answer.body)}`, input)
      .replaceAll(UUIDS, '<id>')
      .replaceAll(/"requestId":"[^"]*"/g, '"requestId"')
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
      .replaceAll(/nova_(st|pk|sk|ts|ev|pr)_[\w-]+/g, '<secret>')
      .replaceAll(/"(nextCursor|hint|session)":"[^"]*"/g, '"$1"')
      // Of a ranked feed: the age of a post is another one at each call.
      .replaceAll(/"(score|recency)":-?[\d.]+/g, '"$1"')
  );
}

/** A token of one tenant beside a key of the other, and keys where they do not belong: refused before anything. */
async function sendMixedCredentials({ a, b, secrets }: World, route: Route, inputs: Inputs): Promise<string[]> {
  const [input = {}] = inputs(b.target, a.target);
  const mixtures: Record<string, Credentials> = {
    'a user of A with the key of B': { token: a.member.token, key: b.publishableKey },
    'a user of B with the key of A': { token: b.member.token, key: a.publishableKey },
    'a backend of A with the key of B': { token: a.secretKey, key: b.publishableKey },
    'the secret key of B as a publishable one': { key: b.secretKey },
    'the publishable key of B as a token': { token: b.publishableKey },
  };
  const breaches: string[] = [];
  for (const [caller, credentials] of Object.entries(mixtures)) {
    const answer = await route.send(input, credentials);
    if (answer.status !== 401) breaches.push(`${route.name} as ${caller}: ${answer.status}`);
    breaches.push(...leaks(secrets, `${route.name} as ${caller}`, answer, input));
  }
  return breaches;
}

async function sendTheirIdempotencyKey(world: World, route: Route, inputs: Inputs): Promise<string[]> {
  const { a, b, secrets } = world;
  const [input = {}] = inputs(b.expendable, a.target);
  const breaches: string[] = [];
  for (const caller of ['user', 'visitor', 'backend'] as const) {
    const what = `${route.name} as ${caller} with an idempotency key of B`;
    const answer = await route.send(input, await callerOf(world, route, caller), keyOf(route));
    if (answer.headers.has('idempotency-replayed')) breaches.push(`${what}: replayed`);
    if (answer.body?.code === 'idempotency_conflict') breaches.push(`${what}: conflict`);
    breaches.push(...leaks(secrets, what, answer, input));
  }
  return breaches;
}

/** Edges start from parents that an operation has answered; here they are handed B's as if one had leaked. */
async function loadEdges({ app, surface, a, b, secrets }: World): Promise<string[]> {
  const breaches: string[] = [];
  const principal = await app.nova.authenticate({ bearer: a.member.token, key: null });
  const call: Call = {
    principal,
    correlationId: 'fuzz',
    remoteAddress: '127.0.0.1',
    userAgent: 'fuzz',
    log: createSilentLogger(),
    signal: new AbortController().signal,
    deadlineAt: Number.POSITIVE_INFINITY,
    idempotencyKey: null,
  };
  for (const { name, loader } of surface.edges) {
    const parentOf = EDGE_PARENTS[name];
    if (parentOf === undefined) {
      breaches.push(`${name}: no parent for this edge`);
      continue;
    }
    const [foreign, unknown] = [parentOf(b.target), parentOf(unknownTarget())];
    const load = async (parent: Input): Promise<RestAnswer> => ({
      status: 200,
      headers: new Headers(),
      body: await loader(readScope(app.nova.database, call), [parent], { limit: 5 }),
    });
    const what = `edge ${name} of a parent of B`;
    const [answer, yardstick] = [await load(foreign), await load(unknown)];
    if (plain(answer, foreign) !== plain(yardstick, unknown)) breaches.push(`${what}: ${JSON.stringify(answer.body)}`);
    breaches.push(...leaks(secrets, what, answer, foreign));
  }
  return breaches;
}

async function setRowSecurity({ superuser }: World, tables: readonly string[], on: boolean): Promise<void> {
  for (const table of tables)
    await superuser.query(`alter table nova.${table} ${on ? 'enable' : 'disable'} row level security`);
}

describe('the whole API with its tenant filters (I8)', () => {
  let world: World;

  beforeAll(async () => {
    world = await createWorld(true);
  }, 120_000);

  afterAll(() => closeWorld(world));

  it('gives, changes, counts and reveals nothing of another tenant', { timeout: 120_000 }, async () => {
    expect(await fuzz(world)).toEqual([]);
  });

  it('does so by its filters alone, without row-level security', { timeout: 120_000 }, async () => {
    await setRowSecurity(world, Object.keys(await checksumRows(world.superuser, world.b.id)), false);
    expect(await fuzz(world)).toEqual([]);
  });
});

describe('the whole API with row-level security alone (I8)', () => {
  let world: World;

  beforeAll(async () => {
    world = await createWorld(false);
  }, 120_000);

  afterAll(() => closeWorld(world));

  it('gives, changes, counts and reveals nothing of another tenant', { timeout: 120_000 }, async () => {
    expect(await fuzz(world)).toEqual([]);
  });

  it.each([
    ['users', ['users'], 'getUser', /^GET \/users\/\{userId\} as visitor .*answers onlyintwo/],
    ['posts and their authors', ['posts', 'users'], 'getPost', /^query getPost as user .*answers onlyintwo/],
    ['follows', ['follows', 'users'], 'getMe', /^edge User\.followers .*answers /],
    ['counts', ['hashtag_usage'], 'getHashtag', /^GET \/hashtags\/\{hashtag\} .*"posts":[1-9]/],
    ['keys that are listed', ['api_keys'], 'listApiKeys', /^GET \/keys as backend .*answers /],
    ['settings', ['tenants'], 'updateTenant', /^rows of B in tenants have changed/],
    ['usage', ['tenant_usage'], 'getTenantUsage', /^query getTenantUsage as backend .*answers \d+/],
    ['keys that can be rotated', ['api_keys'], 'rotateApiKey', /^rows of B in api_keys have changed/],
    ['mailed tokens', ['account_tokens', 'users'], 'verifyEmail', /^rows of B in users have changed/],
    ['keys that can be revoked', ['api_keys'], 'revokeApiKey', /^rows of B in api_keys have changed/],
  ])('is caught when row-level security is gone from %s', async (_what, tables, operation, trace) => {
    await setRowSecurity(world, tables, false);
    const breaches = await fuzz(world, [operation]);
    await setRowSecurity(world, tables, true);
    expect(breaches.filter((breach) => trace.test(breach))).not.toEqual([]);
  });
});
