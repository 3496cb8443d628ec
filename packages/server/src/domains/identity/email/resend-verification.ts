import { requireViewer, writeOperation } from '../../../platform/operation/index.js';
import type { MailGuard } from '../account-mail/mail-guard.js';
import { emailVerificationRequested } from '../events.js';
import { NoInput, Nothing } from '../schema.js';

/** The earlier links end. With nothing to verify nothing is sent. Errors: `rate_limited`. */
export const resendEmailVerification = writeOperation({
  name: 'resendEmailVerification',
  summary: 'Mail the link that verifies your address once more',
  access: 'user',
  input: NoInput,
  output: Nothing,
  async prepare({ mailGuard }: { readonly mailGuard: MailGuard }, scope) {
    const { userId } = requireViewer(scope);
    mailGuard.admit({ tenantId: scope.tenant.id, account: userId, remoteAddress: scope.remoteAddress });
  },
  async run(_deps, scope) {
    scope.db.emit(emailVerificationRequested(requireViewer(scope).userId));
    return null;
  },
});
