export { createMail, type Mail } from './mail.js';
export type { MailTemplate, MailText } from './message.js';
export * as mailQueries from './queries.js';
