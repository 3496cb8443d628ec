export { Backlog } from './backlog.js';
export type { Consumer } from './consumer.js';
export { type Consumers, type ConsumersDeps, createConsumers, OUTBOX_TOPIC } from './consumers.js';
export { purgeOutbox } from './purge.js';
export * as outboxQueries from './queries.js';
export type { BlockedKey, ConsumerStatus, OutboxStatus } from './status.js';
export { storeEvents } from './store-events.js';
