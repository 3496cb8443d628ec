import { randomBytes } from 'node:crypto';
import { type FieldNode, parse, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pg, readQuery } from '../platform/db/index.js';
import { newId } from '../platform/ids/index.js';
import { namedQueries } from '../registry.js';
import { type Credentials, type Route, routesOf, takesSecretKey } from '../testing/api-routes.js';
import { type ApiSurface, documentOf, type GraphqlField, type Input, readApiSurface } from '../testing/api-surface.js';
import { inAnHour } from '../testing/populated-tenant.js';
import { EDGES, ROWS } from '../testing/statements-of-operations.js';
import { type Member, startTestApp, type TestApp } from '../testing/test-app.js';
import { connectTo } from '../testing/test-cluster.js';

/*
 * D19, B1: an answer costs a constant number of statements, however many things it holds. Every operation of REST and
 * every field and edge of GraphQL is called for pages of 1 and of 50; both must send exactly the statements that stand
 * in the table. Something new fails here until it has its row.
 *
 * Seeded bug: at the end a statement per item is sent, and the comparison must notice.
 */

/** More than the largest page asked for. */
const ITEMS = 60;
const PAGES = [1, 50] as const;

/** Who calls, looked up once and then remembered; see the test of it below. */
const AUTHENTICATION = new Set(['identity.sessionsByToken', 'tenancy.keysByHash']);
/** What consumers of the outbox, and the worker that erases, do inside a tenant, at their own time. */
const CONSUMERS =
  /^content\.((un)?markCounted|(raise|lower)Usage|wantPreview|storePreview)$|^feed\.refreshPopular$|^identity\.mail[A-Z]|^mail\.|^outbox\.(?!insertEvents$)|^\w+\.(erase(?!Account$)|(follows|requests)ToErase$)/;
/** No request crosses tenants, but for the look-up of who calls: that is the platform at work beside it. */
const beside = new Set(
  namedQueries()
    .filter(({ name, role }) => role === 'system' || CONSUMERS.test(name))
    .map(({ name }) => name),
);

/** For the seeded bug only. */
const usersSeeded = readQuery({ name: 'seeded.perItem', params: {}, row: { one: pg.int4 }, sql: 'select 1 as one' });

interface World {
  readonly app: TestApp;
  readonly surface: ApiSurface;
  readonly viewer: Member;
  /** Who calls what ends other sessions: the viewer's are to be listed. */
  readonly ender: Member;
  readonly secretKey: string;
  readonly others: readonly string[];
  readonly posts: readonly string[];
  /** Ask the viewer, are asked and muted. */
  readonly askers: readonly string[];
  readonly lists: readonly string[];
  readonly deleted: readonly string[];
  readonly drafts: readonly string[];
  readonly media: readonly string[];
  /** Posts of one who is in no list. */
  readonly polls: readonly string[];
}

let world: World;
let app: TestApp;

beforeAll(async () => {
  // Nothing from a cache: the first page costs what it costs. A document may be as dear as it likes.
  app = await startTestApp({
    env: {
      NOVA_CACHE_PAGE_TTL_MS: '0',
      NOVA_CACHE_MAX_BYTES: '0',
      NOVA_CACHE_RELATION_BYTES: '0',
      NOVA_GRAPHQL_MAX_COST: '1000000',
      NOVA_GRAPHQL_MAX_DEPTH: '20',
    },
  });
  world = await createWorld();
}, 120_000);

afterAll(() => app?.close());

/** A viewer with `ITEMS` entries in every list. */
async function createWorld(): Promise<World> {
  const { tenant, publishableKey, secretKey } = await app.nova.createTenant({ name: 'counted', plan: 'pro' });
  const viewer = await app.signUp('viewer', { key: publishableKey });
  const ender = await app.signUp('ender', { key: publishableKey });
  await app.signUp('mailed', { key: publishableKey });
  // Another one: a reset that is asked for ends the links that were mailed before.
  await app.signUp('forgetful', { key: publishableKey });
  const community = app.nova.community(tenant.id);
  const at = (index: number) => new Date(Date.UTC(2026, 0, 1) + index * 1_000).toISOString();
  const others = Array.from({ length: 2 * ITEMS }, newId);
  const friends = others.slice(0, ITEMS);
  const posts = Array.from({ length: 3 * ITEMS }, newId);
  const askers = Array.from({ length: ITEMS + 10 }, newId);
  const lists = Array.from({ length: ITEMS }, newId);
  await community.transaction(async (tx) => {
    await community.insertUsers(
      tx,
      [...others, ...askers].map((id, index) => ({
        id,
        handle: `other${index}`,
        displayName: 'Other',
        bio: '',
        email: null,
        createdAt: at(index),
      })),
    );
    const pairs = friends.flatMap((id) => [
      { followerId: viewer.id, followeeId: id },
      { followerId: id, followeeId: viewer.id },
      { followerId: id, followeeId: friends.at(friends.indexOf(id) - 1) as string },
    ]);
    await community.insertFollows(
      tx,
      pairs.map((pair, index) => ({ ...pair, createdAt: at(index) })),
    );
    await community.insertPosts(
      tx,
      posts.map((id, index) => ({
        id,
        authorId: index < ITEMS ? viewer.id : (friends[index % ITEMS] as string),
        body: `post ${index} #news`,
        imageName: null,
        language: null,
        visibility: 'public' as const,
        hashtags: ['news'],
        createdAt: at(index),
      })),
    );
    await community.insertLikes(
      tx,
      posts.flatMap((postId, index) =>
        (index === 0 ? friends : friends.slice(0, 3)).map((userId, at0) => ({ postId, userId, createdAt: at(at0) })),
      ),
    );
  });
  const superuser = await connectTo(app.database.superuserUrl);
  const [deleted = [], drafts = [], media = []] = [1, 2, 3].map(() => Array.from({ length: ITEMS }, newId));
  const polls = [newId(), newId()];
  try {
    await superuser.query(
      `insert into nova.posts (tenant_id, id, author_id, body, visibility, deleted_at)
       select $1, unnest($3::uuid[]), $2, 'deleted', 'public', now()`,
      [tenant.id, viewer.id, deleted],
    );
    await superuser.query(
      `insert into nova.post_drafts (tenant_id, id, author_id, body, visibility, reply_policy, custom)
       select $1, unnest($3::uuid[]), $2, 'kept @other1', 'public', 'everyone', '{}'`,
      [tenant.id, viewer.id, drafts],
    );
    await superuser.query(
      `with kept as (
         insert into nova.media (tenant_id, id, owner_id, kind, alt) select $1, unnest($3::uuid[]), $2, 'image', ''
         returning tenant_id, id)
       insert into nova.media_variants (tenant_id, media_id, name, url)
       select tenant_id, id, 'v' || n, 'https://example.org' from kept, generate_series(1, 3) n`,
      [tenant.id, viewer.id, media],
    );
    // Every post of the viewer has two pictures, which cost no statement.
    await superuser.query(
      `with carrying as (
         update nova.posts set has_media = true where tenant_id = $1 and author_id = $2 returning tenant_id, id)
       insert into nova.post_media (tenant_id, post_id, place, media_id)
       select tenant_id, id, n, $3::uuid from carrying, generate_series(1, 2) n`,
      [tenant.id, viewer.id, media[0]],
    );
    await superuser.query(
      `with asked as (
         insert into nova.posts (tenant_id, id, author_id, body, visibility, has_poll)
         select $1, unnest($3::uuid[]), $2, 'which?', 'public', true returning tenant_id, id)
       insert into nova.polls (tenant_id, post_id, options, multiple, hides_results, closes_at, votes)
       select tenant_id, id, '{a,b}', false, false, now() + interval '1 day', '{0,0}' from asked`,
      [tenant.id, others.at(-3), polls],
    );
    await superuser.query(
      `with edited as (
         update nova.posts set version = $3::int + 1 where tenant_id = $1 and id = $2 returning tenant_id, id)
       insert into nova.post_versions (tenant_id, post_id, version, body, entities, custom, written_at)
       select tenant_id, id, n, 'version', '[]', '{}', now() from edited, generate_series(1, $3::int) n`,
      [tenant.id, posts[0], ITEMS],
    );
    await superuser.query(
      `insert into nova.blocks (tenant_id, blocker_id, blocked_id) select $1, $2, unnest($3::uuid[])`,
      [tenant.id, viewer.id, others.slice(ITEMS, -3)],
    );
    await superuser.query(
      `with asker as (select id from unnest($3::uuid[]) id),
       requests as (
         insert into nova.follow_requests (tenant_id, follower_id, followee_id)
         select $1::uuid, id, $2::uuid from asker union all select $1::uuid, $2::uuid, id from asker),
       counts as (
         insert into nova.graph_counts as c (tenant_id, user_id, requests_received, requests_sent)
         select $1::uuid, id, 1, 1 from asker),
       of_viewer as (
         update nova.graph_counts set requests_received = cardinality($3::uuid[]), requests_sent = cardinality($3::uuid[])
         where tenant_id = $1 and user_id = $2)
       insert into nova.mutes (tenant_id, muter_id, muted_id) select $1, $2, id from asker`,
      [tenant.id, viewer.id, askers],
    );
    await superuser.query(
      `with lists as (
         insert into nova.user_lists (tenant_id, id, owner_id, name, kind, member_count)
         select $1::uuid, id, $2::uuid, 'list', 'named', $5::int from unnest($3::uuid[]) id returning id)
       insert into nova.user_list_members (tenant_id, list_id, owner_id, member_id)
       select $1, lists.id, $2, member from lists cross join unnest($4::uuid[]) member`,
      [tenant.id, viewer.id, lists, friends, ITEMS],
    );
    await superuser.query(
      `insert into nova.sessions (tenant_id, id, user_id, token_hash, expires_at)
       select $1, gen_random_uuid(), $2, sha256(n::text::bytea), now() + interval '1 day' from generate_series(1, $3::int) n`,
      [tenant.id, viewer.id, ITEMS],
    );
    await superuser.query(
      `insert into nova.api_keys (tenant_id, id, kind, key_hash, hint)
       select $1, gen_random_uuid(), 'publishable', sha256(n::text::bytea), 'nova_pk_' from generate_series(1, $2::int) n`,
      [tenant.id, ITEMS],
    );
    await superuser.query(
      `insert into nova.role_changes (tenant_id, id, sequence, user_id, old_role, new_role)
       select $1, gen_random_uuid(), n, $2, 'member', 'moderator' from generate_series(1, $3::int) n`,
      [tenant.id, viewer.id, ITEMS],
    );
    await superuser.query(
      `insert into nova.token_keys (tenant_id, id, algorithm, public_key, revoked_at)
       select $1, gen_random_uuid(), 'EdDSA', sha256(n::text::bytea), now() from generate_series(1, $2::int) n`,
      [tenant.id, ITEMS],
    );
  } finally {
    await superuser.end();
  }
  const surface = await readApiSurface(app);
  return {
    ...{ app, surface, viewer, ender, secretKey, others, posts },
    ...{ askers, lists, deleted, drafts, media, polls },
  };
}

const lastOf = (ids: readonly string[], index: number) => ids.at(-index) as string;

/** The input of each operation; things to change differ by transport, so that both find something to do. */
const INPUTS: Readonly<Record<string, (limit: number, transport: 'rest' | 'graphql') => Input | Promise<Input>>> = {
  signUp: (_, transport) => ({
    handle: `new_${transport}`,
    email: `${transport}@example.org`,
    password: 'long enough',
  }),
  signIn: () => ({ login: 'viewer', password: 'a password of viewer' }),
  getUser: () => ({ userId: world.others[0] }),
  getUserByHandle: () => ({ handle: 'other0' }),
  getMe: () => ({}),
  updateProfile: () => ({ bio: 'a bio' }),
  upsertUsers: async (_, transport) => {
    const known = { externalId: 'known', handle: 'known' };
    await app.rest('PUT', '/users', { token: world.secretKey, body: { users: [known] } });
    const created = world.others.map((_, n) => ({ externalId: `${transport} ${n}`, handle: `${transport}_${n}` }));
    return { users: [...created, { ...known, bio: transport }] };
  },
  createTokenKey: () => ({ algorithm: 'HS256' }),
  listTokenKeys: (limit) => ({ limit }),
  revokeTokenKey: async () => ({
    keyId: (await app.rest('GET', '/token-keys?limit=9', { token: world.secretKey })).body.items.at(-1).id,
  }),
  getTokenSettings: () => ({}),
  updateTokenSettings: () => ({ audience: 'counted' }),
  revokeTokens: () => ({ userId: world.others[0] }),
  deleteMe: () => ({}),
  deleteUser: async (_, transport) => {
    const users = [{ externalId: `leaver ${transport}`, handle: `leaver_${transport}` }];
    const { body } = await app.rest('PUT', '/users', { token: world.secretKey, body: { users } });
    return { userId: body.items[0].userId };
  },
  exportMe: (limit) => ({ limit }),
  exportUser: (limit) => ({ userId: world.viewer.id, limit }),
  setUserRole: (_, transport) => ({ userId: world.others[0], role: transport === 'rest' ? 'moderator' : 'owner' }),
  listRoleChanges: (limit) => ({ limit }),
  listSessions: (limit) => ({ limit }),
  revokeSession: async () => ({ sessionId: (await app.rest('GET', '/sessions?limit=9', me())).body.items.at(-1).id }),
  signOut: () => ({}),
  revokeOtherSessions: () => ({}),
  changeEmail: (_, transport) => ({ email: `other_${transport}@example.org`, password: 'a password of viewer' }),
  resendEmailVerification: () => ({}),
  verifyEmail: async () => ({ token: await mailedToken('verify_email', 'nova_ev_') }),
  changePassword: () => ({ currentPassword: 'a password of ender', newPassword: 'a password of ender' }),
  requestPasswordReset: () => ({ email: 'forgetful@example.org' }),
  confirmPasswordReset: async () => ({
    token: await mailedToken('reset_password', 'nova_pr_'),
    password: 'another password',
  }),
  followUser: (_, transport) => ({ userId: lastOf(world.others, transport === 'rest' ? 1 : 2) }),
  unfollowUser: (_, transport) => ({ userId: lastOf(world.others, transport === 'rest' ? 1 : 2) }),
  blockUser: () => ({ userId: lastOf(world.others, 3) }),
  unblockUser: () => ({ userId: lastOf(world.others, 3) }),
  listFollowers: (limit) => ({ userId: world.viewer.id, limit }),
  listFollowing: (limit) => ({ userId: world.viewer.id, limit }),
  listBlocks: (limit) => ({ limit }),
  listMutuals: (limit) => ({ userId: world.viewer.id, limit }),
  removeFollower: (_, transport) => ({ userId: world.others[transport === 'rest' ? 0 : 1] }),
  setPrivacy: () => ({ isPrivate: true }),
  listFollowRequests: (limit) => ({ limit }),
  listSentFollowRequests: (limit) => ({ limit }),
  approveFollowRequest: (_, transport) => ({ userId: world.askers[transport === 'rest' ? 0 : 1] }),
  declineFollowRequest: (_, transport) => ({ userId: world.askers[transport === 'rest' ? 2 : 3] }),
  muteUser: (_, transport) => ({ userId: world.others[transport === 'rest' ? 2 : 3], durationSeconds: 600 }),
  unmuteUser: (_, transport) => ({ userId: world.askers[transport === 'rest' ? 4 : 5] }),
  listMutes: (limit) => ({ limit }),
  createList: () => ({ name: 'another' }),
  updateList: () => ({ listId: world.lists[0], name: 'renamed' }),
  deleteList: (_, transport) => ({ listId: world.lists[transport === 'rest' ? 1 : 2] }),
  getList: () => ({ listId: world.lists[0] }),
  listLists: (limit) => ({ userId: world.viewer.id, limit }),
  listListMembers: (limit) => ({ listId: world.lists[0], limit }),
  addListMember: (_, transport) => ({ listId: world.lists[0], userId: world.askers[transport === 'rest' ? 6 : 7] }),
  removeListMember: (_, transport) => ({ listId: world.lists[0], userId: world.others[transport === 'rest' ? 4 : 5] }),
  createPost: () => ({ body: 'to @other1 and @other2 #news' }),
  getPost: () => ({ postId: world.posts[0] }),
  voteInPoll: (_, transport) => ({ postId: world.polls[transport === 'rest' ? 0 : 1], options: [0] }),
  createMedia: () => ({
    ownerId: world.viewer.id,
    kind: 'image',
    variants: ['small', 'large'].map((name) => ({ name, url: 'https://example.org/a.png' })),
  }),
  getMedia: () => ({ mediaId: world.media[0] }),
  getLinkPreviewSettings: () => ({}),
  setLinkPreviewSettings: () => ({ enabled: true }),
  editPost: (_, transport) => ({
    postId: lastOf(world.posts.slice(0, ITEMS), transport === 'rest' ? 1 : 2),
    body: 'edited, to @other1 #news',
  }),
  listPostVersions: (limit) => ({ postId: world.posts[0], limit }),
  restorePost: (_, transport) => ({ postId: world.deleted[transport === 'rest' ? 0 : 1] }),
  listDeletedPosts: (limit) => ({ limit }),
  createDraft: () => ({ body: 'kept' }),
  getDraft: () => ({ draftId: world.drafts[0] }),
  listDrafts: (limit) => ({ limit }),
  updateDraft: () => ({ draftId: world.drafts[0], body: 'changed' }),
  scheduleDraft: () => ({ draftId: world.drafts[0], publishAt: inAnHour() }),
  unscheduleDraft: () => ({ draftId: world.drafts[0] }),
  publishDraft: (_, transport) => ({ draftId: world.drafts[transport === 'rest' ? 1 : 2] }),
  deleteDraft: (_, transport) => ({ draftId: world.drafts[transport === 'rest' ? 3 : 4] }),
  deletePost: async () => ({
    postId: (await app.rest('POST', '/posts', { ...me(), body: { body: 'short' } })).body.id,
  }),
  likePost: (_, transport) => ({ postId: lastOf(world.posts, transport === 'rest' ? 1 : 2) }),
  unlikePost: (_, transport) => ({ postId: lastOf(world.posts, transport === 'rest' ? 1 : 2) }),
  listLikers: (limit) => ({ postId: world.posts[0], limit }),
  listPostsByAuthor: (limit) => ({ userId: world.viewer.id, limit }),
  listPostsByHashtag: (limit) => ({ hashtag: 'news', limit }),
  getHashtag: () => ({ hashtag: 'news' }),
  readHomeFeed: (limit) => ({ limit }),
  countNewPosts: async () => ({ session: (await app.rest('GET', '/feed?limit=1', me())).body.session }),
  createApiKey: () => ({ kind: 'secret' }),
  listApiKeys: (limit) => ({ limit }),
  rotateApiKey: async () => ({
    keyId: (await app.rest('POST', '/keys', { token: world.secretKey, body: { kind: 'publishable' } })).body.apiKey.id,
  }),
  getTenant: () => ({}),
  updateTenant: () => ({ settings: { identity: { signUpOpen: true } } }),
  getTenantUsage: () => ({}),
  revokeApiKey: async () => ({
    keyId: (await app.rest('GET', '/keys?limit=9', { token: world.secretKey })).body.items.at(-1).id,
  }),
};

/** For a member who is not the viewer: a reset ends all sessions. */
async function mailedToken(purpose: string, prefix: string): Promise<string> {
  const token = `${prefix}${randomBytes(32).toString('base64url')}`;
  const superuser = await connectTo(app.database.superuserUrl);
  try {
    await superuser.query(
      `insert into nova.account_tokens (tenant_id, id, user_id, purpose, email, token_hash, expires_at)
       select tenant_id, gen_random_uuid(), id, $1, email, sha256($2::bytea), now() + interval '1 hour'
       from nova.users where handle = 'mailed'`,
      [purpose, token],
    );
  } finally {
    await superuser.end();
  }
  return token;
}

const me = () => ({ token: world.viewer.token });

const ENDS_OTHERS = new Set(['changePassword', 'revokeOtherSessions']);

async function credentialsOf(route: Route): Promise<Credentials> {
  if (route.operation === 'deleteMe') {
    const { token } = await app.signUp(`leaver_${newId().slice(-12)}`);
    await app.rest('GET', '/me', { token });
    return { token };
  }
  if (route.operation === 'signOut') {
    const { body } = await app.rest('POST', '/sessions', {
      ...me(),
      body: (await INPUTS['signIn']?.(1, 'rest')) ?? {},
    });
    await app.rest('GET', '/me', { token: body.token });
    return { token: body.token };
  }
  if (ENDS_OTHERS.has(route.operation)) return { token: world.ender.token };
  return takesSecretKey(route.access) ? { token: world.secretKey } : me();
}

/** The statements of the request itself, sorted: those of one step go out together, in any order. */
async function statementsOf(send: () => Promise<{ status: number; body: unknown }>): Promise<string[]> {
  const { result, queries } = await app.queriesOf(send);
  const { status, body } = result;
  if (status >= 400 || Object.hasOwn(body ?? {}, 'errors')) throw new Error(JSON.stringify(body));
  return queries.filter((name) => !beside.has(name)).sort();
}

async function measure(route: Route, limit: number): Promise<string[]> {
  const transport = route.name.includes('/') ? 'rest' : 'graphql';
  const input = await INPUTS[route.operation]?.(limit, transport);
  if (input === undefined) throw new Error(`${route.name}: no input for ${route.operation}`);
  const credentials = await credentialsOf(route);
  return await statementsOf(() => route.send(input, credentials));
}

const pagesOf = (operation: string) =>
  world.surface.rest.some((route) => route.operation.name === operation && 'limit' in route.operation.input.properties)
    ? PAGES
    : [1];

/** Counts of each name. */
const tally = (names: readonly string[]) =>
  names.reduce((counts, name) => counts.set(name, (counts.get(name) ?? 0) + 1), new Map<string, number>());

/** Where the edges stand in a document, by name, each as often as it is there. */
function edgesIn(document: string): string[] {
  const names: string[] = [];
  const types = new TypeInfo(world.surface.schema);
  const known = new Set(world.surface.edges.map(({ name }) => name));
  const enter = ({ name }: FieldNode) => {
    const edge = `${types.getParentType()?.name}.${name.value}`;
    if (known.has(edge)) names.push(edge);
  };
  visit(parse(document), visitWithTypeInfo(types, { Field: { enter } }));
  return names;
}

/** Names that are there more often than the row of the operation and one load per edge of the document allow. */
function excess(field: GraphqlField, document: string, statements: readonly string[]): string[] {
  const path = world.surface.rest.find(({ operation }) => operation === field.operation);
  const row = ROWS[`${path?.method} ${path?.path}`] ?? [];
  const allowed = tally([...row, ...edgesIn(document).flatMap((name) => EDGES[name] ?? [`no row for ${name}`])]);
  return [...tally(statements)]
    .filter(([name, count]) => count > (allowed.get(name) ?? 0))
    .map(([name, count]) => `${field.field}: ${count} x ${name}`);
}

describe('every GraphQL edge', () => {
  it('has its row', () => {
    expect(world.surface.edges.map(({ name }) => name).sort()).toEqual(Object.keys(EDGES).sort());
  });

  it.each(Object.keys(EDGES))('loads %s once for all parents, whatever the sizes', async (edge) => {
    const [type, field] = edge.split('.');
    const isList = field !== 'counts' && field !== 'viewer';
    const selected = isList ? `${field}(limit: $of) { items { id } }` : `${field} { __typename }`;
    // Lists of the graph bring along how the viewer stands to their users.
    const id = edge === 'User.viewer' ? world.posts[0] : world.viewer.id;
    const [parents, path] =
      edge === 'User.viewer'
        ? ['listLikers(postId: $id, limit: $parents)', 'GET /posts/{postId}/likes']
        : type === 'User'
          ? ['listFollowers(userId: $id, limit: $parents)', 'GET /users/{userId}/followers']
          : ['listPostsByAuthor(userId: $id, limit: $parents)', 'GET /users/{userId}/posts'];
    const document = `query ($id: ID!, $parents: Int${isList ? ', $of: Int' : ''}) { ${parents} { items { ${selected} } } }`;
    for (const [parentCount, of] of [
      [1, 1],
      [1, 50],
      [50, 1],
      [50, 50],
    ]) {
      const variables = { id, parents: parentCount, ...(isList ? { of } : {}) };
      const statements = await statementsOf(() => app.graphql(document, { ...me(), variables }));
      expect(statements).toEqual([...(ROWS[path as string] ?? []), ...(EDGES[edge] ?? [])].sort());
    }
  });

  it('is bounded by depth, not by what is found: feed, authors, their posts, the likers, their followers', async () => {
    const document = `query ($a: Int, $b: Int) { homeFeed(limit: $a) { items { author { posts(limit: $b) { items {
      likers(limit: $b) { items { followers(limit: $b) { items { handle } } } } } } } } } }`;
    const expected = [
      ...(ROWS['GET /feed'] ?? []),
      ...['User.posts', 'Post.likers', 'User.followers'].flatMap((name) => EDGES[name] ?? []),
    ].sort();
    for (const [a, b] of [
      [1, 1],
      [50, 1],
      [50, 5],
    ]) {
      expect(await statementsOf(() => app.graphql(document, { ...me(), variables: { a, b } }))).toEqual(expected);
    }
  });
});

// After the edges: what is written here is newer than what they read.
describe('every REST path', () => {
  it('sends the statements of its row, whatever the size of the page', async () => {
    const found: Record<string, unknown> = {};
    const expected: Record<string, unknown> = {};
    for (const route of routesOf(app, world.surface).filter(({ name }) => name.includes('/'))) {
      for (const page of pagesOf(route.operation)) {
        found[`${route.name} ${page}`] = await measure(route, page);
        expected[`${route.name} ${page}`] = ROWS[route.name];
      }
    }
    expect(found).toEqual(expected);
    expect(Object.keys(ROWS).sort()).toEqual(world.surface.rest.map(({ method, path }) => `${method} ${path}`).sort());
  });
});

describe('every GraphQL field', () => {
  it('sends what its operation sends, and one load for each edge in the document', async () => {
    for (const levels of [0, 1, 2]) {
      const routes = routesOf(app, world.surface, levels);
      for (const field of world.surface.graphql.filter(({ kind }) => kind === 'query' || levels === 0)) {
        const route = routes.find(({ name }) => name === `${field.kind} ${field.field}`) as Route;
        const document = documentOf(world.surface.schema, field, field.kind === 'query' ? levels : 0);
        for (const page of pagesOf(route.operation)) {
          const statements = await measure(route, page);
          expect(excess(field, document, statements)).toEqual([]);
        }
      }
    }
  });
});

it('asks who calls once, not once a request', async () => {
  const { token } = await app.signUp('newcomer');
  const read = async () => (await app.queriesOf(() => app.rest('GET', '/me', { token }))).queries;
  expect((await read()).filter((name) => AUTHENTICATION.has(name))).toEqual(['identity.sessionsByToken']);
  expect((await read()).filter((name) => AUTHENTICATION.has(name))).toEqual([]);
});

it('notices a statement per item', async () => {
  const oneByOne = (count: number) =>
    statementsOf(async () => {
      const page = await app.rest('GET', `/users/${world.viewer.id}/followers?limit=${count}`, me());
      const scope = app.nova.database.read(page.body.items[0].id);
      for (const _ of page.body.items) await scope.rows(usersSeeded, {});
      return page;
    });
  expect(await oneByOne(50)).not.toEqual(await oneByOne(1));
});
