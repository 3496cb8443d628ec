import { type Cursors, readPage } from '../../../platform/cursor/index.js';
import { readOperation } from '../../../platform/operation/index.js';
import { roleChangesOfTenant } from './role-queries.js';
import { ListRoleChangesInput, RoleChangePage } from './schema.js';

export const listRoleChanges = readOperation({
  name: 'listRoleChanges',
  summary: 'Who was given which role, by whom and when, newest first',
  access: 'owner',
  keyScope: 'users:read',
  input: ListRoleChangesInput,
  output: RoleChangePage,
  async run({ cursors }: { readonly cursors: Cursors }, { tenant, db }, { limit, cursor }) {
    return await readPage(cursors, {
      list: `role-changes/${tenant.id}`,
      limit,
      cursor,
      fetch: ({ key: beforeAt, id: beforeId }, count) =>
        db.rows(roleChangesOfTenant, { beforeAt, beforeId, limit: count }),
      positionOf: (change) => ({ key: change.changedAt, id: change.id }),
    });
  },
});
