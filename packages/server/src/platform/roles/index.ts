export { bootstrapDatabase, urlOfDatabase } from './bootstrap.js';
export { renderBootstrapSql } from './bootstrap-script.js';
export { APP_ROLE, OWNER_ROLE, SYSTEM_ROLE } from './role-names.js';
export { RoleViolationError, verifyRoles } from './verify.js';
