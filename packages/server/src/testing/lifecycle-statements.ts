import { BUSY, BUSY_DRAFTS, EDITED, LARGE, largeId, TENANT } from './large-tenant.js';
import { many, type StatementCases } from './statement-case.js';

/* Edits, versions, deleted posts, drafts and schedules; see request-statements.ts and background-statements.ts. */

const PAGE = 51;
const HASHTAGS = 30;
const busy = largeId('user', BUSY);
const editedPost = largeId('post', EDITED.post);
const draftId = largeId('draft', BUSY_DRAFTS / 2);
const start = { beforeAt: 'infinity', beforeId: 'ffffffff-ffff-ffff-ffff-ffffffffffff', limit: PAGE };
const newPost = largeId('post', 2 * LARGE.users * LARGE.postsPerUser + 2);
/** BUSY has every fiftieth. */
const media = many(10, (n) => largeId('media', 50 * n));
const words = { body: 'words', language: 'en', visibility: 'public', replyPolicy: 'everyone', custom: '{}' };
const draft = { ...words, mediaIds: media, poll: null };

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
      ...words,
      hashtags: many(HASHTAGS, (n) => `tag_${n}`),
      mentionedUserIds: many(50, (n) => largeId('user', n)),
      entities: '[]',
      linkUrl: null,
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
  'content.insertPoll': {
    values: {
      postId: largeId('post', 500_000),
      options: many(10, String),
      multiple: true,
      hidesResults: false,
      durationSeconds: 60,
    },
  },
  'content.pollsOfPosts': {
    through: ['polls_pkey', 'poll_votes_pkey'],
    values: { viewerId: busy, postIds: many(100, (n) => largeId('post', n)) },
    reads: 2 * 100,
  },
  'content.castVote': {
    through: ['polls_pkey'],
    values: { postId: largeId('post', 2), userId: busy, options: [0] },
    reads: 2,
    sorts: 10,
  },
  'content.insertMedia': {
    through: ['users_pkey'],
    values: {
      id: newPost,
      ownerId: busy,
      kind: 'image',
      alt: '',
      blurhash: null,
      variants: JSON.stringify(many(10, (n) => ({ name: `v${n}`, url: 'https://example.org' }))),
    },
    reads: 1,
  },
  'content.mediaById': {
    through: ['media_pkey', 'media_variants_pkey'],
    values: { mediaId: media[0] },
    reads: 4,
    sorts: 3,
  },
  'content.mediaOfOwner': {
    through: ['media_pkey', 'media_variants_pkey'],
    values: { ownerId: busy, mediaIds: media },
    reads: 4 * 10 + 1,
    sorts: 3 * 10,
  },
  'content.previewsOfUrls': {
    through: ['link_previews_pkey', 'link_preview_settings_pkey'],
    values: { urls: many(100, (n) => `https://example.org/${n}`) },
    reads: 100 + 1,
  },
  'content.previewSwitch': { through: ['link_preview_settings_pkey'], values: {}, reads: 1 },
  'content.setPreviewSwitch': { values: { enabled: true } },
  'content.attachMedia': { values: { postId: editedPost, mediaIds: media } },
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

const REPAIRED = 500;
const tenantIds = many(REPAIRED, () => TENANT);
const polls = many(REPAIRED, (n) => largeId('post', n));
/** The most popular poll is among them, of which all have voted: its votes are read twice. */
const COUNTED = 4 * LARGE.users;
const NIL = '00000000-0000-0000-0000-000000000000';

export const LIFECYCLE_UPKEEP: StatementCases = {
  'content.wantPreview': {
    through: ['posts_pkey', 'link_preview_settings_pkey'],
    values: { postId: largeId('post', 17) },
    reads: 2,
  },
  'content.storePreview': {
    through: ['link_previews_pkey'],
    values: {
      url: 'https://example.org/7',
      title: 'title',
      description: '',
      imageUrl: null,
      siteName: '',
      goodForMs: 1,
    },
    reads: 1,
  },
  'content.leaseDueLinks': { through: ['link_previews_due'], values: { leaseMs: 30_000, limit: 4 }, reads: 2 * 4 },
  'content.purgePreviews': { through: ['link_previews_expired'], values: { limit: 5_000 }, reads: 2 * 5_000 },
  'content.pollsAfter': {
    through: ['polls_pkey', 'poll_votes_pkey'],
    values: { afterTenant: NIL, afterPost: NIL, limit: REPAIRED },
    reads: COUNTED,
    sorts: 10,
  },
  'content.lockPolls': {
    through: ['polls_pkey'],
    values: { tenantIds, postIds: polls },
    reads: REPAIRED,
    sorts: REPAIRED,
  },
  'content.recountPolls': {
    through: ['polls_pkey', 'poll_votes_pkey'],
    values: { tenantIds, postIds: polls },
    reads: COUNTED,
    sorts: 10,
  },
  'content.pollDrift': { through: ['poll_votes_pkey'], values: { sample: 200 }, reads: COUNTED, sorts: 10 },
  'content.leaseDueDrafts': {
    through: ['post_drafts_due', 'tenants_pkey'],
    values: { leaseMs: 10_000, limit: 50 },
    reads: 3 * 50,
  },
};
