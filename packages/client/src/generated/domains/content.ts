// Written by `npm run generate` from generated/openapi.json.

import type { Method, NoInput, Operation, Page, PagedMethod, PagedOperation } from '../../operation.js';
import type {
  DeletedPost,
  Draft,
  Hashtag,
  LikeState,
  LinkPreviewSettings,
  Media,
  NewMediaVariant,
  NewPoll,
  Poll,
  Post,
  PostVersion,
  User,
} from '../schemas.js';

/** Input of {@link createDraft}. */
export interface CreateDraftInput {
  /** Not only blanks. The first 30 #hashtags and 50 @handles take effect */
  readonly body: string;
  /** `public`: everyone, or the followers of a private account; `followers`: the author and their followers; `close_friends`: the author and those on their list of close friends; `private`: the author */
  readonly visibility?: 'public' | 'followers' | 'close_friends' | 'private' | undefined;
  readonly language?: string | undefined;
  /** Who may reply, of those who see the post; its author always may */
  readonly replyPolicy?: 'everyone' | 'followers' | 'mentioned' | 'nobody' | undefined;
  /** JSON object of your own: 4 KB, 5 levels */
  readonly custom?: { readonly [key: string]: unknown } | undefined;
  /** Media of your own, in order */
  readonly mediaIds?: readonly string[] | undefined;
  readonly poll?: NewPoll | undefined;
  /** RFC 3339, in the future and within a year */
  readonly publishAt?: string | undefined;
}

/** Input of {@link createMedia}. */
export interface CreateMediaInput {
  /** UUID, in lower case */
  readonly ownerId: string;
  readonly kind: 'image' | 'video' | 'audio' | 'file';
  /** What is to be seen or heard, for those who cannot */
  readonly alt?: string | undefined;
  readonly blurhash?: string | undefined;
  readonly variants: readonly NewMediaVariant[];
}

/** Input of {@link createPost}. */
export interface CreatePostInput {
  /** Not only blanks. The first 30 #hashtags and 50 @handles take effect */
  readonly body: string;
  /** `public`: everyone, or the followers of a private account; `followers`: the author and their followers; `close_friends`: the author and those on their list of close friends; `private`: the author */
  readonly visibility?: 'public' | 'followers' | 'close_friends' | 'private' | undefined;
  readonly language?: string | undefined;
  /** Who may reply, of those who see the post; its author always may */
  readonly replyPolicy?: 'everyone' | 'followers' | 'mentioned' | 'nobody' | undefined;
  /** JSON object of your own: 4 KB, 5 levels */
  readonly custom?: { readonly [key: string]: unknown } | undefined;
  /** Media of your own, in order */
  readonly mediaIds?: readonly string[] | undefined;
  readonly poll?: NewPoll | undefined;
}

/** Input of {@link deleteDraft}. */
export interface DeleteDraftInput {
  /** UUID, in lower case */
  readonly draftId: string;
}

/** Input of {@link deletePost}. */
export interface DeletePostInput {
  /** UUID, in lower case */
  readonly postId: string;
}

/** Input of {@link editPost}. */
export interface EditPostInput {
  /** UUID, in lower case */
  readonly postId: string;
  /** Not only blanks. The first 30 #hashtags and 50 @handles take effect */
  readonly body?: string | undefined;
  /** `public`: everyone, or the followers of a private account; `followers`: the author and their followers; `close_friends`: the author and those on their list of close friends; `private`: the author */
  readonly visibility?: 'public' | 'followers' | 'close_friends' | 'private' | undefined;
  readonly language?: string | undefined;
  /** Who may reply, of those who see the post; its author always may */
  readonly replyPolicy?: 'everyone' | 'followers' | 'mentioned' | 'nobody' | undefined;
  /** JSON object of your own: 4 KB, 5 levels */
  readonly custom?: { readonly [key: string]: unknown } | undefined;
  /** Refuse the edit unless this is the version */
  readonly ifVersion?: number | undefined;
}

/** Input of {@link getDraft}. */
export interface GetDraftInput {
  /** UUID, in lower case */
  readonly draftId: string;
}

/** Input of {@link getHashtag}. */
export interface GetHashtagInput {
  /** With or without #, in any case */
  readonly hashtag: string;
}

/** Input of {@link getLinkPreviewSettings}. */
export type GetLinkPreviewSettingsInput = NoInput;

/** Input of {@link getMedia}. */
export interface GetMediaInput {
  /** UUID, in lower case */
  readonly mediaId: string;
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

/** Input of {@link listDeletedPosts}. */
export interface ListDeletedPostsInput {
  /**
   * Items on the page
   * @default 50
   */
  readonly limit?: number | undefined;
  /** `nextCursor` of the page before */
  readonly cursor?: string | undefined;
}

/** Input of {@link listDrafts}. */
export interface ListDraftsInput {
  /** Only those that are, or are not; both by default */
  readonly scheduled?: boolean | undefined;
  /**
   * Items on the page
   * @default 50
   */
  readonly limit?: number | undefined;
  /** `nextCursor` of the page before */
  readonly cursor?: string | undefined;
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

/** Input of {@link listPostVersions}. */
export interface ListPostVersionsInput {
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

/** Input of {@link publishDraft}. */
export interface PublishDraftInput {
  /** UUID, in lower case */
  readonly draftId: string;
}

/** Input of {@link restorePost}. */
export interface RestorePostInput {
  /** UUID, in lower case */
  readonly postId: string;
}

/** Input of {@link scheduleDraft}. */
export interface ScheduleDraftInput {
  /** UUID, in lower case */
  readonly draftId: string;
  /** RFC 3339, in the future and within a year */
  readonly publishAt: string;
}

/** Input of {@link setLinkPreviewSettings}. */
export interface SetLinkPreviewSettingsInput {
  readonly enabled: boolean;
}

/** Input of {@link unlikePost}. */
export interface UnlikePostInput {
  /** UUID, in lower case */
  readonly postId: string;
}

/** Input of {@link unscheduleDraft}. */
export interface UnscheduleDraftInput {
  /** UUID, in lower case */
  readonly draftId: string;
}

/** Input of {@link updateDraft}. */
export interface UpdateDraftInput {
  /** UUID, in lower case */
  readonly draftId: string;
  /** Not only blanks. The first 30 #hashtags and 50 @handles take effect */
  readonly body?: string | undefined;
  /** `public`: everyone, or the followers of a private account; `followers`: the author and their followers; `close_friends`: the author and those on their list of close friends; `private`: the author */
  readonly visibility?: 'public' | 'followers' | 'close_friends' | 'private' | undefined;
  readonly language?: string | undefined;
  /** Who may reply, of those who see the post; its author always may */
  readonly replyPolicy?: 'everyone' | 'followers' | 'mentioned' | 'nobody' | undefined;
  /** JSON object of your own: 4 KB, 5 levels */
  readonly custom?: { readonly [key: string]: unknown } | undefined;
  /** Media of your own, in order */
  readonly mediaIds?: readonly string[] | undefined;
  readonly poll?: NewPoll | undefined;
}

/** Input of {@link voteInPoll}. */
export interface VoteInPollInput {
  /** UUID, in lower case */
  readonly postId: string;
  /** From 0 */
  readonly options: readonly number[];
}

/**
 * Keep a draft, or schedule a post.
 * Takes the token of a user: `POST /api/v1/drafts`.
 */
export const createDraft: Operation<CreateDraftInput, Draft> = {
  id: 'createDraft',
  method: 'POST',
  path: '/api/v1/drafts',
  hasBody: true,
  takesIdempotencyKey: true,
};

/**
 * Make media known that your app keeps elsewhere.
 * Takes a secret key: `POST /api/v1/media`.
 */
export const createMedia: Operation<CreateMediaInput, Media> = {
  id: 'createMedia',
  method: 'POST',
  path: '/api/v1/media',
  hasBody: true,
  takesIdempotencyKey: true,
};

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
 * Delete a draft.
 * Takes the token of a user: `DELETE /api/v1/drafts/{draftId}`.
 */
export const deleteDraft: Operation<DeleteDraftInput, void> = {
  id: 'deleteDraft',
  method: 'DELETE',
  path: '/api/v1/drafts/{draftId}',
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
 * Edit a post of your own.
 * Takes the token of a user: `PATCH /api/v1/posts/{postId}`.
 */
export const editPost: Operation<EditPostInput, Post> = {
  id: 'editPost',
  method: 'PATCH',
  path: '/api/v1/posts/{postId}',
  hasBody: true,
  takesIdempotencyKey: true,
};

/**
 * A draft of your own.
 * Takes the token of a user: `GET /api/v1/drafts/{draftId}`.
 */
export const getDraft: Operation<GetDraftInput, Draft> = {
  id: 'getDraft',
  method: 'GET',
  path: '/api/v1/drafts/{draftId}',
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
 * Whether links of posts are previewed.
 * Takes a secret key: `GET /api/v1/settings/link-previews`.
 */
export const getLinkPreviewSettings: Operation<GetLinkPreviewSettingsInput, LinkPreviewSettings> = {
  id: 'getLinkPreviewSettings',
  method: 'GET',
  path: '/api/v1/settings/link-previews',
};

/**
 * Media with its variants.
 * Takes a secret key: `GET /api/v1/media/{mediaId}`.
 */
export const getMedia: Operation<GetMediaInput, Media> = {
  id: 'getMedia',
  method: 'GET',
  path: '/api/v1/media/{mediaId}',
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
 * The posts that you have deleted and can restore.
 * Takes the token of a user: `GET /api/v1/me/deleted-posts`.
 */
export const listDeletedPosts: PagedOperation<ListDeletedPostsInput, Page<DeletedPost>> = {
  id: 'listDeletedPosts',
  method: 'GET',
  path: '/api/v1/me/deleted-posts',
  isPaged: true,
};

/**
 * Your drafts and scheduled posts, newest first.
 * Takes the token of a user: `GET /api/v1/drafts`.
 */
export const listDrafts: PagedOperation<ListDraftsInput, Page<Draft>> = {
  id: 'listDrafts',
  method: 'GET',
  path: '/api/v1/drafts',
  isPaged: true,
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
 * The versions of a post, the one that holds first.
 * Anyone may call it: `GET /api/v1/posts/{postId}/versions`.
 */
export const listPostVersions: PagedOperation<ListPostVersionsInput, Page<PostVersion>> = {
  id: 'listPostVersions',
  method: 'GET',
  path: '/api/v1/posts/{postId}/versions',
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
 * Publish a draft now.
 * Takes the token of a user: `POST /api/v1/drafts/{draftId}/publish`.
 */
export const publishDraft: Operation<PublishDraftInput, Post> = {
  id: 'publishDraft',
  method: 'POST',
  path: '/api/v1/drafts/{draftId}/publish',
  takesIdempotencyKey: true,
};

/**
 * Restore a post that you have deleted.
 * Takes the token of a user: `POST /api/v1/posts/{postId}/restore`.
 */
export const restorePost: Operation<RestorePostInput, Post> = {
  id: 'restorePost',
  method: 'POST',
  path: '/api/v1/posts/{postId}/restore',
  takesIdempotencyKey: true,
};

/**
 * Schedule a draft, or put it off.
 * Takes the token of a user: `PUT /api/v1/drafts/{draftId}/schedule`.
 */
export const scheduleDraft: Operation<ScheduleDraftInput, Draft> = {
  id: 'scheduleDraft',
  method: 'PUT',
  path: '/api/v1/drafts/{draftId}/schedule',
  hasBody: true,
  takesIdempotencyKey: true,
};

/**
 * Switch previews of links on or off.
 * Takes a secret key: `PUT /api/v1/settings/link-previews`.
 */
export const setLinkPreviewSettings: Operation<SetLinkPreviewSettingsInput, LinkPreviewSettings> = {
  id: 'setLinkPreviewSettings',
  method: 'PUT',
  path: '/api/v1/settings/link-previews',
  hasBody: true,
  takesIdempotencyKey: true,
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

/**
 * Keep a scheduled draft from being published.
 * Takes the token of a user: `DELETE /api/v1/drafts/{draftId}/schedule`.
 */
export const unscheduleDraft: Operation<UnscheduleDraftInput, Draft> = {
  id: 'unscheduleDraft',
  method: 'DELETE',
  path: '/api/v1/drafts/{draftId}/schedule',
  takesIdempotencyKey: true,
};

/**
 * Change a draft.
 * Takes the token of a user: `PATCH /api/v1/drafts/{draftId}`.
 */
export const updateDraft: Operation<UpdateDraftInput, Draft> = {
  id: 'updateDraft',
  method: 'PATCH',
  path: '/api/v1/drafts/{draftId}',
  hasBody: true,
  takesIdempotencyKey: true,
};

/**
 * Vote in the poll of a post.
 * Takes the token of a user: `PUT /api/v1/posts/{postId}/poll/vote`.
 */
export const voteInPoll: Operation<VoteInPollInput, Poll> = {
  id: 'voteInPoll',
  method: 'PUT',
  path: '/api/v1/posts/{postId}/poll/vote',
  hasBody: true,
  takesIdempotencyKey: true,
};

/** Posts, hashtags and likes */
export interface ContentApi {
  /**
   * Keep a draft, or schedule a post.
   * Takes the token of a user: `POST /api/v1/drafts`.
   */
  readonly createDraft: Method<CreateDraftInput, Draft>;
  /**
   * Make media known that your app keeps elsewhere.
   * Takes a secret key: `POST /api/v1/media`.
   */
  readonly createMedia: Method<CreateMediaInput, Media>;
  /**
   * Write a post.
   * Takes the token of a user: `POST /api/v1/posts`.
   */
  readonly createPost: Method<CreatePostInput, Post>;
  /**
   * Delete a draft.
   * Takes the token of a user: `DELETE /api/v1/drafts/{draftId}`.
   */
  readonly deleteDraft: Method<DeleteDraftInput, void>;
  /**
   * Delete a post of your own.
   * Takes the token of a user: `DELETE /api/v1/posts/{postId}`.
   */
  readonly deletePost: Method<DeletePostInput, void>;
  /**
   * Edit a post of your own.
   * Takes the token of a user: `PATCH /api/v1/posts/{postId}`.
   */
  readonly editPost: Method<EditPostInput, Post>;
  /**
   * A draft of your own.
   * Takes the token of a user: `GET /api/v1/drafts/{draftId}`.
   */
  readonly getDraft: Method<GetDraftInput, Draft>;
  /**
   * How much a hashtag is used.
   * Anyone may call it: `GET /api/v1/hashtags/{hashtag}`.
   */
  readonly getHashtag: Method<GetHashtagInput, Hashtag>;
  /**
   * Whether links of posts are previewed.
   * Takes a secret key: `GET /api/v1/settings/link-previews`.
   */
  readonly getLinkPreviewSettings: Method<GetLinkPreviewSettingsInput, LinkPreviewSettings>;
  /**
   * Media with its variants.
   * Takes a secret key: `GET /api/v1/media/{mediaId}`.
   */
  readonly getMedia: Method<GetMediaInput, Media>;
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
   * The posts that you have deleted and can restore.
   * Takes the token of a user: `GET /api/v1/me/deleted-posts`.
   */
  readonly listDeletedPosts: PagedMethod<ListDeletedPostsInput, Page<DeletedPost>>;
  /**
   * Your drafts and scheduled posts, newest first.
   * Takes the token of a user: `GET /api/v1/drafts`.
   */
  readonly listDrafts: PagedMethod<ListDraftsInput, Page<Draft>>;
  /**
   * The users who like a post.
   * Anyone may call it: `GET /api/v1/posts/{postId}/likes`.
   */
  readonly listLikers: PagedMethod<ListLikersInput, Page<User>>;
  /**
   * The versions of a post, the one that holds first.
   * Anyone may call it: `GET /api/v1/posts/{postId}/versions`.
   */
  readonly listPostVersions: PagedMethod<ListPostVersionsInput, Page<PostVersion>>;
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
   * Publish a draft now.
   * Takes the token of a user: `POST /api/v1/drafts/{draftId}/publish`.
   */
  readonly publishDraft: Method<PublishDraftInput, Post>;
  /**
   * Restore a post that you have deleted.
   * Takes the token of a user: `POST /api/v1/posts/{postId}/restore`.
   */
  readonly restorePost: Method<RestorePostInput, Post>;
  /**
   * Schedule a draft, or put it off.
   * Takes the token of a user: `PUT /api/v1/drafts/{draftId}/schedule`.
   */
  readonly scheduleDraft: Method<ScheduleDraftInput, Draft>;
  /**
   * Switch previews of links on or off.
   * Takes a secret key: `PUT /api/v1/settings/link-previews`.
   */
  readonly setLinkPreviewSettings: Method<SetLinkPreviewSettingsInput, LinkPreviewSettings>;
  /**
   * Take back the like of a post.
   * Takes the token of a user: `DELETE /api/v1/posts/{postId}/like`.
   */
  readonly unlikePost: Method<UnlikePostInput, LikeState>;
  /**
   * Keep a scheduled draft from being published.
   * Takes the token of a user: `DELETE /api/v1/drafts/{draftId}/schedule`.
   */
  readonly unscheduleDraft: Method<UnscheduleDraftInput, Draft>;
  /**
   * Change a draft.
   * Takes the token of a user: `PATCH /api/v1/drafts/{draftId}`.
   */
  readonly updateDraft: Method<UpdateDraftInput, Draft>;
  /**
   * Vote in the poll of a post.
   * Takes the token of a user: `PUT /api/v1/posts/{postId}/poll/vote`.
   */
  readonly voteInPoll: Method<VoteInPollInput, Poll>;
}

export const content = {
  createDraft,
  createMedia,
  createPost,
  deleteDraft,
  deletePost,
  editPost,
  getDraft,
  getHashtag,
  getLinkPreviewSettings,
  getMedia,
  getPost,
  likePost,
  listDeletedPosts,
  listDrafts,
  listLikers,
  listPostVersions,
  listPostsByAuthor,
  listPostsByHashtag,
  publishDraft,
  restorePost,
  scheduleDraft,
  setLinkPreviewSettings,
  unlikePost,
  unscheduleDraft,
  updateDraft,
  voteInPoll,
};
