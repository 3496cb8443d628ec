export { idempotencyPersonalData } from './personal-data.js';
export * as idempotencyQueries from './queries.js';
export { createIdempotencyStore, type IdempotencyStore } from './store.js';
