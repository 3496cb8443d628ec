import type { RestBinding } from '../../platform/operation/index.js';
import type { ContentOperations } from './operations.js';

export function restBindings(operations: ContentOperations): readonly RestBinding[] {
  return [
    { method: 'POST', path: '/posts', operation: operations.createPost, status: 201 },
    { method: 'GET', path: '/posts/:postId', operation: operations.getPost, status: 200 },
    { method: 'DELETE', path: '/posts/:postId', operation: operations.deletePost, status: 204 },
    { method: 'PUT', path: '/posts/:postId/like', operation: operations.likePost, status: 200 },
    { method: 'DELETE', path: '/posts/:postId/like', operation: operations.unlikePost, status: 200 },
    { method: 'GET', path: '/posts/:postId/likes', operation: operations.listLikers, status: 200 },
    { method: 'GET', path: '/users/:userId/posts', operation: operations.listPostsByAuthor, status: 200 },
    { method: 'GET', path: '/hashtags/:hashtag', operation: operations.getHashtag, status: 200 },
    { method: 'GET', path: '/hashtags/:hashtag/posts', operation: operations.listPostsByHashtag, status: 200 },
  ];
}
