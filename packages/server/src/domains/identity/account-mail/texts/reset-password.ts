import type { MailText } from '../../../../platform/mail/index.js';

export const resetPassword = (url: string): MailText => ({
  subject: 'Choose a new password',
  paragraphs: [
    'Somebody asked for a new password for the account with this e-mail address. To choose one, follow this link within an hour:',
    'The link works once. A new password signs you out everywhere.',
    'If it was not you, do nothing: your password stays as it is.',
  ],
  action: { label: 'Choose a new password', url },
});
