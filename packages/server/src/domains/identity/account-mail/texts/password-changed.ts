import type { MailText } from '../../../../platform/mail/index.js';

export const passwordChanged = (): MailText => ({
  subject: 'Your password was changed',
  paragraphs: [
    'The password of your account was changed, and other devices were signed out.',
    'If it was not you, choose a new password at once: ask for one on the sign-in page.',
  ],
});
