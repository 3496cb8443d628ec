import { largeId, TENANT } from './large-tenant.js';
import { many, SqlExpression, type StatementCases } from './statement-case.js';

/** Of the platform around tenants: keys, settings, usage, and the way out. */

const PURGED = 5_000;
const CHUNK = 1_000;
const NIL = '00000000-0000-0000-0000-000000000000';
const daysFromNow = (days: number) => new SqlExpression(`to_char(current_date + ${days}, 'YYYY-MM-DD')`);
const tenants = many(CHUNK, () => TENANT);
const keyIds = many(100, (n) => largeId('key', n));

export const TENANCY_REQUESTS: StatementCases = {
  'tenancy.ownTenant': { through: ['tenants_pkey'], values: {}, reads: 1 },
  'tenancy.lockTenant': { through: ['tenants_pkey'], values: {}, reads: 1 },
  'tenancy.updateTenant': {
    through: ['tenants_pkey'],
    values: { name: 'new', plan: 'pro', settings: '{}' },
    reads: 1,
  },
  'tenancy.openTenants': {
    through: ['tenants_pkey'],
    values: { ids: [TENANT, largeId('tenant', 2), largeId('tenant', 3)] },
    reads: 3,
  },
  'tenancy.lockKey': { through: ['api_keys_pkey'], values: { keyId: largeId('key', 1) }, reads: 1 },
  'tenancy.replaceKey': {
    through: ['api_keys_pkey'],
    values: { keyId: largeId('key', 1), replacedBy: largeId('key', 2), overlapSeconds: 60 },
    reads: 1,
  },
  'usage.ofTenant': {
    through: ['tenant_usage_pkey'],
    values: { from: daysFromNow(-365), to: daysFromNow(0) },
    // A hundred counters a day.
    reads: 366 * 100,
  },
};

export const TENANCY_BACKGROUND: StatementCases = {
  'tenancy.noteKeyUse': {
    through: ['api_keys_pkey'],
    values: { tenantIds: many(100, () => TENANT), keyIds },
    // Found, locked, changed.
    reads: 3 * 100,
    sorts: 100,
  },
  'tenancy.tenantsAfter': { through: ['tenants_pkey'], values: { after: NIL, limit: 500 }, reads: 500 },
  'tenancy.tenantById': { through: ['tenants_pkey'], values: { id: TENANT }, reads: 1 },
  'tenancy.closeTenant': { through: ['tenants_pkey'], values: { id: TENANT }, reads: 1 },
  'usage.add': {
    through: ['tenants_pkey'],
    values: {
      tenantIds: tenants,
      days: many(CHUNK, (n) => `20${20 + (n % 80)}-01-${String(1 + (n % 28)).padStart(2, '0')}`),
      counters: many(CHUNK, (n) => `counter ${n}`),
      values: many(CHUNK, () => 1),
    },
    reads: CHUNK,
    sorts: CHUNK,
  },
  'usage.addActiveUsers': {
    through: ['tenants_pkey'],
    values: {
      tenantIds: tenants,
      days: many(CHUNK, () => '2027-01-01'),
      userIds: many(CHUNK, (n) => largeId('user', n)),
    },
    reads: CHUNK,
    sorts: CHUNK,
  },
  'usage.purge': { through: ['tenant_usage_by_day'], values: { limit: PURGED }, reads: 2 * PURGED },
  'usage.purgeActiveUsers': { through: ['tenant_active_users_by_day'], values: { limit: PURGED }, reads: 2 * PURGED },
  'tenantTransfer.closedTenant': { through: ['tenants_closed'], values: { graceSeconds: 60 } },
  'tenantTransfer.deleteTenant': { through: ['tenants_pkey'], values: { id: TENANT }, reads: 1 },
  // The catalogue has some hundred rows of each kind.
  'tenantTransfer.tables': {
    values: {},
    scans: ['pg_class', 'pg_constraint', 'pg_index', 'pg_attribute', 'pg_attrdef'],
    reads: 1_000_000,
    sorts: 5_000,
  },
};
