import { requireViewer, type Scope } from '../../../platform/operation/index.js';
import type { PasswordHasher } from '../../../platform/password/index.js';
import { identityErrors } from '../errors.js';
import type { SignInGuard } from '../sign-in-guard.js';
import { passwordHashOfUser } from './password-queries.js';

export interface OwnPasswordDeps {
  readonly passwords: Pick<PasswordHasher, 'verify' | 'verifyDummy'>;
  readonly guard: SignInGuard;
}

/**
 * Makes sure that it is the viewer, not somebody at their device or with their token; counted as guesses at sign-in are.
 * Answers with the hash that was checked. Errors: `wrong_password`, also for an account without one; `rate_limited`,
 * `overloaded`.
 */
export async function verifyOwnPassword(
  { passwords, guard }: OwnPasswordDeps,
  scope: Scope,
  password: string,
): Promise<string> {
  const { userId } = requireViewer(scope);
  const attempt = { tenantId: scope.tenant.id, login: userId, remoteAddress: scope.remoteAddress };
  guard.begin(attempt);
  let wrong = false;
  try {
    const hash = (await scope.db.row(passwordHashOfUser, { userId }))?.passwordHash;
    const right =
      hash === undefined
        ? await passwords.verifyDummy(password, scope.signal)
        : await passwords.verify(hash, password, scope.signal);
    if (right && hash !== undefined) return hash;
    wrong = true;
    throw identityErrors.wrong_password();
  } finally {
    if (!wrong) guard.takeBack(attempt);
  }
}
