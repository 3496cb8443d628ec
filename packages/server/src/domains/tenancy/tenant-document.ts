import type { Plan } from '../../platform/operation/index.js';
import type { Overrides, SettingsRegistry } from '../../platform/tenant-settings/index.js';

/** A tenant as its own backend sees it. */
export interface TenantDocument {
  readonly id: string;
  readonly name: string;
  readonly plan: Plan;
  readonly createdAt: string;
  readonly settings: Overrides;
}

export function presentTenant(
  registry: SettingsRegistry,
  id: string,
  row: { readonly name: string; readonly plan: string; readonly settings: unknown; readonly createdAt: string },
): TenantDocument {
  const { name, plan, createdAt } = row;
  // The column admits the plans only.
  return { id, name, plan: plan as Plan, createdAt, settings: registry.values(row.settings) };
}
