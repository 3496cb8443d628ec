import { platformErrors } from '../../platform/errors/index.js';
import { requireViewer, writeOperation } from '../../platform/operation/index.js';
import { endSessions, type OnRevoked } from './revoke-sessions.js';
import { Nothing, RevokeSessionInput } from './schema.js';
import { sessionOfUser } from './session-queries.js';

/** Errors: `not_found` for a session that is not the caller's own. A session that has ended already is no error. */
export const revokeSession = writeOperation({
  name: 'revokeSession',
  summary: 'End one of your sessions',
  access: 'user',
  input: RevokeSessionInput,
  output: Nothing,
  async run({ onRevoked }: { readonly onRevoked: OnRevoked }, scope, { sessionId }) {
    const { userId } = requireViewer(scope);
    const [own] = await Promise.all([
      scope.db.row(sessionOfUser, { userId, sessionId }),
      endSessions(scope.db, onRevoked, userId, sessionId),
    ]);
    if (own === undefined) throw platformErrors.not_found();
    return null;
  },
});
