import type { MailMessage } from './message.js';

/** Where mails go. */
export interface MailTransport {
  /** What has become of a mail that it has taken. */
  readonly outcome: 'sent' | 'logged';
  /** Mails that it takes at a time. */
  readonly concurrency: number;
  /** Resolves when somebody else has taken responsibility for the mail. Throws `MailFailure` within its deadline. */
  deliver(message: MailMessage): Promise<void>;
  close(): void;
}

/**
 * Whose fault it is: `unreachable` nobody could be asked, or not in time, or in no language that SMTP is; `uncertain` the
 * connection broke off before the server said what it made of the mail, which it may have; `deferred` it does not want
 * this mail now (4xx); `rejected` it never will (5xx).
 */
export type MailFailureKind = 'unreachable' | 'uncertain' | 'deferred' | 'rejected';

export class MailFailure extends Error {
  override readonly name = 'MailFailure';
  readonly kind: MailFailureKind;

  constructor(kind: MailFailureKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
