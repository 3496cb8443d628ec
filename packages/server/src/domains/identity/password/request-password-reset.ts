import { writeOperation } from '../../../platform/operation/index.js';
import type { MailGuard } from '../account-mail/mail-guard.js';
import { passwordResetRequested } from '../events.js';
import { normalizeEmail } from '../login-names.js';
import { Nothing } from '../schema.js';
import { passwordUserByEmail } from './password-queries.js';
import { RequestPasswordResetInput } from './password-schema.js';

/**
 * The same answer after the same statements whether there is such an account or not: what is done for it a consumer of
 * the event does later. Errors: `rate_limited`, by what was given and by who asks.
 */
export const requestPasswordReset = writeOperation({
  name: 'requestPasswordReset',
  summary: 'Have a link mailed that lets you choose a new password, if there is an account with this address',
  access: 'anyone',
  input: RequestPasswordResetInput,
  output: Nothing,
  async prepare({ mailGuard }: { readonly mailGuard: MailGuard }, { tenant, remoteAddress }, { email }) {
    mailGuard.admit({ tenantId: tenant.id, account: normalizeEmail(email), remoteAddress });
  },
  async run(_deps, { db }, { email }) {
    const user = await db.row(passwordUserByEmail, { email: normalizeEmail(email) });
    db.emit(passwordResetRequested(user?.id ?? null));
    return null;
  },
});
