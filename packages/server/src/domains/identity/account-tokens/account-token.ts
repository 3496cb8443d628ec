import { createHmac, hash } from 'node:crypto';
import Type from 'typebox';

/** What a mailed token is good for. */
export type TokenPurpose = 'verify_email' | 'reset_password';

const PREFIXES: Readonly<Record<TokenPurpose, string>> = { verify_email: 'nova_ev_', reset_password: 'nova_pr_' };

export const AccountToken = Type.String({
  pattern: '^nova_(ev|pr)_[A-Za-z0-9_-]{43}$',
  maxLength: 51,
  description: 'The token of the link in the mail, which works once',
});

/** Makes the token of an id: the same each time, so that a mail can be made again and its secret is stored nowhere. */
export type DeriveToken = (purpose: TokenPurpose, tenantId: string, id: string) => string;

/** @param secretKey of the deployment: with another one, mails that have not been sent yet have links that do not work */
export function createTokenDeriver(secretKey: string): DeriveToken {
  const key = createHmac('sha256', secretKey).update('nova account token v1').digest();
  return (purpose, tenantId, id) =>
    PREFIXES[purpose] + createHmac('sha256', key).update(`${purpose}\0${tenantId}\0${id}`).digest('base64url');
}

/** What a token is found by: 32 bytes that nobody can guess need no salt. */
export function hashAccountToken(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}
