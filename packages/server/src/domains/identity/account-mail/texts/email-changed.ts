import type { MailText } from '../../../../platform/mail/index.js';

export const emailChanged = (): MailText => ({
  subject: 'Your e-mail address was changed',
  paragraphs: [
    'The account that had this e-mail address has another one now. It will get no more mail here.',
    'If it was not you, somebody else has your password: ask those who run the app for help.',
  ],
});
