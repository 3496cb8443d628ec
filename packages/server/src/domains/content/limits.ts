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
/** Places of hashtags told of one post, and as many of mentions: further ones are linked by who looks for them. */
export const MAX_ENTITIES = 100;
/** Bytes of the JSON of a `custom` object, and objects and lists in one another. */
export const MAX_CUSTOM_BYTES = 4_096;
export const MAX_CUSTOM_DEPTH = 5;
/** Contents of one post, the one that holds included: who edits more often writes another post. */
export const MAX_VERSIONS = 1_000;
/** Drafts of one author, scheduled ones included. */
export const MAX_DRAFTS = 500;
/** How far ahead a post can be scheduled. */
export const MAX_SCHEDULE_MS = 366 * 86_400_000;
/** Drafts published in one turn, one transaction each. */
export const PUBLISH_BATCH = 50;
/** Before a draft whose publication failed is tried again. */
export const PUBLISH_RETRY_MS = 10_000;
export const MAX_POLL_OPTIONS = 10;
export const MIN_POLL_SECONDS = 60;
export const MAX_POLL_SECONDS = 30 * 86_400;
/** Media of one post, and variants of one of them. */
export const MAX_MEDIA = 10;
export const MAX_VARIANTS = 10;
/** Of an address that is fetched or shown; the column has the same bound. */
export const MAX_LINK_LENGTH = 2_000;
