import { BUSY, BUSY_DRAFTS, EDITED, LARGE, largeId, POPULAR } from './large-tenant.js';
import { many, type StatementCases } from './statement-case.js';

/* What is held of one user, handed out and erased: of those who follow, write and are liked more than anybody else. */

const PAGE = 51;
/** Rows of one transaction of an erasure, and pairs of users whose follows it takes away. */
const BATCH = 500;
const PAIRS = 100;

const busy = largeId('user', BUSY);
const popular = largeId('user', POPULAR);
const start = { beforeAt: 'infinity', beforeId: 'ffffffff-ffff-ffff-ffff-ffffffffffff', limit: PAGE };
const others = many(PAIRS, (n) => largeId('user', n + 2));

const EXPORTS: StatementCases = {
  'identity.exportProfile': { through: ['users_pkey'], values: { ownerId: busy }, reads: 1 },
  'identity.exportSessions': {
    through: ['sessions_of_user'],
    values: { ownerId: busy, beforeId: start.beforeId, limit: PAGE },
    reads: PAGE,
  },
  'identity.exportRoleChanges': { through: ['role_changes_of_user'], values: { ownerId: busy, ...start }, reads: PAGE },
  'graph.exportFollowing': { through: ['follows_by_follower'], values: { ownerId: busy, ...start }, reads: PAGE },
  'graph.exportFollowers': { through: ['follows_by_followee'], values: { ownerId: popular, ...start }, reads: PAGE },
  'graph.exportBlocks': { through: ['blocks_by_blocker'], values: { ownerId: busy, ...start }, reads: PAGE },
  'graph.exportRequests': {
    through: ['follow_requests_by_follower'],
    values: { ownerId: busy, ...start },
    reads: PAGE,
  },
  'graph.exportMutes': { through: ['mutes_by_muter'], values: { ownerId: busy, ...start }, reads: PAGE },
  'graph.exportLists': { through: ['user_lists_by_owner'], values: { ownerId: busy, ...start }, reads: PAGE },
  'graph.exportListMembers': {
    through: ['user_lists_by_owner', ['user_list_members_by_list', 'user_list_members_pkey']],
    values: { ownerId: busy, ...start },
    // All members of the lists of one owner are read for each page: a hundred lists at the most.
    reads: 100_000,
    sorts: 100_000,
  },
  'content.exportPosts': {
    through: ['posts_by_author', 'post_media_pkey', 'polls_pkey'],
    values: { ownerId: busy, ...start },
    reads: 2 * PAGE,
  },
  'content.exportDeletedPosts': {
    through: ['posts_deleted_by_author', 'post_media_pkey', 'polls_pkey'],
    values: { ownerId: busy, ...start },
    reads: 2 * PAGE,
  },
  'content.exportLikes': { through: ['post_likes_by_user'], values: { ownerId: busy, ...start }, reads: PAGE },
  'content.exportPostVersions': {
    through: ['posts_edited_by_author', 'post_versions_pkey'],
    // In the middle of the post with the most versions.
    values: {
      ownerId: busy,
      beforeAt: '2026-01-01T00:11:40Z',
      beforeId: largeId('post', EDITED.post),
      beforeVersion: EDITED.versions / 2,
      limit: PAGE,
    },
    reads: 3 * PAGE,
    // By version within a post: the posts come in order.
    sorts: 2 * PAGE,
  },
  'content.exportDrafts': { through: ['post_drafts_by_author'], values: { ownerId: busy, ...start }, reads: PAGE },
  'content.exportVotes': { through: ['poll_votes_of_user'], values: { ownerId: busy, ...start }, reads: PAGE },
  'content.exportMedia': {
    through: ['media_of_owner', 'media_variants_pkey'],
    values: { ownerId: busy, ...start },
    reads: 4 * PAGE,
    sorts: 3 * PAGE,
  },
};

const ACCOUNTS: StatementCases = {
  'identity.eraseAccount': { through: ['users_pkey', 'credentials_pkey'], values: { userId: busy }, reads: 3 },
  'identity.dueErasures': { through: ['erasures_due'], values: { limit: 20 }, reads: 20 },
  'identity.eraseClaim': { through: ['erasures_pkey'], values: { userId: largeId('user', 10) }, reads: 1 },
  'identity.erasePostpone': {
    through: ['erasures_pkey'],
    values: { userId: largeId('user', 10), failed: true, delayMs: 1_000 },
    reads: 1,
  },
  'identity.eraseFinish': {
    through: ['erasures_pkey'],
    values: { userId: largeId('user', 10), reservedMs: 1_000 },
    reads: 1,
  },
  'identity.eraseNames': {
    through: ['users_pkey', 'erasures_pkey'],
    values: { userId: largeId('user', 10), handle: 'gone_1' },
    reads: 2,
  },
  'identity.eraseAccountTokens': {
    through: ['account_tokens_by_user', 'account_tokens_pkey'],
    values: { userId: busy, limit: BATCH },
    reads: 2 * BATCH,
  },
  'identity.eraseSessions': {
    through: ['sessions_of_user', 'sessions_pkey'],
    values: { userId: busy, limit: BATCH },
    reads: 2 * BATCH,
  },
};

const ERASURES: StatementCases = {
  'feed.eraseFeedSessions': {
    through: ['feed_sessions_pkey'],
    values: { userId: largeId('user', 1), limit: BATCH },
    reads: 2 * BATCH,
  },
  'pageCache.eraseOwnWrites': { through: ['own_writes_pkey'], values: { userId: busy }, reads: 1 },
  'idempotency.eraseKeysOf': {
    through: ['idempotency_keys_pkey'],
    values: { owner: `user:${busy}`, limit: BATCH },
    reads: 2,
  },
  'graph.followsToErase': {
    through: [['follows_by_follower', 'follows_pkey'], 'follows_by_followee'],
    values: { userId: popular, limit: PAIRS },
    reads: 2 * PAIRS,
  },
  'graph.lockPairsToErase': { values: { userId: busy, otherIds: others }, sorts: PAIRS },
  'graph.eraseFollows': {
    through: ['follows_pkey'],
    values: { followerIds: many(PAIRS, () => busy), followeeIds: others },
    reads: PAIRS,
  },
  'graph.requestsToErase': {
    through: [['follow_requests_by_follower', 'follow_requests_pkey'], 'follow_requests_by_followee'],
    values: { userId: popular, limit: PAIRS },
    reads: 2 * PAIRS,
  },
  'graph.eraseRequests': {
    through: [['follow_requests_pkey', 'follow_requests_by_follower', 'follow_requests_by_followee']],
    values: {
      followerIds: many(PAIRS, () => busy),
      followeeIds: many(PAIRS, (n) => largeId('user', LARGE.users - 3 * n)),
    },
    reads: PAIRS,
  },
  'graph.eraseMutes': {
    through: [['mutes_by_muter', 'mutes_pkey'], 'mutes_by_muted'],
    values: { userId: popular, limit: BATCH },
    reads: 2 * BATCH,
  },
  'graph.eraseListMembers': {
    through: ['user_list_members_by_member', 'user_lists_pkey'],
    values: { userId: popular, limit: BATCH },
    reads: 5 * BATCH,
    sorts: BATCH,
  },
  'graph.eraseLists': {
    through: ['user_lists_by_owner', 'user_lists_pkey'],
    values: { userId: busy, limit: BATCH },
    reads: 2 * BATCH,
  },
  'graph.eraseRelationChanges': {
    through: ['relation_changes_pkey', 'relation_changes_by_changer'],
    values: { userId: popular, limit: BATCH },
    reads: 2 * BATCH,
  },
  'graph.eraseBlocks': {
    through: [
      ['blocks_by_blocker', 'blocks_pkey'],
      ['blocks_by_blocked', 'blocks_pkey'],
    ],
    values: { userId: busy, limit: BATCH },
    reads: 3 * BATCH,
  },
  'graph.eraseCounts': { through: ['graph_counts_pkey'], values: { userId: busy }, reads: 1 },
  'content.eraseLikesBy': {
    through: ['post_likes_by_user', 'posts_pkey'],
    values: { userId: busy, limit: BATCH },
    reads: 4 * BATCH,
    sorts: BATCH,
  },
  'content.erasePosts': {
    through: ['posts_by_author', 'posts_pkey'],
    values: { userId: busy, limit: BATCH },
    reads: 2 * BATCH,
  },
  'content.eraseLikesOf': {
    through: ['posts_deleted_by_author', ['post_likes_pkey', 'post_likes_by_post']],
    values: { userId: busy, limit: BATCH },
    reads: 4 * BATCH,
    sorts: BATCH,
  },
  'content.eraseVotesBy': {
    through: ['poll_votes_of_user', 'polls_pkey'],
    values: { userId: busy, limit: BATCH },
    reads: 6 * BATCH,
    sorts: 4 * BATCH,
  },
  'content.eraseVotesOf': {
    through: ['posts_deleted_by_author', 'poll_votes_pkey', 'polls_pkey'],
    values: { userId: busy, limit: BATCH },
    reads: 6 * BATCH,
    sorts: 4 * BATCH,
  },
  'content.eraseDrafts': {
    through: ['post_drafts_by_author', 'post_drafts_pkey'],
    values: { userId: busy, limit: BATCH },
    reads: 2 * BUSY_DRAFTS,
  },
  'content.eraseMedia': {
    through: ['media_of_owner', 'media_pkey', 'post_media_by_media'],
    values: { userId: busy, limit: BATCH },
    reads: 3 * BATCH,
  },
  'content.erasePostRows': {
    through: ['posts_deleted_by_author', 'posts_pkey', 'post_hashtags_pkey'],
    values: { userId: busy, limit: BATCH },
    reads: 4 * BATCH,
  },
};

export const PERSONAL_DATA_STATEMENTS: StatementCases = { ...EXPORTS, ...ACCOUNTS, ...ERASURES };
