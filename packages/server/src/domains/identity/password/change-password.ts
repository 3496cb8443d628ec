import { requireViewer, writeOperation } from '../../../platform/operation/index.js';
import type { PasswordHasher } from '../../../platform/password/index.js';
import { endTokens } from '../account-tokens/account-token-queries.js';
import { identityErrors } from '../errors.js';
import { passwordChanged } from '../events.js';
import { replacePasswordHash } from '../queries.js';
import { endOtherSessions, type OnRevoked } from '../revoke-sessions.js';
import { Nothing } from '../schema.js';
import { type OwnPasswordDeps, verifyOwnPassword } from './own-password.js';
import { ChangePasswordInput } from './password-schema.js';

export interface ChangePasswordDeps extends OwnPasswordDeps {
  readonly passwords: Pick<PasswordHasher, 'verify' | 'verifyDummy' | 'hash'>;
  readonly onRevoked: OnRevoked;
}

interface Hashes {
  readonly oldHash: string;
  readonly newHash: string;
}

/** Ends all other sessions, and the links of resets. Errors: `wrong_password`, `rate_limited`, `overloaded`. */
export const changePassword = writeOperation<ChangePasswordDeps, typeof ChangePasswordInput, typeof Nothing, Hashes>({
  name: 'changePassword',
  summary: 'Choose another password; you stay signed in here and nowhere else',
  access: 'user',
  input: ChangePasswordInput,
  output: Nothing,
  async prepare(deps, scope, { currentPassword, newPassword }) {
    const oldHash = await verifyOwnPassword(deps, scope, currentPassword);
    return { oldHash, newHash: await deps.passwords.hash(newPassword, scope.signal) };
  },
  async run({ onRevoked }, scope, _input, hashes) {
    const { db } = scope;
    const { userId, sessionId } = requireViewer(scope);
    const [changed] = await Promise.all([
      db.run(replacePasswordHash, { userId, ...hashes }),
      endOtherSessions(db, onRevoked, userId, sessionId),
      db.run(endTokens, { userId, purpose: 'reset_password' }),
    ]);
    // Another change came first: what was checked is the password no more.
    if (changed === 0) throw identityErrors.wrong_password();
    db.emit(passwordChanged(userId));
    return null;
  },
});
