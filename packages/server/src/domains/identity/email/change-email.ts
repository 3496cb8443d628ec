import { platformErrors } from '../../../platform/errors/index.js';
import { requireViewer, writeOperation } from '../../../platform/operation/index.js';
import type { MailGuard } from '../account-mail/mail-guard.js';
import { emailVerificationRequested } from '../events.js';
import { normalizeEmail } from '../login-names.js';
import { type OwnPasswordDeps, verifyOwnPassword } from '../password/own-password.js';
import { setPendingEmail } from '../queries.js';
import { Me } from '../schema.js';
import { ChangeEmailInput } from './email-schema.js';

export interface ChangeEmailDeps extends OwnPasswordDeps {
  readonly mailGuard: MailGuard;
}

/**
 * Asks for another address, which becomes the user's when a mail to it is answered; until then the old one stays. The
 * present address takes back what was asked for. That another account has the address is told to whoever can read its
 * mail, when they answer. Errors: `wrong_password`, `rate_limited`.
 */
export const changeEmail = writeOperation({
  name: 'changeEmail',
  summary: 'Ask for another e-mail address; it becomes yours when you follow the link that is mailed to it',
  access: 'user',
  input: ChangeEmailInput,
  output: Me,
  async prepare(deps: ChangeEmailDeps, scope, { password }) {
    await verifyOwnPassword(deps, scope, password);
    const { userId } = requireViewer(scope);
    deps.mailGuard.admit({ tenantId: scope.tenant.id, account: userId, remoteAddress: scope.remoteAddress });
  },
  async run(_deps, scope, { email }) {
    const { userId } = requireViewer(scope);
    const me = await scope.db.row(setPendingEmail, { userId, email: normalizeEmail(email) });
    if (me === undefined) throw platformErrors.not_found();
    scope.db.emit(emailVerificationRequested(userId));
    return me;
  },
});
