import type { MailText } from '../../../../platform/mail/index.js';

export const verifyEmail = (url: string): MailText => ({
  subject: 'Confirm your e-mail address',
  paragraphs: [
    'To confirm that this e-mail address is yours, follow this link within 24 hours:',
    'If you did not ask for this, do nothing: without you nothing happens.',
  ],
  action: { label: 'Confirm this address', url },
});
