/** Code points of a post; the column has the same bound. */
export const MAX_BODY = 5_000;
/** More hashtags than a reader takes in are spam: further ones stay words. */
export const MAX_HASHTAGS = 30;
/** Code points of a normalised hashtag. */
export const MAX_HASHTAG_LENGTH = 100;
/** Users who learn of one post: further handles stay words. */
export const MAX_MENTIONS = 50;
/** Items of an edge on each of many parents when the query does not say. */
export const EDGE_DEFAULT_LIMIT = 10;
/** Posts named by one `posts.imported` event: some 20 KB of ids. */
export const IMPORTED_POSTS_PER_EVENT = 500;
/** Posts, or hashtags, looked at in one statement of a repair. */
export const REPAIR_BATCH = 500;
