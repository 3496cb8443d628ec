export type { Bus, BusHandler } from './bus.js';
export { PostgresBus } from './postgres-bus.js';
