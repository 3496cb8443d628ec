import type { Static } from 'typebox';
import { writeOperation } from '../../platform/operation/index.js';
import type { PasswordHasher } from '../../platform/password/index.js';
import { identityErrors } from './errors.js';
import { issueSession } from './issue-session.js';
import { normalizeEmail, normalizeHandle } from './login-names.js';
import { credentialsByLogin, replacePasswordHash } from './queries.js';
import { SignedIn, SignInInput, type User } from './schema.js';
import type { SignInGuard } from './sign-in-guard.js';

export interface SignInDeps {
  readonly passwords: Pick<PasswordHasher, 'hash' | 'verify' | 'verifyDummy' | 'needsRehash'>;
  readonly sessionTtlMs: number;
  readonly guard: SignInGuard;
}

interface Verified {
  readonly user: User;
  /** To be stored in place of the one that was checked, when the parameters of hashing have changed. */
  readonly rehash: { readonly oldHash: string; readonly newHash: string } | null;
}

/**
 * Errors: `invalid_credentials`, the same and after the same work whatever was wrong; `rate_limited` after too many of
 * them; `overloaded`.
 */
export const signIn = writeOperation<SignInDeps, typeof SignInInput, typeof SignedIn, Verified>({
  name: 'signIn',
  summary: 'Sign in with an e-mail address or a handle',
  access: 'anyone',
  input: SignInInput,
  output: SignedIn,
  secretOutput: ['token'],
  async prepare(
    { passwords, guard },
    { tenant, db, signal, remoteAddress },
    { login: given, password },
  ): Promise<Verified> {
    const login = given.includes('@') ? normalizeEmail(given) : normalizeHandle(given);
    const attempt = { tenantId: tenant.id, login, remoteAddress };
    guard.begin(attempt);
    let wrong = false;
    try {
      const found = await db.row(credentialsByLogin, {
        handle: login.includes('@') ? null : login,
        email: login.includes('@') ? login : null,
      });
      const oldHash = found?.passwordHash ?? null;
      const right =
        oldHash === null
          ? await passwords.verifyDummy(password, signal)
          : await passwords.verify(oldHash, password, signal);
      if (!right || oldHash === null || found === undefined) {
        wrong = true;
        throw identityErrors.invalid_credentials();
      }
      const { passwordHash: _, ...user } = found;
      if (!passwords.needsRehash(oldHash)) return { user, rehash: null };
      return { user, rehash: { oldHash, newHash: await passwords.hash(password, signal) } };
    } finally {
      if (!wrong) guard.takeBack(attempt);
    }
  },
  async run(
    { sessionTtlMs },
    { db, userAgent, remoteAddress },
    _input,
    { user, rehash },
  ): Promise<Static<typeof SignedIn>> {
    const [session] = await Promise.all([
      issueSession(db, { userId: user.id, userAgent, remoteAddress, ttlMs: sessionTtlMs }),
      rehash === null ? 0 : db.run(replacePasswordHash, { userId: user.id, ...rehash }),
    ]);
    return { user, ...session };
  },
});
