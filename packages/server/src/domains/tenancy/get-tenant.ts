import { platformErrors } from '../../platform/errors/index.js';
import { readOperation } from '../../platform/operation/index.js';
import type { SettingsRegistry } from '../../platform/tenant-settings/index.js';
import { ownTenant } from './queries.js';
import { NoInput, tenantSchema } from './schema.js';
import { presentTenant } from './tenant-document.js';

export const getTenant = (registry: SettingsRegistry) =>
  readOperation({
    name: 'getTenant',
    summary: 'Your app: its plan and its settings',
    access: 'secret',
    keyScope: 'tenant:read',
    input: NoInput,
    output: tenantSchema(registry),
    async run(_deps: object, { db, tenant }) {
      const row = await db.row(ownTenant, {});
      if (row === undefined) throw platformErrors.not_found();
      return presentTenant(registry, tenant.id, row);
    },
  });
