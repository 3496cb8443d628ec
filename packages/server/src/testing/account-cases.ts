import type { Input } from './api-surface.js';
import type { Target } from './populated-tenant.js';

/** Inputs of an operation that name things of `other`; `own` is the caller's tenant. */
export type ForeignInputs = (other: Target, own: Target) => readonly Input[];

/** Addresses, passwords and what mails carry; part of the fuzz of tenancy. */
export const ACCOUNT_CASES: Readonly<Record<string, ForeignInputs>> = {
  revokeOtherSessions: () => [{}],
  changeEmail: (other) => [{ email: `${other.newHandle()}@example.org`, password: 'a password of anna' }],
  resendEmailVerification: () => [{}],
  verifyEmail: ({ verificationToken }) => [{ token: verificationToken }],
  changePassword: () => [{ currentPassword: 'a password of anna', newPassword: 'a password of anna' }],
  requestPasswordReset: ({ email }) => [{ email }],
  confirmPasswordReset: ({ resetToken }) => [{ token: resetToken, password: 'another password' }],
};
