import { BUSY, BUSY_DRAFTS, EDITED, LARGE, largeId } from './large-tenant.js';
import { many, type StatementCases } from './statement-case.js';

/* Edits, versions, deleted posts, drafts and schedules; see request-statements.ts and background-statements.ts. */

const PAGE = 51;
const HASHTAGS = 30;
const busy = largeId('user', BUSY);
const editedPost = largeId('post', EDITED.post);
const draftId = largeId('draft', BUSY_DRAFTS / 2);
const start = { beforeAt: 'infinity', beforeId: 'ffffffff-ffff-ffff-ffff-ffffffffffff', limit: PAGE };
const draft = { body: 'words', language: 'en', visibility: 'public', replyPolicy: 'everyone', custom: '{}' };

export const LIFECYCLE_STATEMENTS: StatementCases = {
  'content.lockOwnPost': {
    through: ['posts_pkey', 'post_likes_pkey'],
    values: { postId: editedPost, viewerId: busy },
    reads: 2,
  },
  'content.updatePost': {
    through: ['posts_pkey'],
    values: {
      postId: editedPost,
      ...draft,
      hashtags: many(HASHTAGS, (n) => `tag_${n}`),
      mentionedUserIds: many(50, (n) => largeId('user', n)),
      entities: '[]',
      // A version that is kept is there already for another post than this one.
      isNewVersion: false,
    },
    reads: 3,
  },
  'content.setHashtags': {
    through: ['post_hashtags_pkey', 'posts_pkey'],
    values: { postId: editedPost, hashtags: many(HASHTAGS, (n) => `tag_${n}`) },
    reads: 3 + HASHTAGS,
    sorts: HASHTAGS,
  },
  'content.postVersions': {
    through: ['posts_pkey', 'post_versions_pkey'],
    values: { postId: editedPost, before: EDITED.versions + 1, limit: PAGE },
    reads: 1 + PAGE,
    sorts: 1 + PAGE,
  },
  'content.deletedPosts': {
    through: ['posts_deleted_by_author', 'post_likes_pkey'],
    values: { viewerId: largeId('user', 3), ...start },
    reads: 2 * PAGE,
  },
  'content.restorePost': { through: ['posts_pkey'], values: { postId: editedPost, authorId: busy }, reads: 1 },
  'content.insertDraft': {
    through: ['post_drafts_by_author'],
    values: { id: largeId('draft', 2 * LARGE.users), authorId: busy, ...draft, publishAt: null, max: 1_000 },
    reads: 2 * BUSY_DRAFTS,
  },
  'content.draftById': { through: ['post_drafts_pkey'], values: { draftId, authorId: busy }, reads: 1 },
  'content.draftsOfAuthor': {
    through: ['post_drafts_by_author'],
    values: { authorId: busy, scheduled: true, ...start },
    // Every second one is.
    reads: 2 * PAGE,
  },
  'content.updateDraft': { through: ['post_drafts_pkey'], values: { draftId, authorId: busy, ...draft }, reads: 1 },
  'content.scheduleDraft': {
    through: ['post_drafts_pkey'],
    values: { draftId, authorId: busy, publishAt: '2099-01-01T00:00:00Z' },
    reads: 1,
  },
  'content.takeDraft': { through: ['post_drafts_pkey'], values: { draftId, authorId: busy }, reads: 1 },
  'content.takeDueDraft': { through: ['post_drafts_pkey'], values: { draftId, authorId: busy }, reads: 1 },
};

export const SCHEDULE_STATEMENTS: StatementCases = {
  'content.leaseDueDrafts': {
    through: ['post_drafts_due', 'tenants_pkey'],
    values: { leaseMs: 10_000, limit: 50 },
    reads: 3 * 50,
  },
};
