import Type from 'typebox';
import type { Quotas } from '../../platform/operation/index.js';
import { defineTenantSettings, type SettingValues } from '../../platform/tenant-settings/index.js';

const quota = (maximum: number) => Type.Union([Type.Integer({ minimum: 1, maximum }), Type.Null()]);
const MAX_RATE = 10_000_000;
const MAX_CONCURRENCY = 4096;

const setting = (maximum: number, description: string) => ({
  schema: quota(maximum),
  default: null,
  changedBy: 'operator' as const,
  description: `${description}; null: as the plan says`,
});

/** Quotas of one tenant that differ from those of its plan; each process counts by itself. */
export const quotaSettings = defineTenantSettings('quotas', {
  tenantRatePerMinute: setting(MAX_RATE, 'Requests per minute of the whole tenant'),
  callerRatePerMinute: setting(MAX_RATE, 'Requests per minute of each caller'),
  tenantConcurrency: setting(MAX_CONCURRENCY, 'Requests under way of the whole tenant'),
  callerConcurrency: setting(MAX_CONCURRENCY, 'Requests under way of each caller'),
});

/** Those that are set; undefined when none is. */
export function quotasOf(values: SettingValues<typeof quotaSettings>): Partial<Quotas> | undefined {
  const set = Object.entries(values).filter(([, value]) => value !== null);
  return set.length === 0 ? undefined : (Object.fromEntries(set) as Partial<Quotas>);
}
