import { readOperation, requireViewer } from '../../../platform/operation/index.js';
import { type ListDeps, readUserPage } from '../list-users.js';
import { requestsSent } from '../queries/requests.js';
import { OwnListInput, UserPage } from '../schema.js';

/** Whom the viewer has asked to follow and who has not answered, newest first. Three queries in two round trips (D19). */
export const listSentFollowRequests = readOperation({
  name: 'listSentFollowRequests',
  summary: 'The users whom you ask to follow',
  access: 'user',
  input: OwnListInput,
  output: UserPage,
  async run(deps: ListDeps, scope, { limit, cursor }) {
    const { userId: viewerId } = requireViewer(scope);
    return await readUserPage(deps, scope, {
      kind: 'sent-requests',
      ownerId: viewerId,
      limit,
      cursor,
      fetch: (after, count) =>
        scope.db.rows(requestsSent, { viewerId, beforeAt: after.key, beforeId: after.id, limit: count }),
    });
  },
});
