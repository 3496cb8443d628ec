import type { Database } from '../../../platform/db/index.js';
import { newId } from '../../../platform/ids/index.js';
import { lockUsersAfter, noteRebuiltRoles, rebuildRoles as rebuildRolesOf } from './role-queries.js';

const NIL = '00000000-0000-0000-0000-000000000000';
/** Users whose roles are rebuilt in one transaction: their rows stay locked that long. */
const BATCH = 500;

/**
 * Gives every user of every tenant the role that the record of changes tells (E3), while the product goes on.
 * @param signal ends the run between two batches; what was repaired stays repaired
 */
export async function rebuildRoles(
  database: Pick<Database, 'systemTransaction'>,
  signal: AbortSignal,
): Promise<{ checked: number; repaired: number }> {
  let afterTenant = NIL;
  let afterUser = NIL;
  let checked = 0;
  let repaired = 0;
  for (;;) {
    signal.throwIfAborted();
    const batch = await database.systemTransaction(async (system) => {
      const users = await system.rows(lockUsersAfter, { afterTenant, afterUser, limit: BATCH });
      if (users.length === 0) return { users, wrong: 0 };
      const wrong = await system.rows(rebuildRolesOf, {
        tenantIds: users.map(({ tenantId }) => tenantId),
        userIds: users.map(({ userId }) => userId),
      });
      if (wrong.length > 0) {
        await system.run(noteRebuiltRoles, {
          ids: wrong.map(() => newId()),
          tenantIds: wrong.map(({ tenantId }) => tenantId),
          userIds: wrong.map(({ userId }) => userId),
        });
      }
      return { users, wrong: wrong.length };
    });
    checked += batch.users.length;
    repaired += batch.wrong;
    const last = batch.users.at(-1);
    if (last === undefined) return { checked, repaired };
    afterTenant = last.tenantId;
    afterUser = last.userId;
  }
}
