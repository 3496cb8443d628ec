import { platformErrors } from '../../../platform/errors/index.js';
import { addressKey, createAttemptLimiter } from '../../../platform/rate-limit/index.js';

/** Who asks for a mail to whom. */
export interface MailRequest {
  readonly tenantId: string;
  /** The user, or what was given for an address: there may be no such account. */
  readonly account: string;
  readonly remoteAddress: string;
}

export interface MailGuard {
  /** Counts the request; throws `rate_limited` after too many, the same whether there is such an account or not. */
  admit(request: MailRequest): void;
}

const WINDOW_MS = 60 * 60_000;
/** As with guessing: people behind one address share it, and nobody can use up the mails of all others from one place. */
const TOGETHER = 5;
const MAX_ENTRIES = 100_000;

/**
 * Bounds on asking for mails, of one process. What one account is sent is bounded once more where tokens are issued, in
 * the database and so for all processes together.
 * @param requests for one account in an hour
 * @param now a monotonic clock in ms
 */
export function createMailGuard(requests: number, now: () => number): MailGuard {
  const limiter = (limit: number) => createAttemptLimiter({ limit, windowMs: WINDOW_MS, maxEntries: MAX_ENTRIES, now });
  const accounts = limiter(requests);
  const addresses = limiter(requests * TOGETHER);
  return {
    admit({ tenantId, account, remoteAddress }) {
      const address = `${tenantId} ${addressKey(remoteAddress)}`;
      let retryAfterMs = addresses.begin(address);
      if (retryAfterMs === 0) {
        retryAfterMs = accounts.begin(`${tenantId} ${account}`);
        if (retryAfterMs === 0) return;
        addresses.takeBack(address);
      }
      throw platformErrors.rate_limited({ detail: 'too many mails were asked for', retryAfterMs });
    },
  };
}
