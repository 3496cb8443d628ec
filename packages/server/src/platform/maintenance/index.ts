export { createMaintenance, type Maintenance, type MaintenanceJob } from './maintenance.js';
export * as maintenanceQueries from './queries.js';
