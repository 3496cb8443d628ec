import type { MailTemplate } from '../../../platform/mail/index.js';
import type { DeriveToken, TokenPurpose } from '../account-tokens/account-token.js';
import { emailChanged } from './texts/email-changed.js';
import { passwordChanged } from './texts/password-changed.js';
import { resetPassword } from './texts/reset-password.js';
import { verifyEmail } from './texts/verify-email.js';

export type AccountMailTemplate =
  | 'identity.verifyEmail'
  | 'identity.resetPassword'
  | 'identity.emailChanged'
  | 'identity.passwordChanged';

export interface TemplateDeps {
  readonly deriveToken: DeriveToken;
  /** Where the pages are that links lead to; absent in a deployment that sends no mail. */
  readonly appUrl: string | undefined;
}

/**
 * The mails of accounts. Nothing in them is from a user: a name that one has chosen would let anybody mail any words to
 * any address. A token stands in the fragment of its link, which browsers send to no server and to no other page.
 */
export function accountMailTemplates({ deriveToken, appUrl }: TemplateDeps): Record<AccountMailTemplate, MailTemplate> {
  const link = (page: string, purpose: TokenPurpose, tenantId: string, params: Readonly<Record<string, unknown>>) => {
    const token = deriveToken(purpose, tenantId, String(params['tokenId']));
    return `${(appUrl ?? 'NOVA_MAIL_APP_URL').replace(/\/+$/, '')}/${page}#token=${token}&tenant=${tenantId}`;
  };
  return {
    'identity.verifyEmail': (tenantId, params) => verifyEmail(link('verify-email', 'verify_email', tenantId, params)),
    'identity.resetPassword': (tenantId, params) =>
      resetPassword(link('reset-password', 'reset_password', tenantId, params)),
    'identity.emailChanged': emailChanged,
    'identity.passwordChanged': passwordChanged,
  };
}
