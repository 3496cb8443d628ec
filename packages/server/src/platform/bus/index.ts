export type { Bus } from './bus.js';
export { ECHO_WITHIN_MS, hearsNotifications } from './hears-notifications.js';
export { PostgresBus } from './postgres-bus.js';
