// Written by `npm run generate` from generated/openapi.json.

import type { Method, Operation, PagedMethod, PagedOperation } from '../../operation.js';
import type { FeedExplanation, NewPosts, Post } from '../schemas.js';

/** Input of {@link countNewPosts}. */
export interface CountNewPostsInput {
  /** `session` of a page of the feed */
  readonly session: string;
}

/** Input of {@link readHomeFeed}. */
export interface ReadHomeFeedInput {
  /**
   * Items on the page
   * @default 50
   */
  readonly limit?: number | undefined;
  /** `nextCursor` of the page before */
  readonly cursor?: string | undefined;
  /**
   * `following`: those whom you follow, newest first; `ranked`: their newest posts and what is popular, best first
   * @default "following"
   */
  readonly mode?: 'following' | 'ranked' | undefined;
  /** The feed of a hashtag instead, newest first */
  readonly hashtag?: string | undefined;
  /**
   * Whether the answer tells why each post is there
   * @default false
   */
  readonly explain?: boolean | undefined;
}

/** Output of {@link readHomeFeed}. */
export interface ReadHomeFeedOutput {
  readonly items: readonly Post[];
  /** null on the last page */
  readonly nextCursor: string | null;
  /** For `/feed/new`, half an hour long; null when the feed goes on without a session */
  readonly session: string | null;
  /** Sources of a ranked feed that failed or were too slow when its first page was read */
  readonly missingSources: readonly ('followed' | 'popular')[];
  /** Of the items, in their order; with `explain=true` only */
  readonly explanations?: readonly FeedExplanation[] | undefined;
}

/**
 * How many posts are new since the first page of a feed.
 * Takes the token of a user: `GET /api/v1/feed/new`.
 */
export const countNewPosts: Operation<CountNewPostsInput, NewPosts> = {
  id: 'countNewPosts',
  method: 'GET',
  path: '/api/v1/feed/new',
};

/**
 * The posts of the people you follow, and your own, newest first or ranked; or those of a hashtag.
 * Takes the token of a user: `GET /api/v1/feed`.
 */
export const readHomeFeed: PagedOperation<ReadHomeFeedInput, ReadHomeFeedOutput> = {
  id: 'readHomeFeed',
  method: 'GET',
  path: '/api/v1/feed',
  isPaged: true,
};

/** The home feed, in order of time or ranked */
export interface FeedApi {
  /**
   * How many posts are new since the first page of a feed.
   * Takes the token of a user: `GET /api/v1/feed/new`.
   */
  readonly countNewPosts: Method<CountNewPostsInput, NewPosts>;
  /**
   * The posts of the people you follow, and your own, newest first or ranked; or those of a hashtag.
   * Takes the token of a user: `GET /api/v1/feed`.
   */
  readonly readHomeFeed: PagedMethod<ReadHomeFeedInput, ReadHomeFeedOutput>;
}

export const feed = { countNewPosts, readHomeFeed };
