import { violates } from '../../../platform/db/index.js';
import { writeOperation } from '../../../platform/operation/index.js';
import { hashAccountToken } from '../account-tokens/account-token.js';
import { takeToken } from '../account-tokens/account-token-queries.js';
import { identityErrors } from '../errors.js';
import { emailChanged } from '../events.js';
import { Nothing } from '../schema.js';
import { confirmEmail, noteReplacedEmail } from './email-queries.js';
import { VerifyEmailInput } from './email-schema.js';

/**
 * For whoever holds the token, signed in or not: mail is often read on another device. Errors: `link_invalid`, the same
 * for a token that is unknown, used, expired or replaced; `email_taken`.
 */
export const verifyEmail = writeOperation({
  name: 'verifyEmail',
  summary: 'Verify an e-mail address with the token that was mailed to it',
  access: 'anyone',
  input: VerifyEmailInput,
  output: Nothing,
  async run(_deps: object, { db }, { token }) {
    const taken = await db.row(takeToken, { purpose: 'verify_email', tokenHash: hashAccountToken(token) });
    if (taken === undefined) throw identityErrors.link_invalid();
    const { id: tokenId, userId, email } = taken;
    const confirmed = await db.row(confirmEmail, { userId, email }).catch((error: unknown) => {
      throw violates(error, 'users_email_key') ? identityErrors.email_taken({ cause: error }) : error;
    });
    if (confirmed === undefined) throw identityErrors.link_invalid();
    const { previousEmail } = confirmed;
    if (previousEmail === null || previousEmail === email) return null;
    await db.run(noteReplacedEmail, { tokenId, email: previousEmail });
    db.emit(emailChanged(userId, tokenId));
    return null;
  },
});
