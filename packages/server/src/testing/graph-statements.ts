import { BUSY, LARGE, largeId, POPULAR } from './large-tenant.js';
import { many, SqlExpression, type StatementCases } from './statement-case.js';

/*
 * Requests to follow, mutes, lists of users and mutuals; values as in request-statements.ts. Of the busy user thousands
 * ask, and they have asked a thousand.
 */

const PAGE = 51;
const PARENTS = 100;
const userId = (n: number) => largeId('user', n);
const listId = (n: number) => largeId('list', n);
const busy = userId(BUSY);
const popular = userId(POPULAR);
const last = userId(LARGE.users);
const users = many(PARENTS, userId);
const start = { beforeAt: 'infinity', beforeId: 'ffffffff-ffff-ffff-ffff-ffffffffffff', limit: PAGE };
/** A probe for one pair costs the same in any index that begins with both. */
const BLOCKS = ['blocks_pkey', 'blocks_by_blocked'];
const MUTES = ['mutes_pkey', 'mutes_by_muted'];
const REQUESTS = ['follow_requests_pkey', 'follow_requests_by_follower', 'follow_requests_by_followee'];
const MEMBERS = ['user_list_members_pkey', 'user_list_members_by_list', 'user_list_members_by_member'];
/** One of the hundred lists that a user can have: looked for among these, or by its id. */
const OWN_LIST = ['user_lists_pkey', 'user_lists_by_owner'];
const CLOSE_FRIENDS = ['user_lists_close_friends_key', 'user_lists_by_owner'];
/** Requests that are approved together. */
const APPROVED = 200;

const READS: StatementCases = {
  'graph.standings': {
    through: ['users_pkey', 'follows_pkey', REQUESTS, BLOCKS, MUTES, MEMBERS, CLOSE_FRIENDS],
    // The popular one is on many a list.
    values: { viewerId: popular, userIds: users },
    reads: 10 * PARENTS,
  },
  'graph.hidden': { through: [BLOCKS], values: { viewerId: busy, userIds: users }, reads: 2 * PARENTS },
  'graph.muted': { through: [MUTES], values: { viewerId: busy, userIds: users }, reads: PARENTS },
  'graph.counts': { through: ['graph_counts_pkey'], values: { userIds: users }, reads: PARENTS },
  'graph.followStandings': {
    through: ['users_pkey', 'follows_pkey', REQUESTS, MEMBERS, CLOSE_FRIENDS],
    values: { viewerId: popular, userIds: users },
    reads: 7 * PARENTS,
  },
  'graph.relationSet': {
    through: [BLOCKS, ['mutes_by_muter', 'mutes_pkey']],
    // Blocks and mutes a thousand, and is blocked by two.
    values: { viewerId: busy, limit: 5_001 },
    reads: 1_000 + 2_001 + 2 * 1_000,
  },
  'graph.ownRelationVersion': { through: ['relation_changes_pkey'], values: { viewerId: busy }, reads: 1 },
  'graph.requestsReceived': {
    through: ['follow_requests_by_followee', 'users_pkey', BLOCKS],
    values: { viewerId: busy, ...start },
    reads: 6 * PAGE,
  },
  'graph.requestsSent': {
    through: ['follow_requests_by_follower', 'users_pkey', BLOCKS],
    values: { viewerId: busy, ...start },
    reads: 6 * PAGE,
  },
  'graph.requestCount': { through: ['graph_counts_pkey'], values: { userId: busy }, reads: 1 },
  'graph.mutedUsers': {
    through: ['mutes_by_muter', 'users_pkey', BLOCKS],
    values: { viewerId: busy, ...start },
    reads: 6 * PAGE,
  },
  'graph.mutuals': {
    through: ['follows_pkey', 'graph_counts_pkey', 'users_pkey'],
    // The busy one follows 5,000, each of the hundred has more followers: the dearest there is.
    values: { viewerId: busy, userIds: users, ...start, limit: 11 },
    reads: 100 * (2 + 4 * 5_000),
    sorts: 5_000,
  },
  'graph.visibleList': {
    through: ['user_lists_pkey', 'users_pkey'],
    values: { listId: listId(1), viewerId: busy },
    reads: 5,
  },
  'graph.listsOfOwner': {
    through: ['user_lists_by_owner'],
    values: { ownerId: busy, viewerId: busy, ...start },
    reads: PAGE,
  },
  'graph.listMembers': {
    through: ['user_list_members_by_list', 'users_pkey', BLOCKS],
    values: { listId: listId(1), viewerId: busy, ...start },
    reads: 6 * PAGE,
  },
  'graph.listMemberIds': { through: [MEMBERS], values: { listId: listId(1) }, reads: 1_000 },
};

const CHANGES: StatementCases = {
  'graph.lockPrivacy': { through: ['users_pkey'], values: { userId: busy }, reads: 1 },
  'identity.setPrivacy': { through: ['users_pkey'], values: { userId: busy, isPrivate: true }, reads: 1 },
  'graph.addToCounts': {
    through: ['graph_counts_pkey'],
    values: {
      userIds: many(APPROVED + 1, userId),
      followers: many(APPROVED + 1, () => 1),
      following: many(APPROVED + 1, () => 0),
      received: many(APPROVED + 1, () => 0),
      sent: many(APPROVED + 1, () => 0),
    },
    reads: 2 * (APPROVED + 1),
    sorts: APPROVED + 1,
  },
  'graph.insertFollowers': {
    values: { followerIds: many(APPROVED, (n) => userId(LARGE.users - n)), followeeId: last },
    sorts: APPROVED,
  },
  'graph.insertRequest': { values: { followerId: busy, followeeId: last }, sorts: 2 },
  'graph.deleteRequest': {
    through: [REQUESTS],
    values: { followerId: userId(51), followeeId: busy },
    reads: 1,
  },
  'graph.takeRequests': {
    through: ['follow_requests_by_followee', REQUESTS],
    values: { followeeId: busy, limit: APPROVED },
    reads: 3 * APPROVED,
  },
  'graph.insertMute': { values: { muterId: busy, mutedId: last, seconds: 600 } },
  'graph.deleteMute': { through: [MUTES], values: { muterId: busy, mutedId: userId(8) }, reads: 1 },
  'graph.lockLists': { values: { ownerId: busy } },
  'graph.insertList': {
    through: [['user_lists_by_owner', 'user_lists_close_friends_key']],
    values: { id: listId(LARGE.users), ownerId: busy, name: 'new', kind: 'named', isPrivate: true, limit: 1_000 },
    reads: 100,
  },
  'graph.lockList': { through: [OWN_LIST], values: { listId: listId(1), ownerId: busy }, reads: 100 },
  'graph.updateList': {
    through: [OWN_LIST],
    values: { listId: listId(1), ownerId: busy, name: 'other', isPrivate: null },
    reads: 100,
  },
  'graph.deleteList': { through: [OWN_LIST], values: { listId: listId(1), ownerId: busy }, reads: 100 },
  'graph.insertListMember': {
    through: ['user_lists_pkey'],
    values: { listId: listId(1), ownerId: busy, memberId: last },
    reads: 1,
  },
  'graph.deleteListMember': {
    through: ['user_list_members_pkey', 'user_lists_pkey'],
    values: { listId: listId(1), memberId: popular },
    reads: 2,
  },
  'graph.separateLists': {
    through: [MEMBERS, 'user_lists_pkey'],
    // On each of the busy one's lists is the popular one.
    values: { userA: busy, userB: popular },
    reads: 5 * 100,
    sorts: 100,
  },
};

export const GRAPH_STATEMENTS: StatementCases = { ...READS, ...CHANGES };

const NIL = '00000000-0000-0000-0000-000000000000';
const REPAIRED = 200;
const PURGED = 5_000;
const tenantIds = many(REPAIRED, () => largeId('tenant', 1));
const listIds = many(REPAIRED, listId);
/** The lists of a batch with their members. */
const COUNTED = 2_000;

export const GRAPH_BACKGROUND_STATEMENTS: StatementCases = {
  'graph.purgeMutes': { through: ['mutes_by_expiry'], values: { limit: PURGED }, reads: 2 * PURGED },
  'graph.relationChangesSince': {
    through: ['relation_changes_by_xid'],
    values: { since: new SqlExpression('pg_current_snapshot()::text') },
  },
  'graph.purgeRelationChanges': {
    through: ['relation_changes_by_time'],
    values: { limit: PURGED },
    reads: 2 * PURGED,
  },
  'graph.listsAfter': {
    through: ['user_lists_pkey', MEMBERS],
    values: { afterTenant: NIL, afterList: NIL, limit: REPAIRED },
    reads: COUNTED,
  },
  'graph.lockDriftingLists': {
    through: ['user_lists_pkey'],
    values: { tenantIds, listIds },
    reads: REPAIRED,
    sorts: REPAIRED,
  },
  'graph.recountLists': {
    through: ['user_lists_pkey', MEMBERS],
    values: { tenantIds, listIds },
    reads: COUNTED,
  },
  'graph.listDrift': { through: [MEMBERS], values: { sample: REPAIRED }, reads: 2 * COUNTED },
};
