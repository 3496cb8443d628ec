export { migrateUp } from './apply.js';
export { MigrationError } from './errors.js';
export { migrationStatus, readMigrationStatus } from './status.js';
