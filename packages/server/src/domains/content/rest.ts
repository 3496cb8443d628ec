import type { RestBinding } from '../../platform/operation/index.js';
import type { ContentOperations } from './operations.js';

export function restBindings(operations: ContentOperations): readonly RestBinding[] {
  return [
    { method: 'POST', path: '/posts', operation: operations.createPost, status: 201 },
    { method: 'GET', path: '/posts/:postId', operation: operations.getPost, status: 200 },
    { method: 'DELETE', path: '/posts/:postId', operation: operations.deletePost, status: 204 },
    { method: 'PATCH', path: '/posts/:postId', operation: operations.editPost, status: 200 },
    { method: 'GET', path: '/posts/:postId/versions', operation: operations.listPostVersions, status: 200 },
    { method: 'POST', path: '/posts/:postId/restore', operation: operations.restorePost, status: 200 },
    { method: 'PUT', path: '/posts/:postId/poll/vote', operation: operations.voteInPoll, status: 200 },
    { method: 'GET', path: '/settings/link-previews', operation: operations.getLinkPreviewSettings, status: 200 },
    { method: 'PUT', path: '/settings/link-previews', operation: operations.setLinkPreviewSettings, status: 200 },
    { method: 'POST', path: '/media', operation: operations.createMedia, status: 201 },
    { method: 'GET', path: '/media/:mediaId', operation: operations.getMedia, status: 200 },
    { method: 'GET', path: '/me/deleted-posts', operation: operations.listDeletedPosts, status: 200 },
    { method: 'POST', path: '/drafts', operation: operations.createDraft, status: 201 },
    { method: 'GET', path: '/drafts', operation: operations.listDrafts, status: 200 },
    { method: 'GET', path: '/drafts/:draftId', operation: operations.getDraft, status: 200 },
    { method: 'PATCH', path: '/drafts/:draftId', operation: operations.updateDraft, status: 200 },
    { method: 'DELETE', path: '/drafts/:draftId', operation: operations.deleteDraft, status: 204 },
    { method: 'PUT', path: '/drafts/:draftId/schedule', operation: operations.scheduleDraft, status: 200 },
    { method: 'DELETE', path: '/drafts/:draftId/schedule', operation: operations.unscheduleDraft, status: 200 },
    { method: 'POST', path: '/drafts/:draftId/publish', operation: operations.publishDraft, status: 201 },
    { method: 'PUT', path: '/posts/:postId/like', operation: operations.likePost, status: 200 },
    { method: 'DELETE', path: '/posts/:postId/like', operation: operations.unlikePost, status: 200 },
    { method: 'GET', path: '/posts/:postId/likes', operation: operations.listLikers, status: 200 },
    { method: 'GET', path: '/users/:userId/posts', operation: operations.listPostsByAuthor, status: 200 },
    { method: 'GET', path: '/hashtags/:hashtag', operation: operations.getHashtag, status: 200 },
    { method: 'GET', path: '/hashtags/:hashtag/posts', operation: operations.listPostsByHashtag, status: 200 },
  ];
}
