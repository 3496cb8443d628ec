import { ACCOUNT_MAIL_BACKGROUND } from './account-mail-statements.js';
import { FEED_BACKGROUND } from './feed-statements.js';
import { GRAPH_BACKGROUND_STATEMENTS } from './graph-statements.js';
import { CONSUMER, LARGE, largeId, TENANT } from './large-tenant.js';
import { LIFECYCLE_UPKEEP } from './lifecycle-statements.js';
import { PRINCIPAL_BACKGROUND_STATEMENTS } from './principal-statements.js';
import { many, SqlExpression, type StatementCases } from './statement-case.js';
import { TENANCY_BACKGROUND } from './tenancy-statements.js';

/*
 * What consumers, maintenance, repairs and the processes themselves run. They may take longer than requests, but no
 * longer when there is more: each goes through an index and reads a bounded batch.
 */

/** Events that a read of the outbox looks at, that it takes at once, and that share a transaction. */
const SCAN = 1_000;
const TAKEN = 200;
const APPLIED = 50;
/** Posts of one imported event, and rows looked at by a repair of posts and of users. */
const IMPORTED = 500;
const REPAIRED_POSTS = 500;
const REPAIRED_USERS = 200;
const PURGED = 5_000;
const SAMPLED = 200;
/** Events behind which a consumer is not counted further. */
const BEHIND = 100_000;

/** For those who count, either order will do. */
const FOLLOWED = ['follows_by_follower', 'follows_pkey'];
const LIKES = ['post_likes_by_post', 'post_likes_pkey'];

/** All that a batch counts, the rows of the most popular among them. */
const COUNTED = 4 * LARGE.users;

const NIL = '00000000-0000-0000-0000-000000000000';
const tenantIds = (count: number) => many(count, () => TENANT);
const users = many(REPAIRED_USERS, (n) => largeId('user', n));
const posts = many(REPAIRED_POSTS, (n) => largeId('post', n));
const hashtags = many(REPAIRED_POSTS, (n) => `tag_${n}`);
const keys = many(APPLIED, String);
const types = ['post.created'];
/** One row for each consumer: there are two here. */
const offsets = { scans: ['outbox_offsets'], reads: 2 };
/** Tools look through what is set aside, of which consumers allow 10,000 rows before they stand still. */
const setAside = { scans: ['outbox_offsets', 'outbox_set_aside'], reads: 12_000 };

const CONSUMERS: StatementCases = {
  'outbox.eventsAfter': {
    through: ['outbox_in_commit_order'],
    values: { xid: '0', id: 0, types: ['post.deleted'], scan: SCAN, limit: TAKEN },
    reads: SCAN,
  },
  'outbox.heldBack': { through: ['outbox_in_commit_order'], values: {} },
  'outbox.backlog': { through: ['outbox_in_commit_order'], values: {}, ...offsets, reads: 2 + 2, sorts: 2 },
  'outbox.offsetOf': { values: { consumer: CONSUMER, types }, ...offsets },
  'outbox.insertOffset': { values: { consumer: 'new', types, fromNow: true } },
  'outbox.widenTypes': { values: { consumer: CONSUMER, types }, ...offsets },
  'outbox.skipTo': { values: { consumer: CONSUMER, types, xid: '9999999999', id: 0 }, ...offsets, reads: 2 * 2 },
  'outbox.lockOffset': { values: { consumer: CONSUMER, types }, ...offsets },
  'outbox.moveOffset': { values: { consumer: CONSUMER, xid: '1', id: 0 }, ...offsets },
  'outbox.blockedKeys': {
    through: ['outbox_set_aside_by_key'],
    values: { consumer: CONSUMER, keys },
    reads: 4 * APPLIED,
    sorts: 4 * APPLIED,
  },
  'outbox.setAside': {
    through: ['outbox_pkey'],
    values: { consumer: 'new', ids: many(APPLIED, Number), attempts: 1, error: '', retryInMs: 1_000 },
    reads: APPLIED,
  },
  'outbox.countSetAside': {
    through: ['outbox_set_aside_due'],
    values: { consumer: CONSUMER, limit: 1_000 },
    reads: 1_000,
  },
  'outbox.dueRetries': { through: ['outbox_set_aside_due'], values: { consumer: CONSUMER, limit: 50 }, reads: 50 },
  'outbox.lockRetry': { through: ['outbox_set_aside_pkey'], values: { consumer: CONSUMER, id: 1 }, reads: 1 },
  'outbox.recordFailure': {
    through: ['outbox_set_aside_pkey'],
    values: { consumer: CONSUMER, id: 1, error: '', retryInMs: null },
    reads: 1,
  },
  'outbox.deleteSetAside': { through: ['outbox_set_aside_pkey'], values: { consumer: CONSUMER, id: 1 }, reads: 1 },
  'outbox.releaseNext': {
    through: ['outbox_set_aside_by_key', 'outbox_set_aside_pkey'],
    values: { consumer: CONSUMER, key: '1' },
    reads: 2,
  },
  'content.markCounted': {
    through: ['post_hashtags_pkey', 'posts_pkey'],
    values: { postIds: many(IMPORTED, (n) => largeId('post', n)) },
    reads: 2 * IMPORTED,
  },
  'content.unmarkCounted': {
    through: ['post_hashtags_pkey', 'posts_pkey'],
    values: { postId: largeId('post', 1) },
    reads: 4,
    sorts: 1,
  },
  'content.raiseUsage': {
    values: { hashtags: many(IMPORTED, (n) => `tag_${n}`), posts: many(IMPORTED, () => 1) },
    sorts: IMPORTED,
  },
  'content.lowerUsage': {
    through: ['hashtag_usage_pkey'],
    values: { hashtags: many(30, (n) => `tag_${n}`) },
    reads: 30,
  },
};

const UPKEEP: StatementCases = {
  'maintenance.tryLockJob': { values: { job: 'purge-posts' } },
  'idempotency.purgeExpired': {
    through: ['idempotency_keys_by_expiry'],
    values: { limit: PURGED },
    reads: 2 * PURGED,
  },
  'identity.purgeEndedSessions': { through: ['sessions_by_expiry'], values: { limit: PURGED }, reads: 2 * PURGED },
  'identity.purgeRevocations': {
    through: ['session_revocations_by_time'],
    values: { limit: PURGED },
    reads: 2 * PURGED,
  },
  'identity.revocationsSince': {
    through: ['session_revocations_by_xid', 'principal_changes_by_xid'],
    values: { since: new SqlExpression('pg_current_snapshot()::text') },
  },
  'content.purgeDeletedPosts': {
    through: ['posts_deleted', 'post_hashtags_pkey'],
    values: { limit: PURGED },
    reads: 3 * PURGED,
  },
  'outbox.purgePassed': {
    through: ['outbox_in_commit_order'],
    values: { limit: PURGED, retentionMs: 86_400_000 },
    ...offsets,
    reads: 2 + 2 * PURGED,
    sorts: 3,
  },
  'outbox.consumerLag': {
    through: ['outbox_in_commit_order'],
    values: { limit: BEHIND },
    ...setAside,
    reads: 2 + 2 * BEHIND + setAside.reads,
    sorts: 2,
  },
  'outbox.blockedHeads': {
    through: ['outbox_set_aside_by_key'],
    values: { limit: 20 },
    ...setAside,
    sorts: 20,
    reads: setAside.reads + 3 * 20,
  },
  'outbox.releaseGivenUp': { values: { consumer: null, event: null }, ...setAside },
  'outbox.forgetConsumer': { values: { consumer: CONSUMER }, ...setAside, reads: 2 + setAside.reads },
  'outbox.forgetType': { values: { consumer: CONSUMER, type: 'post.created' }, ...offsets },
  'tenancy.ensureDefaultTenant': {
    values: { id: '00000000-0000-7000-8000-000000000001', name: 'default', plan: 'free' },
  },
  'db.connectionLimit': { values: {} },
  'db.ownTables': { values: {}, scans: ['pg_class', 'pg_namespace', 'pg_tablespace'], reads: 1_000, sorts: 100 },
  'db.ping': { values: {} },
};

const REPAIRS: StatementCases = {
  'graph.countDrift': {
    through: ['follows_by_followee', FOLLOWED],
    values: { sample: SAMPLED },
    reads: COUNTED,
  },
  'graph.usersAfter': {
    through: ['users_pkey'],
    values: { afterTenant: NIL, afterUser: NIL, limit: REPAIRED_USERS },
    reads: REPAIRED_USERS,
  },
  'graph.addMissingCounts': {
    through: [FOLLOWED],
    values: { tenantIds: tenantIds(REPAIRED_USERS), userIds: users },
    reads: REPAIRED_USERS,
    sorts: REPAIRED_USERS,
  },
  'graph.lockCounts': {
    through: ['graph_counts_pkey'],
    values: { tenantIds: tenantIds(REPAIRED_USERS), userIds: users },
    reads: REPAIRED_USERS,
    sorts: REPAIRED_USERS,
  },
  'graph.recount': {
    through: ['graph_counts_pkey', 'follows_by_followee', FOLLOWED],
    values: { tenantIds: tenantIds(REPAIRED_USERS), userIds: users },
    // With the requests of those two hundred.
    reads: COUNTED + 5_000,
  },
  'content.likeDrift': { through: [LIKES], values: { sample: SAMPLED }, reads: COUNTED },
  'content.likeCountsAfter': {
    through: ['posts_pkey', LIKES],
    values: { afterTenant: NIL, afterPost: NIL, limit: REPAIRED_POSTS },
    reads: COUNTED,
  },
  'content.lockPosts': {
    through: ['posts_pkey'],
    values: { tenantIds: tenantIds(REPAIRED_POSTS), postIds: posts },
    reads: REPAIRED_POSTS,
    sorts: REPAIRED_POSTS,
  },
  'content.recountLikes': {
    through: ['posts_pkey', LIKES],
    values: { tenantIds: tenantIds(REPAIRED_POSTS), postIds: posts },
    reads: COUNTED,
  },
  'content.hashtagsAfter': {
    // Passes over all posts of a hashtag to find the next one: it is for repairs by hand only.
    through: ['post_hashtags_by_hashtag', 'hashtag_usage_pkey'],
    values: { afterTenant: NIL, afterHashtag: '', limit: REPAIRED_POSTS },
    reads: COUNTED,
  },
  'content.correctMarks': {
    through: ['post_hashtags_by_hashtag'],
    values: { tenantIds: tenantIds(REPAIRED_POSTS), hashtags },
    reads: COUNTED,
  },
  'content.driftingUsage': {
    through: ['post_hashtags_by_hashtag', 'hashtag_usage_pkey'],
    values: { tenantIds: tenantIds(REPAIRED_POSTS), hashtags },
    reads: COUNTED,
  },
  'content.lockUsage': { values: { tenantId: TENANT, hashtag: 'popular' } },
  'content.recountUsage': {
    through: ['hashtag_usage_pkey', 'post_hashtags_by_hashtag'],
    values: { tenantId: TENANT, hashtag: 'popular' },
    reads: COUNTED,
  },
};

export const BACKGROUND_STATEMENTS: StatementCases = {
  ...CONSUMERS,
  ...UPKEEP,
  ...REPAIRS,
  ...LIFECYCLE_UPKEEP,
  ...TENANCY_BACKGROUND,
  ...PRINCIPAL_BACKGROUND_STATEMENTS,
  ...ACCOUNT_MAIL_BACKGROUND,
  ...FEED_BACKGROUND,
  ...GRAPH_BACKGROUND_STATEMENTS,
};
