import { platformErrors } from '../../platform/errors/index.js';
import { addressKey, createAttemptLimiter } from '../../platform/rate-limit/index.js';

/** Who tries to sign in, and as whom. */
export interface SignInAttempt {
  readonly tenantId: string;
  /** As it is looked up. */
  readonly login: string;
  readonly remoteAddress: string;
}

export interface SignInGuard {
  /** Throws `rate_limited` after too many wrong passwords; the same whether there is such an account or not. */
  begin(attempt: SignInAttempt): void;
  /** It was no guess: the password was right, or nobody has looked at it. */
  takeBack(attempt: SignInAttempt): void;
}

const WINDOW_MS = 15 * 60_000;
/**
 * How many times as many on one account from all addresses together, and from one address at any account: an office
 * behind one address has some who mistype, and whoever guesses from one place cannot lock an owner out. With the default
 * of 20 it is the bound of NIST SP 800-63B, 5.2.2: no more than 100 failed attempts on one account.
 */
const TOGETHER = 5;
/** Of each kind: some 20 MB. */
const MAX_ENTRIES = 100_000;

/**
 * Bounds on guessing passwords, of one process. Attempts with the right one do not count, once they are made.
 * @param failures on one account from one address
 * @param now a monotonic clock in ms
 */
export function createSignInGuard(failures: number, now: () => number): SignInGuard {
  const limiter = (limit: number) => createAttemptLimiter({ limit, windowMs: WINDOW_MS, maxEntries: MAX_ENTRIES, now });
  const rules = [
    { limiter: limiter(failures * TOGETHER), keyOf: ({ tenantId, address }: Keys) => `${tenantId} ${address}` },
    {
      limiter: limiter(failures),
      keyOf: ({ tenantId, login, address }: Keys) => `${tenantId} ${address} ${login}`,
    },
    { limiter: limiter(failures * TOGETHER), keyOf: ({ tenantId, login }: Keys) => `${tenantId} ${login}` },
  ];
  return {
    begin(attempt) {
      const keys = keysOf(attempt);
      for (const [index, rule] of rules.entries()) {
        const retryAfterMs = rule.limiter.begin(rule.keyOf(keys));
        if (retryAfterMs === 0) continue;
        for (const before of rules.slice(0, index)) before.limiter.takeBack(before.keyOf(keys));
        throw platformErrors.rate_limited({ detail: 'too many wrong passwords', retryAfterMs });
      }
    },
    takeBack(attempt) {
      const keys = keysOf(attempt);
      for (const rule of rules) rule.limiter.takeBack(rule.keyOf(keys));
    },
  };
}

interface Keys {
  readonly tenantId: string;
  readonly login: string;
  readonly address: string;
}

function keysOf({ tenantId, login, remoteAddress }: SignInAttempt): Keys {
  return { tenantId, login, address: addressKey(remoteAddress) };
}
