import { createHash } from 'node:crypto';
import { BUSY, LARGE, largeId, TENANT } from './large-tenant.js';
import { many, type StatementCases } from './statement-case.js';

/*
 * Verified addresses, passwords and the mails of both, at five tokens a user and a full queue of mails.
 */

const userId = largeId('user', BUSY);
const email = 'user_2@example.org';
const sha256 = (text: string) => `\\x${createHash('sha256').update(text).digest('hex')}`;
/** Of the user 2, to reset the password; neither used nor ended. */
const RESET = LARGE.users + 1;
const tokenHash = sha256(`${TENANT} token ${RESET}`);
const tokenId = largeId('token', RESET);
const mail = { tenantId: TENANT, id: largeId('mail', 1) };
/** Of one user, of all purposes. */
const TOKENS = 5;
const FULL = 5_000;
const SENT = 50;
const NOTED = 500;
const PURGED = 5_000;

export const ACCOUNT_MAIL_REQUESTS: StatementCases = {
  'identity.setPendingEmail': { through: ['users_pkey'], values: { userId, email: 'new@example.org' }, reads: 1 },
  'identity.confirmEmail': { through: ['users_pkey'], values: { userId, email }, reads: 3 },
  'identity.noteReplacedEmail': { through: ['account_tokens_pkey'], values: { tokenId, email }, reads: 1 },
  'identity.goodToken': {
    through: ['account_tokens_by_hash'],
    values: { purpose: 'reset_password', tokenHash },
    reads: 1,
  },
  'identity.takeToken': {
    through: ['account_tokens_by_hash'],
    values: { purpose: 'reset_password', tokenHash },
    reads: 1,
  },
  'identity.endTokens': {
    through: ['account_tokens_by_user'],
    values: { userId, purpose: 'reset_password' },
    reads: TOKENS,
  },
  'identity.passwordHashOfUser': { through: ['credentials_pkey'], values: { userId }, reads: 1 },
  'identity.passwordUserByEmail': {
    through: ['users_email_key', 'credentials_pkey'],
    values: { email },
    reads: 2,
  },
  'identity.resetPassword': {
    through: [['users_pkey', 'users_email_key'], 'credentials_pkey'],
    values: { userId, email, passwordHash: 'hash' },
    reads: 3,
  },
  'identity.revokeOtherSessions': {
    through: ['sessions_by_user'],
    values: { userId, keptId: largeId('session', 2) },
    reads: 2_000,
  },
};

export const ACCOUNT_MAIL_BACKGROUND: StatementCases = {
  'identity.mailAddressee': { through: ['users_pkey'], values: { userId }, reads: 1 },
  'identity.mailReplacedEmail': { through: ['account_tokens_pkey'], values: { tokenId }, reads: 1 },
  'identity.mailIssueToken': {
    through: ['account_tokens_by_user'],
    values: {
      id: largeId('token', 10 * LARGE.users),
      userId,
      purpose: 'verify_email',
      email,
      tokenHash: sha256('new'),
      ttlMs: 60_000,
      most: 100,
    },
    reads: 2 * TOKENS + 5,
  },
  'identity.noteSessionsUsed': {
    through: ['sessions_pkey'],
    values: {
      tenantIds: many(NOTED, () => TENANT),
      ids: many(NOTED, (n) => largeId('session', 2 * n)),
      coarseMs: 600_000,
    },
    reads: 3 * NOTED,
  },
  'identity.purgeAccountTokens': {
    through: ['account_tokens_by_expiry'],
    values: { limit: PURGED },
    reads: 2 * PURGED,
  },
  'mail.queueMail': {
    through: ['mails_pkey'],
    values: {
      id: largeId('mail', 2 * FULL),
      template: 'identity.verifyEmail',
      recipient: email,
      params: '{}',
      ttlMs: 60_000,
      most: FULL,
    },
    reads: FULL,
  },
  'mail.claimMails': {
    through: ['mails_due'],
    values: { limit: SENT, leaseMs: 60_000 },
    reads: 3 * SENT,
  },
  'mail.forgetMail': { through: ['mails_pkey'], values: mail, reads: 1 },
  'mail.postponeMail': { through: ['mails_pkey'], values: { ...mail, attempts: 1, inMs: 1_000 }, reads: 1 },
  'mail.countMails': { through: ['mails_due'], values: { limit: 2 * FULL }, reads: 2 * FULL },
};
