import { readOperation, requireViewer } from '../../../platform/operation/index.js';
import { type ListDeps, readUserPage } from '../list-users.js';
import { requestCount, requestsReceived } from '../queries/requests.js';
import { CountedUserPage, OwnListInput } from '../schema.js';

/** Who asks to follow the viewer, newest first, and how many there are. Four queries in two round trips (D19). */
export const listFollowRequests = readOperation({
  name: 'listFollowRequests',
  summary: 'The users who ask to follow you',
  access: 'user',
  input: OwnListInput,
  output: CountedUserPage,
  async run(deps: ListDeps, scope, { limit, cursor }) {
    const { userId: viewerId } = requireViewer(scope);
    const [page, counted] = await Promise.all([
      readUserPage(deps, scope, {
        kind: 'requests',
        ownerId: viewerId,
        limit,
        cursor,
        fetch: (after, count) =>
          scope.db.rows(requestsReceived, { viewerId, beforeAt: after.key, beforeId: after.id, limit: count }),
      }),
      scope.db.row(requestCount, { userId: viewerId }),
    ]);
    return { ...page, count: counted?.received ?? 0 };
  },
});
