import { randomBytes } from 'node:crypto';
import { newId } from '../platform/ids/index.js';
import { usageQueries } from '../platform/usage/index.js';
import type { Member, RestAnswer, TestApp } from './test-app.js';
import { connectTo } from './test-cluster.js';

/** Ids, names and cursors to put into the input of any operation. */
export interface Target {
  readonly userId: string;
  /** Nobody else says anything of this one. */
  readonly deletableUserId: string;
  readonly postId: string;
  readonly listId: string;
  readonly draftId: string;
  readonly mediaId: string;
  readonly sessionId: string;
  readonly keyId: string;
  /** As `keyId`, to be rotated: what was revoked cannot be. */
  readonly spareKeyId: string;
  readonly tokenKeyId: string;
  /** Free where it will be asked for; another one each time, as signing up uses it up. */
  newHandle(): string;
  readonly handle: string;
  /** What the app of the tenant calls a user; another one each time, as a tenant that has none makes one. */
  newExternalId(): string;
  readonly email: string;
  readonly password: string;
  readonly hashtag: string;
  /** Mailed to a member and not used yet. */
  readonly verificationToken: string;
  readonly resetToken: string;
  /** Of the member's home feed. */
  readonly feedSession: string;
  /** To page 2 of each list, by the operation of the list. */
  readonly cursors: Readonly<Record<CursorName, string>>;
}

export type CursorName =
  | 'exportMe'
  | 'exportUser'
  | 'listApiKeys'
  | 'listBlocks'
  | 'listDeletedPosts'
  | 'listDrafts'
  | 'listFollowers'
  | 'listFollowing'
  | 'listFollowRequests'
  | 'listListMembers'
  | 'listLists'
  | 'listMutes'
  | 'listMutuals'
  | 'listSentFollowRequests'
  | 'listLikers'
  | 'listPostVersions'
  | 'listPostsByAuthor'
  | 'listPostsByHashtag'
  | 'listRoleChanges'
  | 'listSessions'
  | 'listTokenKeys'
  | 'readHomeFeed';

/** A tenant with rows of every kind, and a member who has written most of them. */
export interface PopulatedTenant {
  readonly id: string;
  readonly publishableKey: string;
  readonly secretKey: string;
  readonly member: Member;
  readonly target: Target;
  /** As `target`, for the tenant's own calls that end or delete what they are given. */
  readonly expendable: Target;
  /** In every text of the tenant; long enough to be in no random one. */
  readonly mark: string;
  /** Requests on the first day of 2026, which no other tenant has. */
  readonly markedUsage: number;
}

/**
 * Makes a tenant. Two of them look alike: the same handles, e-mail addresses and a hashtag of each other's; `mark` and
 * names that begin with it exist in one of them only.
 */
export async function populateTenant(app: TestApp, mark: string): Promise<PopulatedTenant> {
  const { tenant, publishableKey, secretKey } = await app.nova.createTenant({ name: `tenant ${mark}`, plan: 'pro' });
  const key = { key: publishableKey };
  const signUp = (handle: string) => app.signUp(handle, key);
  const anna = await signUp('anna');
  const ben = await signUp('ben');
  const only = await signUp(`${mark}_only`);
  const [cleo, dora] = [await signUp('cleo'), await signUp('dora')];
  const [emil, fred] = [await signUp('emil'), await signUp('fred')];
  const reserved = await insertHandles(app, tenant.id, mark, 200);

  const as = async (member: Member, method: string, path: string, body?: unknown): Promise<RestAnswer['body']> =>
    need(await app.rest(method, path, { token: member.token, ...(body === undefined ? {} : { body }) }));
  for (const member of [anna, ben, only]) {
    await as(member, 'PATCH', '/me', { displayName: `${mark} name`, bio: `${mark} bio` });
  }
  const follows = [
    [anna, ben],
    [anna, only],
    [ben, anna],
    [only, anna],
    [ben, only],
  ] as const;
  for (const [follower, followee] of follows) await as(follower, 'PUT', `/users/${followee.id}/follow`);
  for (const blocked of [cleo, dora]) await as(anna, 'PUT', `/users/${blocked.id}/block`);

  const [emma, fay] = [await signUp('emma'), await signUp('fay')];
  for (const other of [emma, fay]) {
    await as(anna, 'PUT', `/users/${other.id}/mute`);
    await as(other, 'PUT', '/me/privacy', { isPrivate: true });
    await as(anna, 'PUT', `/users/${other.id}/follow`);
  }
  await leaveRequests(app, anna.id, [emma.id, fay.id]);
  const list = async (): Promise<string> =>
    (await as(anna, 'POST', '/lists', { name: `${mark} list`, isPrivate: false })).id;
  const [listId, expendableList] = [await list(), await list()];
  for (const member of [ben, only]) await as(anna, 'PUT', `/lists/${listId}/members/${member.id}`);

  const hashtag = `${mark}_tag`;
  const media = async (): Promise<string> => {
    const variants = [{ name: 'original', url: `https://${mark}.example.org/original.png` }];
    const body = { ownerId: anna.id, kind: 'image', alt: `${mark} picture`, variants };
    return need(await app.rest('POST', '/media', { token: secretKey, body })).id;
  };
  const post = async (author: Member, visibility: string, attached = {}): Promise<string> =>
    (await as(author, 'POST', '/posts', { body: `${mark} writes @ben #shared #${hashtag}`, visibility, ...attached }))
      .id;
  const poll = { options: [`${mark} yes`, `${mark} no`], durationSeconds: 86_400 };
  const posts = [
    await post(anna, 'public', { poll, mediaIds: [await media(), await media()] }),
    await post(anna, 'public', { body: `${mark} links to https://${mark}.example.invalid/` }),
  ];
  await as(ben, 'PUT', `/posts/${posts[0]}/poll/vote`, { options: [1] });
  await post(anna, 'private');
  await post(ben, 'followers');
  for (const liker of [ben, only, anna]) for (const id of posts) await as(liker, 'PUT', `/posts/${id}/like`);
  for (const body of [`${mark} edits @ben #shared #${hashtag}`, `${mark} writes @ben #shared #${hashtag}`]) {
    await as(anna, 'PATCH', `/posts/${posts[0]}`, { body, custom: { mark } });
  }
  const expendablePost = await post(anna, 'public', { poll });
  for (const visibility of ['public', 'private']) {
    await as(anna, 'DELETE', `/posts/${await post(anna, visibility)}`);
  }
  const draft = async (): Promise<string> =>
    (await as(anna, 'POST', '/drafts', { body: `${mark} keeps`, custom: { mark }, publishAt: inAnHour() })).id;
  const drafts = [await draft(), await draft(), await draft()];

  const signIn = async (): Promise<string> => {
    const password = `a password of ${anna.handle}`;
    return need(await app.rest('POST', '/sessions', { ...key, body: { login: 'anna', password } })).token;
  };
  await signIn();
  await signIn();
  const sessions: { id: string; current: boolean }[] = (await as(anna, 'GET', '/sessions')).items;
  const others = sessions.filter(({ current }) => !current).map(({ id }) => id);
  const newKey = async (): Promise<string> =>
    need(await app.rest('POST', '/keys', { token: secretKey, body: { kind: 'publishable' } })).apiKey.id;

  for (const { id } of [cleo, dora]) {
    need(await app.rest('PUT', `/users/${id}/role`, { token: secretKey, body: { role: 'moderator' } }));
  }

  const newTokenKey = async (): Promise<string> =>
    need(await app.rest('POST', '/token-keys', { token: secretKey, body: { algorithm: 'HS256' } })).tokenKey.id;
  const tokenKeys = [await newTokenKey(), await newTokenKey()];
  // Without the mark, as the handles.
  const externalIds = reserved.map((handle) => handle.replace('r', 'e'));
  const users = externalIds.map((externalId) => ({ externalId, handle: externalId, displayName: `${mark} name` }));
  need(await app.rest('PUT', '/users', { token: secretKey, body: { users } }));

  const cursorOf = async (path: string, token = anna.token): Promise<string> => {
    const { nextCursor } = need(await app.rest('GET', `${path}?limit=1`, { token }));
    if (typeof nextCursor !== 'string') throw new Error(`${path} has one page only`);
    return nextCursor;
  };
  const cursors: Target['cursors'] = {
    listApiKeys: await cursorOf('/keys', secretKey),
    listBlocks: await cursorOf('/me/blocks'),
    listDeletedPosts: await cursorOf('/me/deleted-posts'),
    listDrafts: await cursorOf('/drafts'),
    listFollowers: await cursorOf(`/users/${anna.id}/followers`),
    listFollowing: await cursorOf(`/users/${anna.id}/following`),
    listFollowRequests: await cursorOf('/me/follow-requests'),
    listListMembers: await cursorOf(`/lists/${listId}/members`),
    listLists: await cursorOf(`/users/${anna.id}/lists`),
    listMutes: await cursorOf('/me/mutes'),
    listMutuals: await cursorOf(`/users/${anna.id}/mutuals`),
    listSentFollowRequests: await cursorOf('/me/follow-requests/sent'),
    listLikers: await cursorOf(`/posts/${posts[0]}/likes`),
    listPostVersions: await cursorOf(`/posts/${posts[0]}/versions`),
    listPostsByAuthor: await cursorOf(`/users/${anna.id}/posts`),
    listPostsByHashtag: await cursorOf('/hashtags/shared/posts'),
    exportMe: await cursorOf('/me/export'),
    exportUser: await cursorOf(`/users/${anna.id}/export`, secretKey),
    listTokenKeys: await cursorOf('/token-keys', secretKey),
    listRoleChanges: await cursorOf('/role-changes', secretKey),
    listSessions: await cursorOf('/sessions'),
    readHomeFeed: await cursorOf('/feed'),
  };
  const handles = { next: 0, nextExternal: 0 };
  // Of somebody who does not call: what a reset ends are all of their sessions.
  const tokens = () => insertAccountTokens(app, tenant.id, dora);
  const target: Target = {
    userId: anna.id,
    deletableUserId: emil.id,
    postId: posts[0] as string,
    listId,
    draftId: drafts[0] as string,
    mediaId: await media(),
    sessionId: others[0] as string,
    keyId: await newKey(),
    spareKeyId: await newKey(),
    tokenKeyId: tokenKeys[0] as string,
    newHandle: () => reserved[handles.next++] as string,
    handle: only.handle,
    newExternalId: () => externalIds[handles.nextExternal++] as string,
    email: `${only.handle}@example.org`,
    password: `a password of ${only.handle}`,
    hashtag,
    ...(await tokens()),
    feedSession: (await as(anna, 'GET', '/feed?limit=1')).session,
    cursors,
  };
  const expendable: Target = {
    ...target,
    newHandle: unknownTarget().newHandle,
    userId: dora.id,
    deletableUserId: fred.id,
    postId: expendablePost,
    listId: expendableList,
    draftId: drafts[1] as string,
    sessionId: others[1] as string,
    ...(await tokens()),
    keyId: await newKey(),
    spareKeyId: await newKey(),
    tokenKeyId: tokenKeys[1] as string,
  };
  const markedUsage = 1_000_000_000 + Math.floor(Math.random() * 1_000_000_000);
  await app.nova.database.system.run(usageQueries.addUsage, {
    tenantIds: [tenant.id],
    days: ['2026-01-01'],
    counters: ['requests'],
    values: [markedUsage],
  });
  return { id: tenant.id, publishableKey, secretKey, member: anna, target, expendable, mark, markedUsage };
}

/** What nobody has: the yardstick for what another tenant's things must look like. */
export function unknownTarget(): Target {
  const name = `u${newId().replaceAll('-', '').slice(-12)}`;
  let handles = 0;
  const nowhere = 'A'.repeat(120);
  return {
    userId: newId(),
    deletableUserId: newId(),
    postId: newId(),
    listId: newId(),
    draftId: newId(),
    mediaId: newId(),
    sessionId: newId(),
    keyId: newId(),
    spareKeyId: newId(),
    tokenKeyId: newId(),
    newHandle: () => `${name}_${handles++}`,
    handle: name,
    newExternalId: () => `${name}-${handles++}`,
    email: `${name}@example.org`,
    password: `a password of ${name}`,
    hashtag: `tag_${name}`,
    verificationToken: `nova_ev_${secretText()}`,
    resetToken: `nova_pr_${secretText()}`,
    feedSession: nowhere,
    cursors: {
      listApiKeys: nowhere,
      listBlocks: nowhere,
      listDeletedPosts: nowhere,
      listDrafts: nowhere,
      listFollowers: nowhere,
      listFollowing: nowhere,
      listFollowRequests: nowhere,
      listListMembers: nowhere,
      listLists: nowhere,
      listMutes: nowhere,
      listMutuals: nowhere,
      listSentFollowRequests: nowhere,
      listLikers: nowhere,
      listPostVersions: nowhere,
      listPostsByAuthor: nowhere,
      listPostsByHashtag: nowhere,
      exportMe: nowhere,
      exportUser: nowhere,
      listTokenKeys: nowhere,
      listRoleChanges: nowhere,
      listSessions: nowhere,
      readHomeFeed: nowhere,
    },
  };
}

/** Requests to follow a public account, as there are until the outbox has approved them. */
async function leaveRequests(app: TestApp, followeeId: string, followerIds: readonly string[]): Promise<void> {
  const superuser = await connectTo(app.database.superuserUrl);
  try {
    await superuser.query(
      `insert into nova.follow_requests (tenant_id, follower_id, followee_id)
       select tenant_id, id, $1 from nova.users where id = any($2)`,
      [followeeId, followerIds],
    );
    await superuser.query(`update nova.graph_counts set requests_received = $2 where user_id = $1`, [
      followeeId,
      followerIds.length,
    ]);
    await superuser.query(
      `insert into nova.graph_counts as c (tenant_id, user_id, requests_sent)
       select tenant_id, id, 1 from nova.users where id = any($1)
       on conflict (tenant_id, user_id) do update set requests_sent = c.requests_sent + 1`,
      [followerIds],
    );
  } finally {
    await superuser.end();
  }
}

/** When a scheduled post does not get in the way of a test. */
export function inAnHour(): string {
  return new Date(Date.now() + 3_600_000).toISOString();
}

const secretText = () => randomBytes(32).toString('base64url');

/** Tokens that a mail could have carried to the member. */
async function insertAccountTokens(
  app: TestApp,
  tenantId: string,
  { id, handle }: Member,
): Promise<Pick<Target, 'verificationToken' | 'resetToken'>> {
  const verificationToken = `nova_ev_${secretText()}`;
  const resetToken = `nova_pr_${secretText()}`;
  const superuser = await connectTo(app.database.superuserUrl);
  try {
    await superuser.query(
      `insert into nova.account_tokens (tenant_id, id, user_id, purpose, email, token_hash, expires_at)
       select $1, gen_random_uuid(), $2, purpose, $3, sha256(token::bytea), now() + interval '1 hour'
       from unnest(array['verify_email', 'reset_password'], $4::text[]) as t (purpose, token)`,
      [tenantId, id, `${handle}@example.org`, [verificationToken, resetToken]],
    );
  } finally {
    await superuser.end();
  }
  return { verificationToken, resetToken };
}

/** Users without a sign-in, whose handles and addresses another tenant may try to take. */
async function insertHandles(app: TestApp, tenantId: string, mark: string, count: number): Promise<string[]> {
  // Without the mark: what a caller has sent may show up in the caller's own texts.
  const prefix = `r${newId().replaceAll('-', '').slice(-12)}`;
  const handles = Array.from({ length: count }, (_, index) => `${prefix}_${index}`);
  const community = app.nova.community(tenantId);
  await community.transaction((tx) =>
    community.insertUsers(
      tx,
      handles.map((handle) => ({
        id: newId(),
        handle,
        displayName: `${mark} name`,
        bio: '',
        email: `${handle}@example.org`,
        createdAt: '2026-01-01T00:00:00Z',
      })),
    ),
  );
  return handles;
}

function need({ status, body }: RestAnswer): RestAnswer['body'] {
  if (status >= 400) throw new Error(`answered ${status}: ${JSON.stringify(body)}`);
  return body;
}
