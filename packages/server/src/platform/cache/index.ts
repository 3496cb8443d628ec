export { createBatchLoader } from './batch-loader.js';
export { type Cache, type CacheOptions, createCache } from './cache.js';
export { createLeasedRecords, type LeasedRecords, type RecordOwner } from './leased-records.js';
export { createVersionStore, type Version, type Versioned, type VersionStore } from './version-store.js';
