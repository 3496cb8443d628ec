import { platformErrors } from '../../platform/errors/index.js';
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
    if (sessionId === null) {
      throw platformErrors.forbidden({ detail: 'there is no session here: a token of your app ends by itself' });
    }
    await endSessions(scope.db, onRevoked, userId, sessionId);
    return null;
  },
});
