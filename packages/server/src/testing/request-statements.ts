import { createHash } from 'node:crypto';
import { ACCOUNT_MAIL_REQUESTS } from './account-mail-statements.js';
import { FEED_REQUESTS } from './feed-statements.js';
import { GRAPH_STATEMENTS } from './graph-statements.js';
import { BUSY, LARGE, largeId, POPULAR, TENANT } from './large-tenant.js';
import { LIFECYCLE_STATEMENTS } from './lifecycle-statements.js';
import { PERSONAL_DATA_STATEMENTS } from './personal-data-statements.js';
import { PRINCIPAL_REQUEST_STATEMENTS } from './principal-statements.js';
import { many, type StatementCases } from './statement-case.js';
import { TENANCY_REQUESTS } from './tenancy-statements.js';

/*
 * What a member, an app or an import waits for. Values are the hardest case: the user whom everybody follows, one who
 * follows 5,000 and is blocked by thousands, the largest batch, the first page or one far down the list.
 */

/** A page of 50 and the one row more that tells of the next. */
const PAGE = 51;
/** Rows of one batch of an import. */
const BATCH = 2_000;
/** Parents of an edge in GraphQL, and items that each may have: the default and one that tells of more. */
const PARENTS = 100;
const EDGE = 11;

const sha256 = (text: string) => `\\x${createHash('sha256').update(text).digest('hex')}`;
const userId = (n: number) => largeId('user', n);
const postId = (n: number) => largeId('post', n);
const busy = userId(BUSY);
const popular = userId(POPULAR);
const last = userId(LARGE.users);
const popularPost = postId(POPULAR);
/** BUSY writes every hundredth post. */
const busyPost = postId(700);
/** An id that no row has. */
const newId = (n: number) => postId(2 * LARGE.users * LARGE.postsPerUser + n);
/** A probe for one block costs the same in either. */
const BLOCKS = ['blocks_pkey', 'blocks_by_blocked'];
const users = many(PARENTS, userId);
const posts = many(PARENTS, postId);
/** Every second session has been revoked. */
const tokens = many(5, (n) => sha256(`${TENANT} ${2 * n}`));
const keys = many(5, (n) => sha256(`${TENANT} key ${n}`));
const start = { beforeAt: 'infinity', beforeId: 'ffffffff-ffff-ffff-ffff-ffffffffffff', limit: PAGE };

const LISTS: StatementCases = {
  'content.postsByAuthor': {
    through: ['users_pkey', 'posts_by_author', 'post_likes_pkey', BLOCKS],
    values: { viewerId: popular, authorId: busy, ...start, beforeAt: '2026-01-02T00:00:00Z' },
    reads: 3 * PAGE,
  },
  'content.postsByHashtag': {
    through: ['post_hashtags_by_hashtag', 'posts_pkey', 'users_pkey', BLOCKS, 'post_likes_pkey'],
    values: { viewerId: busy, hashtag: 'popular', ...start },
    reads: 12 * PAGE,
  },
  'content.likers': {
    through: ['post_likes_by_post', 'users_pkey', BLOCKS],
    values: { viewerId: busy, postId: popularPost, ...start },
    reads: 6 * PAGE,
  },
  'graph.followers': {
    through: ['follows_by_followee', 'users_pkey', BLOCKS],
    values: { viewerId: busy, userId: popular, ...start },
    reads: 6 * PAGE,
  },
  'graph.following': {
    through: ['follows_by_follower', 'users_pkey', BLOCKS],
    values: { viewerId: popular, userId: busy, ...start, beforeAt: '2026-01-01T00:08:20Z' },
    reads: 6 * PAGE,
  },
  'graph.blocked': {
    through: ['blocks_by_blocker', 'users_pkey'],
    values: { viewerId: busy, ...start },
    reads: 3 * PAGE,
  },
  'identity.sessionsOfUser': { through: ['sessions_by_user'], values: { userId: busy, ...start }, reads: PAGE },
  // A tenant has at most 100 keys that are good; here are 200 and more.
  'tenancy.keysOfTenant': { through: ['api_keys_pkey'], values: { ...start }, reads: 500, sorts: PAGE },
};

const EDGES: StatementCases = {
  'content.postsOfAuthors': {
    through: ['posts_by_author', 'post_likes_pkey'],
    values: {
      viewerId: busy,
      authorIds: users,
      seesFollowers: users.map(() => true),
      seesCloseFriends: users.map(() => false),
      seesPrivate: users.map(() => false),
      limit: EDGE,
    },
    reads: 3 * EDGE * PARENTS,
    sorts: EDGE * PARENTS,
  },
  'content.likersOfMany': {
    through: ['post_likes_by_post', 'users_pkey', BLOCKS],
    values: { viewerId: busy, postIds: posts, limit: EDGE },
    reads: 6 * EDGE * PARENTS,
    sorts: EDGE * PARENTS,
  },
  'graph.followersOfMany': {
    through: ['follows_by_followee', 'users_pkey', BLOCKS],
    values: { viewerId: busy, userIds: users, limit: EDGE },
    reads: 6 * EDGE * PARENTS,
    sorts: EDGE * PARENTS,
  },
  'graph.followingOfMany': {
    through: ['follows_by_follower', 'users_pkey', BLOCKS],
    values: { viewerId: busy, userIds: users, limit: EDGE },
    reads: 6 * EDGE * PARENTS,
    sorts: EDGE * PARENTS,
  },
};

const LOOKUPS: StatementCases = {
  'content.postStates': {
    through: ['posts_pkey', 'post_likes_pkey'],
    values: { viewerId: busy, postIds: posts },
    reads: 2 * PARENTS,
  },
  // A tenth part of them has pictures, of three variants each.
  'content.postContents': {
    through: ['posts_pkey', 'post_media_pkey', 'media_pkey', 'media_variants_pkey'],
    values: { postIds: posts },
    reads: PARENTS + (PARENTS / 10) * 5,
    sorts: 3,
  },
  'content.hashtagUsage': { through: ['hashtag_usage_pkey'], values: { hashtag: 'tag_7' }, reads: 1 },
  'identity.usersByIds': { through: ['users_pkey'], values: { ids: users }, reads: PARENTS },
  'identity.storedUsers': { through: ['users_pkey'], values: { ids: users }, reads: PARENTS },
  'identity.usersByHandles': {
    through: ['users_handle_key'],
    values: { handles: ['user_1', 'user_20', 'user_300'] },
    reads: 3,
  },
  'identity.meById': { through: ['users_pkey'], values: { userId: busy }, reads: 1 },
  'identity.credentialsByLogin': {
    through: ['users_handle_key', 'users_email_key', 'credentials_pkey'],
    values: { handle: 'user_77', email: 'user_77@example.org' },
    reads: 2,
  },
  'identity.sessionOfUser': {
    through: [['sessions_pkey', 'sessions_of_user']],
    values: { userId: busy, sessionId: largeId('session', 1) },
    reads: 1,
  },
  'identity.sessionsByToken': {
    through: ['sessions_by_token', 'users_pkey', 'tenants_pkey'],
    values: { tokenHashes: tokens },
    reads: 3 * 5,
  },
  'tenancy.keysByHash': {
    through: ['api_keys_by_hash', 'tenants_pkey'],
    values: { keyHashes: keys },
    reads: 2 * 5,
  },
  'idempotency.keyByName': {
    through: ['idempotency_keys_pkey'],
    values: { owner: `user:${busy}`, key: 'key 2' },
    reads: 1,
  },
  'pageCache.ownWriteVersion': { through: ['own_writes_pkey'], values: { userId: busy }, reads: 1 },
};

const CHANGES: StatementCases = {
  'content.insertPost': {
    values: {
      id: newId(1),
      authorId: busy,
      body: 'words',
      language: 'en',
      visibility: 'public',
      hashtags: many(30, (n) => `tag_${n}`),
      mentionedUserIds: users,
      entities: '[]',
      replyPolicy: 'everyone',
      custom: '{}',
      hasPoll: false,
      hasMedia: false,
      linkUrl: null,
    },
  },
  'content.deletePost': { through: ['posts_pkey'], values: { postId: busyPost, authorId: busy }, reads: 1 },
  'content.insertLike': { through: ['posts_pkey'], values: { postId: busyPost, userId: last }, reads: 1 },
  'content.deleteLike': {
    through: ['post_likes_pkey', 'posts_pkey'],
    values: { postId: popularPost, userId: busy },
    reads: 2,
  },
  'graph.lockPair': { values: { userA: busy, userB: popular } },
  'graph.lockImportsOut': { values: {} },
  'graph.insertFollow': { values: { followerId: busy, followeeId: last }, sorts: 2 },
  'graph.deleteFollow': { through: ['follows_pkey'], values: { followerId: busy, followeeId: popular }, reads: 1 },
  'graph.insertBlock': { values: { blockerId: busy, blockedId: last } },
  'graph.deleteBlock': { through: [BLOCKS], values: { blockerId: last, blockedId: busy }, reads: 1 },
  'idempotency.claim': {
    values: { owner: `user:${busy}`, key: 'new', operation: 'createPost', requestHash: sha256('body') },
  },
  'idempotency.storeAnswer': {
    through: ['idempotency_keys_pkey'],
    values: { owner: `user:${busy}`, key: 'key 2', answer: '{}' },
    reads: 1,
  },
  'identity.insertUser': {
    values: { id: newId(1), handle: 'newcomer', displayName: 'Newcomer', email: 'newcomer@example.org' },
  },
  'identity.insertCredentials': { values: { userId: last, passwordHash: 'hash' } },
  'identity.insertSession': {
    values: { id: newId(1), userId: busy, tokenHash: sha256('new'), userAgent: '', address: '', ttlMs: 60_000 },
  },
  'identity.replacePasswordHash': {
    through: ['credentials_pkey'],
    values: { userId: busy, oldHash: 'none', newHash: 'hash' },
    reads: 1,
  },
  'identity.revokeSessions': {
    through: ['sessions_by_user'],
    values: { userId: busy, sessionId: null },
    reads: 2_000,
  },
  'identity.updateUser': {
    through: ['users_pkey'],
    values: { userId: busy, displayName: 'Busy', bio: null },
    reads: 1,
  },
  'outbox.insertEvents': {
    values: {
      correlationId: null,
      types: many(10, () => 'post.created'),
      keys: many(10, String),
      payloads: many(10, () => '{}'),
    },
    sorts: 10,
  },
  'pageCache.noteOwnWrite': { values: { userId: busy } },
  'tenancy.insertTenant': { values: { tenant: largeId('tenant', 9), name: 'new', plan: 'free' } },
  'tenancy.insertKey': {
    through: ['api_keys_pkey'],
    values: {
      id: newId(1),
      kind: 'secret',
      name: '',
      scopes: null,
      keyHash: sha256('new'),
      hint: 'nova_sk_',
      lifetimeMs: null,
      limit: 1_000,
    },
    reads: 500,
  },
  'tenancy.revokeKey': { through: ['api_keys_pkey'], values: { keyId: largeId('key', 1) }, reads: 1 },
};

const batch = <T>(make: (n: number) => T) => many(BATCH, make);
const createdAts = batch(() => '2026-02-01T00:00:00Z');

const IMPORTS: StatementCases = {
  'identity.insertUsers': {
    values: {
      ids: batch(newId),
      handles: batch((n) => `newcomer_${n}`),
      displayNames: batch((n) => `Newcomer ${n}`),
      bios: batch(() => ''),
      emails: batch((n) => `newcomer_${n}@example.org`),
      passwordHashes: batch(() => 'hash'),
      createdAts,
    },
  },
  'identity.usersByIdOrHandle': {
    // Of a hundred thousand users the planner would rather read all than probe 4,000 times; of more it would not.
    values: { ids: batch(userId), handles: batch((n) => `user_${n}`) },
    scans: ['users'],
    reads: 1.2 * LARGE.users,
  },
  'graph.lockBlocksOut': { values: {} },
  'graph.insertManyFollows': {
    through: ['users_pkey', BLOCKS],
    values: { followerIds: batch((n) => userId(n + 2)), followeeIds: batch(() => last), createdAts },
    reads: 2 * BATCH,
    sorts: 2 * BATCH,
  },
  'content.insertManyPosts': {
    through: ['users_pkey'],
    values: {
      ids: batch(newId),
      authorIds: batch(userId),
      bodies: batch((n) => `post ${n}`),
      imageNames: batch(() => null),
      languages: batch(() => 'en'),
      visibilities: batch(() => 'public'),
      hashtags: batch((n) => `tag_${n} popular`),
      mentionedUserIds: batch(userId),
      entities: batch(() => '[]'),
      createdAts,
    },
    reads: BATCH,
    sorts: BATCH,
  },
  'content.insertManyLikes': {
    through: ['posts_pkey', 'users_pkey'],
    values: { postIds: batch((n) => postId(n * 100)), userIds: batch(() => last), createdAts },
    reads: 2 * BATCH,
    sorts: BATCH,
  },
  'content.raiseLikeCounts': {
    through: ['posts_pkey'],
    values: { postIds: batch(postId), added: batch(() => 1) },
    reads: 2 * BATCH,
    sorts: BATCH,
  },
  'graph.usersByFollowers': {
    // Asked once, by demonstrations: the counts of all users are read to find those with the most.
    values: { limit: 10 },
    scans: ['graph_counts'],
    reads: 1.2 * LARGE.users,
    sorts: 10,
  },
};

export const REQUEST_STATEMENTS: StatementCases = {
  ...LISTS,
  ...EDGES,
  ...LOOKUPS,
  ...CHANGES,
  ...IMPORTS,
  ...GRAPH_STATEMENTS,
  ...LIFECYCLE_STATEMENTS,
  ...TENANCY_REQUESTS,
  ...PRINCIPAL_REQUEST_STATEMENTS,
  ...PERSONAL_DATA_STATEMENTS,
  ...ACCOUNT_MAIL_REQUESTS,
  ...FEED_REQUESTS,
};
