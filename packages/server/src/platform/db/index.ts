export { type Column, type ColumnShape, nullable, pg, type ValuesOf } from './columns.js';
export {
  COMMAND_CONNECTIONS,
  ConnectionBudgetExceeded,
  checkConnectionBudget,
  connectionBudget,
} from './connection-budget.js';
export { ConnectionLost, violates } from './connection-failure.js';
export { Database, type DatabaseOptions, type QueryObservation } from './database.js';
export type { DomainEvent, ReadHandle, SystemHandle, WriteHandle } from './handles.js';
export * as databaseQueries from './queries.js';
export { type Query, readQuery, systemQuery, writeQuery } from './query.js';
export { refreshStatistics } from './refresh-statistics.js';
