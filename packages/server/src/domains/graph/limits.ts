/**
 * How many others a user can follow. The home feed probes an index once per followee (D3), so this bounds
 * the work of its coldest page. Imports are not refused: they carry a graph that exists already.
 */
export const MAX_FOLLOWING = 5_000;

/** Items of an edge on each of many parents when the query does not say. */
export const EDGE_DEFAULT_LIMIT = 10;

/** Users whose counts are recomputed in one transaction: their rows stay locked that long. */
export const RECOUNT_BATCH = 200;
