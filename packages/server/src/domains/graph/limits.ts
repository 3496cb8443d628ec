/**
 * How many others a user can follow. The home feed probes an index once per followee (D3), so this bounds
 * the work of its coldest page. Requests that wait count, so that approving them need not. Imports are not refused: they carry a graph that exists already.
 */
export const MAX_FOLLOWING = 5_000;

/** Items of an edge on each of many parents when the query does not say. */
export const EDGE_DEFAULT_LIMIT = 10;

/** Blocks, or mutes, of one viewer that are kept in memory: whoever has more of them is asked for in the database. */
export const MAX_KEPT_RELATIONS = 5_000;

/** Requests approved in one transaction when an account becomes public: the counts of both sides stay locked that long. */
export const APPROVE_BATCH = 200;

export const MAX_LISTS = 100;
/** The feed of a list probes an index once per member. */
export const MAX_LIST_MEMBERS = 1_000;

/** Users shown on a profile as "followed by people you follow". */
export const MUTUALS_SHOWN = 3;

/** Users whose counts are recomputed in one transaction: their rows stay locked that long. */
export const RECOUNT_BATCH = 200;
