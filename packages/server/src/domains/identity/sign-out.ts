import { requireViewer, writeOperation } from '../../platform/operation/index.js';
import { endSessions, type OnRevoked } from './revoke-sessions.js';
import { NoInput, Nothing } from './schema.js';

export const signOut = writeOperation({
  name: 'signOut',
  summary: 'End the session of this call',
  access: 'user',
  input: NoInput,
  output: Nothing,
  async run({ onRevoked }: { readonly onRevoked: OnRevoked }, scope) {
    const { userId, sessionId } = requireViewer(scope);
    await endSessions(scope.db, onRevoked, userId, sessionId);
    return null;
  },
});
