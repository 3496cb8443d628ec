import { type Cursors, readPage } from '../../platform/cursor/index.js';
import { readOperation, requireViewer } from '../../platform/operation/index.js';
import { deviceName } from './device-name.js';
import { ListSessionsInput, SessionPage } from './schema.js';
import { sessionsOfUser } from './session-queries.js';

export const listSessions = readOperation({
  name: 'listSessions',
  summary: 'Where you are signed in, newest first',
  access: 'user',
  input: ListSessionsInput,
  output: SessionPage,
  async run({ cursors }: { readonly cursors: Cursors }, scope, { limit, cursor }) {
    const { userId, sessionId } = requireViewer(scope);
    const page = await readPage(cursors, {
      list: `sessions/${scope.tenant.id}/${userId}`,
      limit,
      cursor,
      fetch: ({ key: beforeAt, id: beforeId }, count) =>
        scope.db.rows(sessionsOfUser, { userId, beforeAt, beforeId, limit: count }),
      positionOf: (session) => ({ key: session.createdAt, id: session.id }),
    });
    return {
      ...page,
      items: page.items.map((session) => ({
        ...session,
        device: deviceName(session.userAgent),
        current: session.id === sessionId,
      })),
    };
  },
});
