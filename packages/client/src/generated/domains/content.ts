// Written by `npm run generate` from generated/openapi.json.

import type { Method, Operation, Page, PagedMethod, PagedOperation } from '../../operation.js';
import type { Hashtag, LikeState, Post, User } from '../schemas.js';

/** Input of {@link createPost}. */
export interface CreatePostInput {
  /** Not only blanks. The first 30 #hashtags and 50 @handles take effect */
  readonly body: string;
  /** `public`: everyone; `followers`: the author and their followers; `private`: the author */
  readonly visibility?: 'public' | 'followers' | 'private' | undefined;
  readonly language?: string | undefined;
}

/** Input of {@link deletePost}. */
export interface DeletePostInput {
  /** UUID, in lower case */
  readonly postId: string;
}

/** Input of {@link getHashtag}. */
export interface GetHashtagInput {
  /** With or without #, in any case */
  readonly hashtag: string;
}

/** Input of {@link getPost}. */
export interface GetPostInput {
  /** UUID, in lower case */
  readonly postId: string;
}

/** Input of {@link likePost}. */
export interface LikePostInput {
  /** UUID, in lower case */
  readonly postId: string;
}

/** Input of {@link listLikers}. */
export interface ListLikersInput {
  /** UUID, in lower case */
  readonly postId: string;
  /**
   * Items on the page
   * @default 50
   */
  readonly limit?: number | undefined;
  /** `nextCursor` of the page before */
  readonly cursor?: string | undefined;
}

/** Input of {@link listPostsByAuthor}. */
export interface ListPostsByAuthorInput {
  /** UUID, in lower case */
  readonly userId: string;
  /**
   * Items on the page
   * @default 50
   */
  readonly limit?: number | undefined;
  /** `nextCursor` of the page before */
  readonly cursor?: string | undefined;
}

/** Input of {@link listPostsByHashtag}. */
export interface ListPostsByHashtagInput {
  /** With or without #, in any case */
  readonly hashtag: string;
  /**
   * Items on the page
   * @default 50
   */
  readonly limit?: number | undefined;
  /** `nextCursor` of the page before */
  readonly cursor?: string | undefined;
}

/** Input of {@link unlikePost}. */
export interface UnlikePostInput {
  /** UUID, in lower case */
  readonly postId: string;
}

/**
 * Write a post.
 * Takes the token of a user: `POST /api/v1/posts`.
 */
export const createPost: Operation<CreatePostInput, Post> = {
  id: 'createPost',
  method: 'POST',
  path: '/api/v1/posts',
  hasBody: true,
  takesIdempotencyKey: true,
};

/**
 * Delete a post of your own.
 * Takes the token of a user: `DELETE /api/v1/posts/{postId}`.
 */
export const deletePost: Operation<DeletePostInput, void> = {
  id: 'deletePost',
  method: 'DELETE',
  path: '/api/v1/posts/{postId}',
  takesIdempotencyKey: true,
};

/**
 * How much a hashtag is used.
 * Anyone may call it: `GET /api/v1/hashtags/{hashtag}`.
 */
export const getHashtag: Operation<GetHashtagInput, Hashtag> = {
  id: 'getHashtag',
  method: 'GET',
  path: '/api/v1/hashtags/{hashtag}',
};

/**
 * A post.
 * Anyone may call it: `GET /api/v1/posts/{postId}`.
 */
export const getPost: Operation<GetPostInput, Post> = { id: 'getPost', method: 'GET', path: '/api/v1/posts/{postId}' };

/**
 * Like a post.
 * Takes the token of a user: `PUT /api/v1/posts/{postId}/like`.
 */
export const likePost: Operation<LikePostInput, LikeState> = {
  id: 'likePost',
  method: 'PUT',
  path: '/api/v1/posts/{postId}/like',
  takesIdempotencyKey: true,
};

/**
 * The users who like a post.
 * Anyone may call it: `GET /api/v1/posts/{postId}/likes`.
 */
export const listLikers: PagedOperation<ListLikersInput, Page<User>> = {
  id: 'listLikers',
  method: 'GET',
  path: '/api/v1/posts/{postId}/likes',
  isPaged: true,
};

/**
 * The posts of a user, newest first.
 * Anyone may call it: `GET /api/v1/users/{userId}/posts`.
 */
export const listPostsByAuthor: PagedOperation<ListPostsByAuthorInput, Page<Post>> = {
  id: 'listPostsByAuthor',
  method: 'GET',
  path: '/api/v1/users/{userId}/posts',
  isPaged: true,
};

/**
 * Public posts with a hashtag, newest first.
 * Anyone may call it: `GET /api/v1/hashtags/{hashtag}/posts`.
 */
export const listPostsByHashtag: PagedOperation<ListPostsByHashtagInput, Page<Post>> = {
  id: 'listPostsByHashtag',
  method: 'GET',
  path: '/api/v1/hashtags/{hashtag}/posts',
  isPaged: true,
};

/**
 * Take back the like of a post.
 * Takes the token of a user: `DELETE /api/v1/posts/{postId}/like`.
 */
export const unlikePost: Operation<UnlikePostInput, LikeState> = {
  id: 'unlikePost',
  method: 'DELETE',
  path: '/api/v1/posts/{postId}/like',
  takesIdempotencyKey: true,
};

/** Posts, hashtags and likes */
export interface ContentApi {
  /**
   * Write a post.
   * Takes the token of a user: `POST /api/v1/posts`.
   */
  readonly createPost: Method<CreatePostInput, Post>;
  /**
   * Delete a post of your own.
   * Takes the token of a user: `DELETE /api/v1/posts/{postId}`.
   */
  readonly deletePost: Method<DeletePostInput, void>;
  /**
   * How much a hashtag is used.
   * Anyone may call it: `GET /api/v1/hashtags/{hashtag}`.
   */
  readonly getHashtag: Method<GetHashtagInput, Hashtag>;
  /**
   * A post.
   * Anyone may call it: `GET /api/v1/posts/{postId}`.
   */
  readonly getPost: Method<GetPostInput, Post>;
  /**
   * Like a post.
   * Takes the token of a user: `PUT /api/v1/posts/{postId}/like`.
   */
  readonly likePost: Method<LikePostInput, LikeState>;
  /**
   * The users who like a post.
   * Anyone may call it: `GET /api/v1/posts/{postId}/likes`.
   */
  readonly listLikers: PagedMethod<ListLikersInput, Page<User>>;
  /**
   * The posts of a user, newest first.
   * Anyone may call it: `GET /api/v1/users/{userId}/posts`.
   */
  readonly listPostsByAuthor: PagedMethod<ListPostsByAuthorInput, Page<Post>>;
  /**
   * Public posts with a hashtag, newest first.
   * Anyone may call it: `GET /api/v1/hashtags/{hashtag}/posts`.
   */
  readonly listPostsByHashtag: PagedMethod<ListPostsByHashtagInput, Page<Post>>;
  /**
   * Take back the like of a post.
   * Takes the token of a user: `DELETE /api/v1/posts/{postId}/like`.
   */
  readonly unlikePost: Method<UnlikePostInput, LikeState>;
}

export const content = {
  createPost,
  deletePost,
  getHashtag,
  getPost,
  likePost,
  listLikers,
  listPostsByAuthor,
  listPostsByHashtag,
  unlikePost,
};
