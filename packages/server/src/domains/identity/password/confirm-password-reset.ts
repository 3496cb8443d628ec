import { writeOperation } from '../../../platform/operation/index.js';
import type { PasswordHasher } from '../../../platform/password/index.js';
import { hashAccountToken } from '../account-tokens/account-token.js';
import { goodToken, takeToken } from '../account-tokens/account-token-queries.js';
import { identityErrors } from '../errors.js';
import { passwordChanged } from '../events.js';
import { endSessions, type OnRevoked } from '../revoke-sessions.js';
import { Nothing } from '../schema.js';
import { resetPassword } from './password-queries.js';
import { ConfirmPasswordResetInput } from './password-schema.js';

export interface ConfirmPasswordResetDeps {
  readonly passwords: Pick<PasswordHasher, 'hash'>;
  readonly onRevoked: OnRevoked;
}

const purpose = 'reset_password';

/** Errors: `link_invalid`, the same for a token that is unknown, used, expired or replaced; `overloaded`. */
export const confirmPasswordReset = writeOperation<
  ConfirmPasswordResetDeps,
  typeof ConfirmPasswordResetInput,
  typeof Nothing,
  string
>({
  name: 'confirmPasswordReset',
  summary: 'Choose a new password with the token that was mailed to you; ends all of your sessions',
  access: 'anyone',
  input: ConfirmPasswordResetInput,
  output: Nothing,
  // A made-up token must not cost a hash; whether it is good still when it is used `run` decides.
  async prepare({ passwords }, { db, signal }, { token, password }) {
    const good = await db.row(goodToken, { purpose, tokenHash: hashAccountToken(token) });
    if (good === undefined) throw identityErrors.link_invalid();
    return await passwords.hash(password, signal);
  },
  async run({ onRevoked }, { db }, { token }, passwordHash) {
    const taken = await db.row(takeToken, { purpose, tokenHash: hashAccountToken(token) });
    if (taken === undefined) throw identityErrors.link_invalid();
    const { userId, email } = taken;
    const [reset] = await Promise.all([
      db.row(resetPassword, { userId, email, passwordHash }),
      endSessions(db, onRevoked, userId, null),
    ]);
    if (reset === undefined) throw identityErrors.link_invalid();
    db.emit(passwordChanged(userId));
    return null;
  },
});
