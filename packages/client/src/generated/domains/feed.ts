// Written by `npm run generate` from generated/openapi.json.

import type { Page, PagedMethod, PagedOperation } from '../../operation.js';
import type { Post } from '../schemas.js';

/** Input of {@link readHomeFeed}. */
export interface ReadHomeFeedInput {
  /**
   * Items on the page
   * @default 50
   */
  readonly limit?: number | undefined;
  /** `nextCursor` of the page before */
  readonly cursor?: string | undefined;
}

/**
 * The posts of the people you follow, and your own, newest first.
 * Takes the token of a user: `GET /api/v1/feed`.
 */
export const readHomeFeed: PagedOperation<ReadHomeFeedInput, Page<Post>> = {
  id: 'readHomeFeed',
  method: 'GET',
  path: '/api/v1/feed',
  isPaged: true,
};

/** The home feed */
export interface FeedApi {
  /**
   * The posts of the people you follow, and your own, newest first.
   * Takes the token of a user: `GET /api/v1/feed`.
   */
  readonly readHomeFeed: PagedMethod<ReadHomeFeedInput, Page<Post>>;
}

export const feed = { readHomeFeed };
