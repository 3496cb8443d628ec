import { bindOperation } from '../../platform/operation/index.js';
import { type CreatePostDeps, createPost } from './create-post.js';
import { deletePost } from './delete-post.js';
import { getHashtag } from './get-hashtag.js';
import { getPost } from './get-post.js';
import { likePost } from './like-post.js';
import { listLikers } from './list-likers.js';
import { listPostsByAuthor, type PostListDeps } from './list-posts-by-author.js';
import { listPostsByHashtag } from './list-posts-by-hashtag.js';
import { unlikePost } from './unlike-post.js';

export type ContentDeps = CreatePostDeps & PostListDeps;

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
  } as const;
}

export type ContentOperations = ReturnType<typeof bindContentOperations>;
