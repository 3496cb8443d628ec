import Type from 'typebox';
import type { WriteHandle } from '../../platform/db/index.js';
import { platformErrors } from '../../platform/errors/index.js';
import { type Plan, writeOperation } from '../../platform/operation/index.js';
import type { Overrides, SettingsRegistry } from '../../platform/tenant-settings/index.js';
import * as queries from './queries.js';
import { TenantName, tenantSchema } from './schema.js';
import { presentTenant, type TenantDocument } from './tenant-document.js';

export interface UpdateTenantDeps {
  /** Called after the commit of each change. */
  readonly onChanged: (tenantId: string) => void;
}

export const updateTenant = (registry: SettingsRegistry) =>
  writeOperation({
    name: 'updateTenant',
    summary: 'Change name and settings of your app; what is not given stays, null takes the default again',
    access: 'secret',
    keyScope: 'tenant:write',
    input: Type.Object(
      { name: Type.Optional(TenantName), settings: Type.Optional(registry.patch) },
      { additionalProperties: false },
    ),
    output: tenantSchema(registry),
    run: async ({ onChanged }: UpdateTenantDeps, { db }, { name, settings }) =>
      await changeTenant(db, registry, onChanged, {
        ...(name === undefined ? {} : { name: name.trim() }),
        // Of the registry's own schema.
        settings: (settings ?? {}) as Overrides,
      }),
  });

export interface TenantChange {
  readonly name?: string;
  readonly plan?: Plan;
  /** As `SettingsRegistry.apply` takes it: validated. */
  readonly settings?: Overrides;
}

/** In the transaction of `tx`, for its tenant; acts within a second everywhere. Errors: `not_found`. */
export async function changeTenant(
  tx: WriteHandle,
  registry: SettingsRegistry,
  onChanged: UpdateTenantDeps['onChanged'],
  { name, plan, settings = {} }: TenantChange,
): Promise<TenantDocument> {
  const before = await tx.row(queries.lockTenant, {});
  if (before === undefined) throw platformErrors.not_found();
  const row = await tx.row(queries.updateTenant, {
    name: name ?? before.name,
    plan: plan ?? before.plan,
    settings: JSON.stringify(registry.apply(before.settings, settings)),
  });
  if (row === undefined) throw platformErrors.not_found();
  tx.afterCommit(() => onChanged(tx.tenantId));
  return presentTenant(registry, tx.tenantId, row);
}
