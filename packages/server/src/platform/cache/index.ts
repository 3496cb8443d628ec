export { createBatchLoader } from './batch-loader.js';
export { type Cache, type CacheOptions, createCache } from './cache.js';
