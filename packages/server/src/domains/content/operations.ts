import { bindOperation } from '../../platform/operation/index.js';
import { createPost } from './create-post.js';
import { deletePost } from './delete-post.js';
import { createDraft } from './drafts/create-draft.js';
import { deleteDraft } from './drafts/delete-draft.js';
import { getDraft } from './drafts/get-draft.js';
import { listDrafts } from './drafts/list-drafts.js';
import { publishDraft } from './drafts/publish-draft.js';
import { scheduleDraft } from './drafts/schedule-draft.js';
import { unscheduleDraft } from './drafts/unschedule-draft.js';
import { updateDraft } from './drafts/update-draft.js';
import { type EditPostDeps, editPost } from './edit-post.js';
import { getHashtag } from './get-hashtag.js';
import { getPost } from './get-post.js';
import { likePost } from './like-post.js';
import { getLinkPreviewSettings } from './links/get-link-preview-settings.js';
import { setLinkPreviewSettings } from './links/set-link-preview-settings.js';
import { listDeletedPosts } from './list-deleted-posts.js';
import { listLikers } from './list-likers.js';
import { listPostVersions } from './list-post-versions.js';
import { listPostsByAuthor, type PostListDeps } from './list-posts-by-author.js';
import { listPostsByHashtag } from './list-posts-by-hashtag.js';
import { createMedia } from './media/create-media.js';
import { getMedia } from './media/get-media.js';
import { voteInPoll } from './polls/vote-in-poll.js';
import { restorePost } from './restore-post.js';
import { unlikePost } from './unlike-post.js';

export type ContentDeps = EditPostDeps & PostListDeps;

/** The operations of content with what they need in place. */
export function bindContentOperations(deps: ContentDeps) {
  return {
    createPost: bindOperation(createPost, deps),
    getPost: bindOperation(getPost, deps),
    deletePost: bindOperation(deletePost, deps),
    likePost: bindOperation(likePost, deps),
    unlikePost: bindOperation(unlikePost, deps),
    listLikers: bindOperation(listLikers, deps),
    listPostsByAuthor: bindOperation(listPostsByAuthor, deps),
    listPostsByHashtag: bindOperation(listPostsByHashtag, deps),
    getHashtag: bindOperation(getHashtag, deps),
    editPost: bindOperation(editPost, deps),
    listPostVersions: bindOperation(listPostVersions, deps),
    restorePost: bindOperation(restorePost, deps),
    listDeletedPosts: bindOperation(listDeletedPosts, deps),
    createDraft: bindOperation(createDraft, deps),
    getDraft: bindOperation(getDraft, deps),
    listDrafts: bindOperation(listDrafts, deps),
    updateDraft: bindOperation(updateDraft, deps),
    scheduleDraft: bindOperation(scheduleDraft, deps),
    unscheduleDraft: bindOperation(unscheduleDraft, deps),
    publishDraft: bindOperation(publishDraft, deps),
    voteInPoll: bindOperation(voteInPoll, deps),
    createMedia: bindOperation(createMedia, deps),
    getMedia: bindOperation(getMedia, deps),
    getLinkPreviewSettings: bindOperation(getLinkPreviewSettings, deps),
    setLinkPreviewSettings: bindOperation(setLinkPreviewSettings, deps),
    deleteDraft: bindOperation(deleteDraft, deps),
  } as const;
}

export type ContentOperations = ReturnType<typeof bindContentOperations>;
