import { BUSY, largeId, TENANT } from './large-tenant.js';
import { many, type StatementCases } from './statement-case.js';

/*
 * Feeds of the one who follows 5,000 and is blocked by thousands, and what keeps their sessions and popular posts.
 */

/** A snapshot of 500 and the one row more that tells of the next. */
const SNAPSHOT = 501;
const PAGE = 51;
const CANDIDATES = 401;
const POPULAR = 100;
const FOLLOWS = 5_001;
const PURGED = 5_000;
const REPAIRED = 500;
const FOLLOWED = ['follows_by_follower', 'follows_pkey'];
const BLOCKS = ['blocks_pkey', 'blocks_by_blocked'];
const SEVEN_DAYS_MS = 7 * 24 * 3_600_000;
const KEPT_MS = 1_830_000;

const viewerId = largeId('user', BUSY);
/** One of 500 ids, by a viewer of many sessions. */
const sessionId = largeId('session', 1);
const before = { beforeAt: '2026-01-08T00:00:00Z', beforeId: 'ffffffff-ffff-ffff-ffff-ffffffffffff', limit: PAGE };
const fresh = { viewerId, sessionId, keptMs: 3_600_000, lateMs: 60_000, limit: 100 };
const formula = { likesWeight: 0.5, halfLifeMs: 43_200_000, windowMs: SEVEN_DAYS_MS };
const ids = many(REPAIRED, (n) => largeId('post', n));
const tenants = many(REPAIRED, () => TENANT);

/** Followees; of each the newest; and of those whose newest are among the newest of all, as many again and some more. */
const newest = (limit: number) => 2 * FOLLOWS + 6 * limit;

export const FEED_REQUESTS: StatementCases = {
  'feed.homeSkeleton': {
    through: [FOLLOWED, 'posts_by_author'],
    values: { viewerId, limit: SNAPSHOT },
    reads: newest(SNAPSHOT),
    sorts: SNAPSHOT,
  },
  'feed.olderPosts': {
    through: [FOLLOWED, 'posts_by_author'],
    values: { viewerId, ...before },
    reads: newest(PAGE),
    sorts: PAGE,
  },
  'feed.followedCandidates': {
    through: [FOLLOWED, 'posts_by_author', 'posts_pkey'],
    values: { viewerId, limit: CANDIDATES },
    reads: newest(CANDIDATES) + CANDIDATES,
    sorts: CANDIDATES,
  },
  'feed.popularCandidates': {
    through: ['popular_posts_by_heat', 'posts_pkey', BLOCKS],
    values: { viewerId, windowMs: SEVEN_DAYS_MS, limit: POPULAR },
    reads: 6 * POPULAR,
  },
  'feed.newHomePosts': {
    through: ['feed_sessions_pkey', FOLLOWED, 'posts_by_author'],
    values: fresh,
    // And whom the viewer mutes, a thousand.
    reads: FOLLOWS + 1_000 + 200,
  },
  'feed.hashtagSkeleton': {
    through: ['post_hashtags_by_hashtag', 'posts_pkey'],
    values: { hashtag: 'popular', limit: SNAPSHOT },
    reads: 3 * SNAPSHOT,
  },
  'feed.olderHashtagPosts': {
    through: ['post_hashtags_by_hashtag', 'posts_pkey'],
    values: { hashtag: 'popular', ...before },
    reads: 3 * PAGE,
  },
  'feed.newHashtagPosts': {
    through: ['feed_sessions_pkey', 'post_hashtags_by_hashtag'],
    values: fresh,
    reads: 500,
  },
  'feed.sessionSlice': {
    through: ['feed_sessions_pkey'],
    values: { viewerId, sessionId, offset: 20, count: 20, keptMs: 3_600_000 },
    reads: 1,
  },
  'feed.openSession': {
    through: ['feed_sessions_pkey'],
    values: {
      viewerId,
      sessionId: largeId('session', 0),
      hashtag: null,
      postIds: many(SNAPSHOT - 1, (n) => largeId('post', n)),
      reasons: null,
      horizonAt: null,
      horizonId: null,
      others: 7,
      sparedMs: 60_000,
    },
    reads: 20,
    sorts: 10,
  },
};

export const FEED_BACKGROUND: StatementCases = {
  'feed.refreshPopular': {
    through: ['posts_pkey', 'popular_posts_pkey'],
    values: { postId: largeId('post', 1), ...formula },
    reads: 2,
  },
  'feed.purgePopular': {
    through: ['popular_posts_by_age'],
    values: { windowMs: SEVEN_DAYS_MS, limit: PURGED },
    reads: 2 * PURGED,
  },
  'feed.purgeSessions': {
    through: ['feed_sessions_by_age'],
    values: { keptMs: KEPT_MS, limit: PURGED },
    reads: 2 * PURGED,
  },
  'feed.popularAfter': {
    through: ['posts_pkey'],
    values: { afterTenant: TENANT, afterPost: largeId('post', 1), limit: REPAIRED, ...formula },
    reads: 2 * REPAIRED,
  },
  'feed.lockRepaired': {
    through: ['posts_pkey'],
    values: { tenantIds: tenants, postIds: ids },
    reads: REPAIRED,
    sorts: REPAIRED,
  },
  'feed.repairPopular': {
    through: ['posts_pkey', 'popular_posts_pkey'],
    values: { tenantIds: tenants, postIds: ids, ...formula },
    reads: 3 * REPAIRED,
  },
};
