// Written by `npm run generate` from generated/openapi.json.

import type { Method, Operation, Page, PagedMethod, PagedOperation } from '../../operation.js';
import type { ListedUser, Privacy, Relation, UserList } from '../schemas.js';

/** Input of {@link addListMember}. */
export interface AddListMemberInput {
  /** UUID, in lower case */
  readonly listId: string;
  /** UUID, in lower case */
  readonly userId: string;
}

/** Input of {@link approveFollowRequest}. */
export interface ApproveFollowRequestInput {
  /** UUID, in lower case */
  readonly userId: string;
}

/** Input of {@link blockUser}. */
export interface BlockUserInput {
  /** UUID, in lower case */
  readonly userId: string;
}

/** Input of {@link createList}. */
export interface CreateListInput {
  /** 1 to 100 characters */
  readonly name: string;
  /** `named`: a list of its owner’s making; `close_friends`: the one list of those closest, always private */
  readonly kind?: 'named' | 'close_friends' | undefined;
  /** Only its owner sees the list */
  readonly isPrivate?: boolean | undefined;
}

/** Input of {@link declineFollowRequest}. */
export interface DeclineFollowRequestInput {
  /** UUID, in lower case */
  readonly userId: string;
}

/** Input of {@link deleteList}. */
export interface DeleteListInput {
  /** UUID, in lower case */
  readonly listId: string;
}

/** Input of {@link followUser}. */
export interface FollowUserInput {
  /** UUID, in lower case */
  readonly userId: string;
}

/** Input of {@link getList}. */
export interface GetListInput {
  /** UUID, in lower case */
  readonly listId: string;
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

/** Input of {@link listFollowRequests}. */
export interface ListFollowRequestsInput {
  /**
   * Items on the page
   * @default 50
   */
  readonly limit?: number | undefined;
  /** `nextCursor` of the page before */
  readonly cursor?: string | undefined;
}

/** Output of {@link listFollowRequests}. */
export interface ListFollowRequestsOutput {
  readonly items: readonly ListedUser[];
  /** null on the last page */
  readonly nextCursor: string | null;
  /** Of all pages together */
  readonly count: number;
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

/** Input of {@link listListMembers}. */
export interface ListListMembersInput {
  /** UUID, in lower case */
  readonly listId: string;
  /**
   * Items on the page
   * @default 50
   */
  readonly limit?: number | undefined;
  /** `nextCursor` of the page before */
  readonly cursor?: string | undefined;
}

/** Input of {@link listLists}. */
export interface ListListsInput {
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

/** Input of {@link listMutes}. */
export interface ListMutesInput {
  /**
   * Items on the page
   * @default 50
   */
  readonly limit?: number | undefined;
  /** `nextCursor` of the page before */
  readonly cursor?: string | undefined;
}

/** Input of {@link listMutuals}. */
export interface ListMutualsInput {
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

/** Output of {@link listMutuals}. */
export interface ListMutualsOutput {
  readonly items: readonly ListedUser[];
  /** null on the last page */
  readonly nextCursor: string | null;
  /** Of all pages together */
  readonly count: number;
}

/** Input of {@link listSentFollowRequests}. */
export interface ListSentFollowRequestsInput {
  /**
   * Items on the page
   * @default 50
   */
  readonly limit?: number | undefined;
  /** `nextCursor` of the page before */
  readonly cursor?: string | undefined;
}

/** Input of {@link muteUser}. */
export interface MuteUserInput {
  /** UUID, in lower case */
  readonly userId: string;
  /** Until the mute is ended when left out */
  readonly durationSeconds?: number | undefined;
}

/** Input of {@link removeFollower}. */
export interface RemoveFollowerInput {
  /** UUID, in lower case */
  readonly userId: string;
}

/** Input of {@link removeListMember}. */
export interface RemoveListMemberInput {
  /** UUID, in lower case */
  readonly listId: string;
  /** UUID, in lower case */
  readonly userId: string;
}

/** Input of {@link setPrivacy}. */
export interface SetPrivacyInput {
  /** Following takes consent, and posts are for followers only */
  readonly isPrivate: boolean;
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

/** Input of {@link unmuteUser}. */
export interface UnmuteUserInput {
  /** UUID, in lower case */
  readonly userId: string;
}

/** Input of {@link updateList}. */
export interface UpdateListInput {
  /** UUID, in lower case */
  readonly listId: string;
  /** 1 to 100 characters */
  readonly name?: string | undefined;
  /** Only its owner sees the list */
  readonly isPrivate?: boolean | undefined;
}

/**
 * Put a user on a list of yours.
 * Takes the token of a user: `PUT /api/v1/lists/{listId}/members/{userId}`.
 */
export const addListMember: Operation<AddListMemberInput, UserList> = {
  id: 'addListMember',
  method: 'PUT',
  path: '/api/v1/lists/{listId}/members/{userId}',
  takesIdempotencyKey: true,
};

/**
 * Let a user who has asked follow you.
 * Takes the token of a user: `PUT /api/v1/me/follow-requests/{userId}/approval`.
 */
export const approveFollowRequest: Operation<ApproveFollowRequestInput, Relation> = {
  id: 'approveFollowRequest',
  method: 'PUT',
  path: '/api/v1/me/follow-requests/{userId}/approval',
  takesIdempotencyKey: true,
};

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
 * Make a list of users.
 * Takes the token of a user: `POST /api/v1/lists`.
 */
export const createList: Operation<CreateListInput, UserList> = {
  id: 'createList',
  method: 'POST',
  path: '/api/v1/lists',
  hasBody: true,
  takesIdempotencyKey: true,
};

/**
 * Decline a request to follow you.
 * Takes the token of a user: `DELETE /api/v1/me/follow-requests/{userId}`.
 */
export const declineFollowRequest: Operation<DeclineFollowRequestInput, Relation> = {
  id: 'declineFollowRequest',
  method: 'DELETE',
  path: '/api/v1/me/follow-requests/{userId}',
  takesIdempotencyKey: true,
};

/**
 * Delete a list of yours.
 * Takes the token of a user: `DELETE /api/v1/lists/{listId}`.
 */
export const deleteList: Operation<DeleteListInput, void> = {
  id: 'deleteList',
  method: 'DELETE',
  path: '/api/v1/lists/{listId}',
  takesIdempotencyKey: true,
};

/**
 * Follow a user, or ask to when the account is private.
 * Takes the token of a user: `PUT /api/v1/users/{userId}/follow`.
 */
export const followUser: Operation<FollowUserInput, Relation> = {
  id: 'followUser',
  method: 'PUT',
  path: '/api/v1/users/{userId}/follow',
  takesIdempotencyKey: true,
};

/**
 * A list of users.
 * Anyone may call it: `GET /api/v1/lists/{listId}`.
 */
export const getList: Operation<GetListInput, UserList> = {
  id: 'getList',
  method: 'GET',
  path: '/api/v1/lists/{listId}',
};

/**
 * The users whom you block.
 * Takes the token of a user: `GET /api/v1/me/blocks`.
 */
export const listBlocks: PagedOperation<ListBlocksInput, Page<ListedUser>> = {
  id: 'listBlocks',
  method: 'GET',
  path: '/api/v1/me/blocks',
  isPaged: true,
};

/**
 * The users who ask to follow you.
 * Takes the token of a user: `GET /api/v1/me/follow-requests`.
 */
export const listFollowRequests: PagedOperation<ListFollowRequestsInput, ListFollowRequestsOutput> = {
  id: 'listFollowRequests',
  method: 'GET',
  path: '/api/v1/me/follow-requests',
  isPaged: true,
};

/**
 * The users who follow a user.
 * Anyone may call it: `GET /api/v1/users/{userId}/followers`.
 */
export const listFollowers: PagedOperation<ListFollowersInput, Page<ListedUser>> = {
  id: 'listFollowers',
  method: 'GET',
  path: '/api/v1/users/{userId}/followers',
  isPaged: true,
};

/**
 * The users whom a user follows.
 * Anyone may call it: `GET /api/v1/users/{userId}/following`.
 */
export const listFollowing: PagedOperation<ListFollowingInput, Page<ListedUser>> = {
  id: 'listFollowing',
  method: 'GET',
  path: '/api/v1/users/{userId}/following',
  isPaged: true,
};

/**
 * The users on a list.
 * Anyone may call it: `GET /api/v1/lists/{listId}/members`.
 */
export const listListMembers: PagedOperation<ListListMembersInput, Page<ListedUser>> = {
  id: 'listListMembers',
  method: 'GET',
  path: '/api/v1/lists/{listId}/members',
  isPaged: true,
};

/**
 * The lists of a user: your own, or what others show of theirs.
 * Anyone may call it: `GET /api/v1/users/{userId}/lists`.
 */
export const listLists: PagedOperation<ListListsInput, Page<UserList>> = {
  id: 'listLists',
  method: 'GET',
  path: '/api/v1/users/{userId}/lists',
  isPaged: true,
};

/**
 * The users whom you mute.
 * Takes the token of a user: `GET /api/v1/me/mutes`.
 */
export const listMutes: PagedOperation<ListMutesInput, Page<ListedUser>> = {
  id: 'listMutes',
  method: 'GET',
  path: '/api/v1/me/mutes',
  isPaged: true,
};

/**
 * The followers of a user whom you follow.
 * Takes the token of a user: `GET /api/v1/users/{userId}/mutuals`.
 */
export const listMutuals: PagedOperation<ListMutualsInput, ListMutualsOutput> = {
  id: 'listMutuals',
  method: 'GET',
  path: '/api/v1/users/{userId}/mutuals',
  isPaged: true,
};

/**
 * The users whom you ask to follow.
 * Takes the token of a user: `GET /api/v1/me/follow-requests/sent`.
 */
export const listSentFollowRequests: PagedOperation<ListSentFollowRequestsInput, Page<ListedUser>> = {
  id: 'listSentFollowRequests',
  method: 'GET',
  path: '/api/v1/me/follow-requests/sent',
  isPaged: true,
};

/**
 * Keep the posts of a user out of your feeds.
 * Takes the token of a user: `PUT /api/v1/users/{userId}/mute`.
 */
export const muteUser: Operation<MuteUserInput, Relation> = {
  id: 'muteUser',
  method: 'PUT',
  path: '/api/v1/users/{userId}/mute',
  hasBody: true,
  takesIdempotencyKey: true,
};

/**
 * Remove one of your followers.
 * Takes the token of a user: `DELETE /api/v1/me/followers/{userId}`.
 */
export const removeFollower: Operation<RemoveFollowerInput, Relation> = {
  id: 'removeFollower',
  method: 'DELETE',
  path: '/api/v1/me/followers/{userId}',
  takesIdempotencyKey: true,
};

/**
 * Take a user from a list of yours.
 * Takes the token of a user: `DELETE /api/v1/lists/{listId}/members/{userId}`.
 */
export const removeListMember: Operation<RemoveListMemberInput, UserList> = {
  id: 'removeListMember',
  method: 'DELETE',
  path: '/api/v1/lists/{listId}/members/{userId}',
  takesIdempotencyKey: true,
};

/**
 * Make your account private or public.
 * Takes the token of a user: `PUT /api/v1/me/privacy`.
 */
export const setPrivacy: Operation<SetPrivacyInput, Privacy> = {
  id: 'setPrivacy',
  method: 'PUT',
  path: '/api/v1/me/privacy',
  hasBody: true,
  takesIdempotencyKey: true,
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
 * Stop following a user, or withdraw the request to.
 * Takes the token of a user: `DELETE /api/v1/users/{userId}/follow`.
 */
export const unfollowUser: Operation<UnfollowUserInput, Relation> = {
  id: 'unfollowUser',
  method: 'DELETE',
  path: '/api/v1/users/{userId}/follow',
  takesIdempotencyKey: true,
};

/**
 * Let the posts of a user into your feeds again.
 * Takes the token of a user: `DELETE /api/v1/users/{userId}/mute`.
 */
export const unmuteUser: Operation<UnmuteUserInput, Relation> = {
  id: 'unmuteUser',
  method: 'DELETE',
  path: '/api/v1/users/{userId}/mute',
  takesIdempotencyKey: true,
};

/**
 * Rename a list of yours, or show it to others; what is not given stays.
 * Takes the token of a user: `PATCH /api/v1/lists/{listId}`.
 */
export const updateList: Operation<UpdateListInput, UserList> = {
  id: 'updateList',
  method: 'PATCH',
  path: '/api/v1/lists/{listId}',
  hasBody: true,
  takesIdempotencyKey: true,
};

/** Who follows and who blocks whom */
export interface GraphApi {
  /**
   * Put a user on a list of yours.
   * Takes the token of a user: `PUT /api/v1/lists/{listId}/members/{userId}`.
   */
  readonly addListMember: Method<AddListMemberInput, UserList>;
  /**
   * Let a user who has asked follow you.
   * Takes the token of a user: `PUT /api/v1/me/follow-requests/{userId}/approval`.
   */
  readonly approveFollowRequest: Method<ApproveFollowRequestInput, Relation>;
  /**
   * Block a user.
   * Takes the token of a user: `PUT /api/v1/users/{userId}/block`.
   */
  readonly blockUser: Method<BlockUserInput, Relation>;
  /**
   * Make a list of users.
   * Takes the token of a user: `POST /api/v1/lists`.
   */
  readonly createList: Method<CreateListInput, UserList>;
  /**
   * Decline a request to follow you.
   * Takes the token of a user: `DELETE /api/v1/me/follow-requests/{userId}`.
   */
  readonly declineFollowRequest: Method<DeclineFollowRequestInput, Relation>;
  /**
   * Delete a list of yours.
   * Takes the token of a user: `DELETE /api/v1/lists/{listId}`.
   */
  readonly deleteList: Method<DeleteListInput, void>;
  /**
   * Follow a user, or ask to when the account is private.
   * Takes the token of a user: `PUT /api/v1/users/{userId}/follow`.
   */
  readonly followUser: Method<FollowUserInput, Relation>;
  /**
   * A list of users.
   * Anyone may call it: `GET /api/v1/lists/{listId}`.
   */
  readonly getList: Method<GetListInput, UserList>;
  /**
   * The users whom you block.
   * Takes the token of a user: `GET /api/v1/me/blocks`.
   */
  readonly listBlocks: PagedMethod<ListBlocksInput, Page<ListedUser>>;
  /**
   * The users who ask to follow you.
   * Takes the token of a user: `GET /api/v1/me/follow-requests`.
   */
  readonly listFollowRequests: PagedMethod<ListFollowRequestsInput, ListFollowRequestsOutput>;
  /**
   * The users who follow a user.
   * Anyone may call it: `GET /api/v1/users/{userId}/followers`.
   */
  readonly listFollowers: PagedMethod<ListFollowersInput, Page<ListedUser>>;
  /**
   * The users whom a user follows.
   * Anyone may call it: `GET /api/v1/users/{userId}/following`.
   */
  readonly listFollowing: PagedMethod<ListFollowingInput, Page<ListedUser>>;
  /**
   * The users on a list.
   * Anyone may call it: `GET /api/v1/lists/{listId}/members`.
   */
  readonly listListMembers: PagedMethod<ListListMembersInput, Page<ListedUser>>;
  /**
   * The lists of a user: your own, or what others show of theirs.
   * Anyone may call it: `GET /api/v1/users/{userId}/lists`.
   */
  readonly listLists: PagedMethod<ListListsInput, Page<UserList>>;
  /**
   * The users whom you mute.
   * Takes the token of a user: `GET /api/v1/me/mutes`.
   */
  readonly listMutes: PagedMethod<ListMutesInput, Page<ListedUser>>;
  /**
   * The followers of a user whom you follow.
   * Takes the token of a user: `GET /api/v1/users/{userId}/mutuals`.
   */
  readonly listMutuals: PagedMethod<ListMutualsInput, ListMutualsOutput>;
  /**
   * The users whom you ask to follow.
   * Takes the token of a user: `GET /api/v1/me/follow-requests/sent`.
   */
  readonly listSentFollowRequests: PagedMethod<ListSentFollowRequestsInput, Page<ListedUser>>;
  /**
   * Keep the posts of a user out of your feeds.
   * Takes the token of a user: `PUT /api/v1/users/{userId}/mute`.
   */
  readonly muteUser: Method<MuteUserInput, Relation>;
  /**
   * Remove one of your followers.
   * Takes the token of a user: `DELETE /api/v1/me/followers/{userId}`.
   */
  readonly removeFollower: Method<RemoveFollowerInput, Relation>;
  /**
   * Take a user from a list of yours.
   * Takes the token of a user: `DELETE /api/v1/lists/{listId}/members/{userId}`.
   */
  readonly removeListMember: Method<RemoveListMemberInput, UserList>;
  /**
   * Make your account private or public.
   * Takes the token of a user: `PUT /api/v1/me/privacy`.
   */
  readonly setPrivacy: Method<SetPrivacyInput, Privacy>;
  /**
   * Unblock a user.
   * Takes the token of a user: `DELETE /api/v1/users/{userId}/block`.
   */
  readonly unblockUser: Method<UnblockUserInput, Relation>;
  /**
   * Stop following a user, or withdraw the request to.
   * Takes the token of a user: `DELETE /api/v1/users/{userId}/follow`.
   */
  readonly unfollowUser: Method<UnfollowUserInput, Relation>;
  /**
   * Let the posts of a user into your feeds again.
   * Takes the token of a user: `DELETE /api/v1/users/{userId}/mute`.
   */
  readonly unmuteUser: Method<UnmuteUserInput, Relation>;
  /**
   * Rename a list of yours, or show it to others; what is not given stays.
   * Takes the token of a user: `PATCH /api/v1/lists/{listId}`.
   */
  readonly updateList: Method<UpdateListInput, UserList>;
}

export const graph = {
  addListMember,
  approveFollowRequest,
  blockUser,
  createList,
  declineFollowRequest,
  deleteList,
  followUser,
  getList,
  listBlocks,
  listFollowRequests,
  listFollowers,
  listFollowing,
  listListMembers,
  listLists,
  listMutes,
  listMutuals,
  listSentFollowRequests,
  muteUser,
  removeFollower,
  removeListMember,
  setPrivacy,
  unblockUser,
  unfollowUser,
  unmuteUser,
  updateList,
};
