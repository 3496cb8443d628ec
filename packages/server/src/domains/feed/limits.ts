const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Ids of one snapshot; the column has the same bound. */
export const MAX_SNAPSHOT = 500;
/** Candidates of a ranked feed: together they fit into a snapshot, so that none of those gathered is lost. */
export const MAX_FOLLOWED = 400;
export const MAX_POPULAR = 100;
/** Age up to which a post can be popular. */
export const POPULAR_WINDOW_MS = 7 * 24 * 60 * MINUTE;

/** How long pages of a session can be asked for. */
const SESSION_LIFETIME_MS = 30 * MINUTE;
/** How long a process takes a session that it has stored to be there, and does not store it again. */
export const SESSION_KNOWN_MS = 30 * SECOND;
/** Age of the row: opened a second time within `SESSION_KNOWN_MS`, a session still gets its whole lifetime. */
export const SESSION_KEPT_MS = SESSION_LIFETIME_MS + SESSION_KNOWN_MS;
/** Sessions of a viewer: devices, feeds, and what they have come back to. Older ones give way. */
export const SESSIONS_PER_VIEWER = 8;
/** A younger session does not give way: a process may know of it and hand it out. */
export const SESSION_SPARED_MS = 2 * SESSION_KNOWN_MS;
/** Opening a session is part of the first page, which goes without one rather than wait. */
export const OPEN_WITHIN_MS = 1 * SECOND;
/** Longer than any change of a user's takes: a post that was written before a snapshot and committed after it is new. */
export const LATE_COMMITS_MS = 1 * MINUTE;

/** New posts are counted up to here. */
export const MAX_NEW_POSTS = 99;
