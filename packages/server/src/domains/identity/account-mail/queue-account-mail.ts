import type { WriteHandle } from '../../../platform/db/index.js';
import { newId } from '../../../platform/ids/index.js';
import type { Mail } from '../../../platform/mail/index.js';
import type { Consumer } from '../../../platform/outbox/index.js';
import { type DeriveToken, hashAccountToken, type TokenPurpose } from '../account-tokens/account-token.js';
import { issueToken } from '../account-tokens/account-token-queries.js';
import { EMAIL_CHANGED, EMAIL_VERIFICATION_REQUESTED, PASSWORD_CHANGED, PASSWORD_RESET_REQUESTED } from '../events.js';
import { mailAddressee, mailReplacedEmail } from './account-mail-queries.js';
import type { AccountMailTemplate } from './templates.js';

export interface AccountMailDeps {
  readonly mail: Pick<Mail, 'queue'>;
  readonly deriveToken: DeriveToken;
  /** Tokens of a kind that one account is sent in an hour. */
  readonly mostTokens: number;
}

const MINUTE_MS = 60_000;
const TOKEN_TTL_MS: Readonly<Record<TokenPurpose, number>> = {
  verify_email: 24 * 60 * MINUTE_MS,
  reset_password: 60 * MINUTE_MS,
};
/** A notice is worth sending for longer than a link works. */
const NOTICE_TTL_MS = 3 * 24 * 60 * MINUTE_MS;

/**
 * Issues the tokens of mails and queues the mails, in one transaction with the consumer's place: one of each for each
 * cause. Whether there is an account is first found out here, so that asking costs the caller the same either way.
 */
export function queueAccountMail({ mail, deriveToken, mostTokens }: AccountMailDeps): Consumer {
  async function sendToken(tx: WriteHandle, userId: string, purpose: TokenPurpose, email: string): Promise<void> {
    const id = newId();
    const tokenHash = hashAccountToken(deriveToken(purpose, tx.tenantId, id));
    const ttlMs = TOKEN_TTL_MS[purpose];
    const issued = await tx.row(issueToken, { id, userId, purpose, email, tokenHash, ttlMs, most: mostTokens });
    if (issued === undefined) return;
    const template: AccountMailTemplate =
      purpose === 'verify_email' ? 'identity.verifyEmail' : 'identity.resetPassword';
    await mail.queue(tx, { template, recipient: email, params: { tokenId: id }, ttlMs });
  }

  const notify = (tx: WriteHandle, template: AccountMailTemplate, recipient: string) =>
    mail.queue(tx, { template, recipient, params: {}, ttlMs: NOTICE_TTL_MS });

  return {
    name: 'identity.accountMail',
    types: [EMAIL_VERIFICATION_REQUESTED, EMAIL_CHANGED, PASSWORD_RESET_REQUESTED, PASSWORD_CHANGED],
    async handle(tx, { type, payload }) {
      const userId = payload['userId'] as string | null;
      if (userId === null) return;
      const user = await tx.row(mailAddressee, { userId });
      if (user === undefined) return;
      switch (type) {
        case EMAIL_VERIFICATION_REQUESTED: {
          const email = user.pendingEmail ?? (user.emailVerified ? null : user.email);
          if (email !== null) await sendToken(tx, userId, 'verify_email', email);
          return;
        }
        case PASSWORD_RESET_REQUESTED:
          if (user.email !== null) await sendToken(tx, userId, 'reset_password', user.email);
          return;
        case PASSWORD_CHANGED:
          if (user.email !== null) await notify(tx, 'identity.passwordChanged', user.email);
          return;
        case EMAIL_CHANGED: {
          const token = await tx.row(mailReplacedEmail, { tokenId: payload['tokenId'] as string });
          if (token?.replacedEmail) await notify(tx, 'identity.emailChanged', token.replacedEmail);
          return;
        }
      }
    },
  };
}
