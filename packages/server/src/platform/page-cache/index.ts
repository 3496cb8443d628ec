export { createLocalWrites, createSharedWrites } from './own-writes.js';
export { createPageCache, type PageCache } from './page-cache.js';
export { pageCachePersonalData } from './personal-data.js';
export * as pageCacheQueries from './queries.js';
