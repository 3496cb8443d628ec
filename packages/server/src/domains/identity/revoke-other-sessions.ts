import { requireViewer, writeOperation } from '../../platform/operation/index.js';
import { endOtherSessions, type OnRevoked } from './revoke-sessions.js';
import { NoInput, Nothing } from './schema.js';

export const revokeOtherSessions = writeOperation({
  name: 'revokeOtherSessions',
  summary: 'End all of your sessions but this one',
  access: 'user',
  input: NoInput,
  output: Nothing,
  async run({ onRevoked }: { readonly onRevoked: OnRevoked }, scope) {
    const { userId, sessionId } = requireViewer(scope);
    await endOtherSessions(scope.db, onRevoked, userId, sessionId);
    return null;
  },
});
