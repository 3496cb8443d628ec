// Written by `npm run generate` from generated/openapi.json.

import type { Method, Operation, Page, PagedMethod, PagedOperation } from '../../operation.js';
import type { Relation, User } from '../schemas.js';

/** Input of {@link blockUser}. */
export interface BlockUserInput {
  /** UUID, in lower case */
  readonly userId: string;
}

/** Input of {@link followUser}. */
export interface FollowUserInput {
  /** UUID, in lower case */
  readonly userId: string;
}

/** Input of {@link listBlocks}. */
export interface ListBlocksInput {
  /**
   * Items on the page
   * @default 50
   */
  readonly limit?: number | undefined;
  /** `nextCursor` of the page before */
  readonly cursor?: string | undefined;
}

/** Input of {@link listFollowers}. */
export interface ListFollowersInput {
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

/** Input of {@link listFollowing}. */
export interface ListFollowingInput {
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

/** Input of {@link unblockUser}. */
export interface UnblockUserInput {
  /** UUID, in lower case */
  readonly userId: string;
}

/** Input of {@link unfollowUser}. */
export interface UnfollowUserInput {
  /** UUID, in lower case */
  readonly userId: string;
}

/**
 * Block a user.
 * Takes the token of a user: `PUT /api/v1/users/{userId}/block`.
 */
export const blockUser: Operation<BlockUserInput, Relation> = {
  id: 'blockUser',
  method: 'PUT',
  path: '/api/v1/users/{userId}/block',
  takesIdempotencyKey: true,
};

/**
 * Follow a user.
 * Takes the token of a user: `PUT /api/v1/users/{userId}/follow`.
 */
export const followUser: Operation<FollowUserInput, Relation> = {
  id: 'followUser',
  method: 'PUT',
  path: '/api/v1/users/{userId}/follow',
  takesIdempotencyKey: true,
};

/**
 * The users whom you block.
 * Takes the token of a user: `GET /api/v1/me/blocks`.
 */
export const listBlocks: PagedOperation<ListBlocksInput, Page<User>> = {
  id: 'listBlocks',
  method: 'GET',
  path: '/api/v1/me/blocks',
  isPaged: true,
};

/**
 * The users who follow a user.
 * Anyone may call it: `GET /api/v1/users/{userId}/followers`.
 */
export const listFollowers: PagedOperation<ListFollowersInput, Page<User>> = {
  id: 'listFollowers',
  method: 'GET',
  path: '/api/v1/users/{userId}/followers',
  isPaged: true,
};

/**
 * The users whom a user follows.
 * Anyone may call it: `GET /api/v1/users/{userId}/following`.
 */
export const listFollowing: PagedOperation<ListFollowingInput, Page<User>> = {
  id: 'listFollowing',
  method: 'GET',
  path: '/api/v1/users/{userId}/following',
  isPaged: true,
};

/**
 * Unblock a user.
 * Takes the token of a user: `DELETE /api/v1/users/{userId}/block`.
 */
export const unblockUser: Operation<UnblockUserInput, Relation> = {
  id: 'unblockUser',
  method: 'DELETE',
  path: '/api/v1/users/{userId}/block',
  takesIdempotencyKey: true,
};

/**
 * Stop following a user.
 * Takes the token of a user: `DELETE /api/v1/users/{userId}/follow`.
 */
export const unfollowUser: Operation<UnfollowUserInput, Relation> = {
  id: 'unfollowUser',
  method: 'DELETE',
  path: '/api/v1/users/{userId}/follow',
  takesIdempotencyKey: true,
};

/** Who follows and who blocks whom */
export interface GraphApi {
  /**
   * Block a user.
   * Takes the token of a user: `PUT /api/v1/users/{userId}/block`.
   */
  readonly blockUser: Method<BlockUserInput, Relation>;
  /**
   * Follow a user.
   * Takes the token of a user: `PUT /api/v1/users/{userId}/follow`.
   */
  readonly followUser: Method<FollowUserInput, Relation>;
  /**
   * The users whom you block.
   * Takes the token of a user: `GET /api/v1/me/blocks`.
   */
  readonly listBlocks: PagedMethod<ListBlocksInput, Page<User>>;
  /**
   * The users who follow a user.
   * Anyone may call it: `GET /api/v1/users/{userId}/followers`.
   */
  readonly listFollowers: PagedMethod<ListFollowersInput, Page<User>>;
  /**
   * The users whom a user follows.
   * Anyone may call it: `GET /api/v1/users/{userId}/following`.
   */
  readonly listFollowing: PagedMethod<ListFollowingInput, Page<User>>;
  /**
   * Unblock a user.
   * Takes the token of a user: `DELETE /api/v1/users/{userId}/block`.
   */
  readonly unblockUser: Method<UnblockUserInput, Relation>;
  /**
   * Stop following a user.
   * Takes the token of a user: `DELETE /api/v1/users/{userId}/follow`.
   */
  readonly unfollowUser: Method<UnfollowUserInput, Relation>;
}

export const graph = { blockUser, followUser, listBlocks, listFollowers, listFollowing, unblockUser, unfollowUser };
