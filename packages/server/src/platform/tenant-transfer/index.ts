export { TenantTransferError } from './errors.js';
export { exportTenant } from './export-tenant.js';
export type { ExportManifest } from './format.js';
export { type ImportOptions, importTenant } from './import-tenant.js';
export { purgeClosedTenants } from './purge-tenants.js';
export * as tenantTransferQueries from './queries.js';
