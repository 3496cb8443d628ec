import type { Scope } from '../../../platform/operation/index.js';
import { listMemberIds as memberIds, visibleList } from '../queries/user-lists.js';

/** Who is on a list, in no order; null when there is no such list for the viewer. Two queries in one round trip. */
export async function listMemberIds(scope: Scope, listId: string): Promise<readonly string[] | null> {
  const [list, rows] = await Promise.all([
    scope.db.row(visibleList, { listId, viewerId: scope.viewer?.userId ?? null }),
    scope.db.rows(memberIds, { listId }),
  ]);
  return list === undefined ? null : rows.map(({ userId }) => userId);
}
