import type { Static } from 'typebox';
import { violates } from '../../platform/db/index.js';
import { newId } from '../../platform/ids/index.js';
import { writeOperation } from '../../platform/operation/index.js';
import type { PasswordHasher } from '../../platform/password/index.js';
import type { TenantSettings } from '../../platform/tenant-settings/index.js';
import { identityErrors } from './errors.js';
import { emailVerificationRequested, userCreated } from './events.js';
import { issueSession } from './issue-session.js';
import { normalizeEmail, normalizeHandle } from './login-names.js';
import { insertCredentials, insertUser } from './queries.js';
import { SignedIn, SignUpInput } from './schema.js';
import { identitySettings } from './settings.js';

export interface SignUpDeps {
  readonly passwords: Pick<PasswordHasher, 'hash'>;
  readonly sessionTtlMs: number;
  readonly tenantSettings: TenantSettings;
}

/** Makes an account and signs it in. Errors: `sign_up_closed`, `handle_taken`, `email_taken`, `overloaded`. */
export const signUp = writeOperation<SignUpDeps, typeof SignUpInput, typeof SignedIn, string>({
  name: 'signUp',
  summary: 'Make an account and sign in',
  access: 'anyone',
  input: SignUpInput,
  output: SignedIn,
  secretOutput: ['token'],
  counts: 'usersCreated',
  // Whether the names are free is not looked up here: a repeated call finds its own and must be answered again.
  async prepare({ passwords, tenantSettings }, scope, { password }) {
    const { signUpOpen } = await tenantSettings.of(scope.tenant.id, identitySettings);
    if (!signUpOpen) throw identityErrors.sign_up_closed();
    return await passwords.hash(password, scope.signal);
  },
  async run({ sessionTtlMs }, scope, input, passwordHash): Promise<Static<typeof SignedIn>> {
    const { db } = scope;
    const id = newId();
    const handle = normalizeHandle(input.handle);
    const displayName = input.displayName?.trim() ?? handle;
    const email = normalizeEmail(input.email);
    // One round trip: the statements go out together and run in this order.
    const [user, , session] = await Promise.all([
      db.row(insertUser, { id, handle, displayName, email }),
      db.run(insertCredentials, { userId: id, passwordHash }),
      issueSession(db, {
        userId: id,
        userAgent: scope.userAgent,
        remoteAddress: scope.remoteAddress,
        ttlMs: sessionTtlMs,
      }),
    ]).catch((error: unknown) => {
      throw takenName(error) ?? error;
    });
    if (user === undefined) throw new Error('INSERT of a user returned no row');
    db.emit(userCreated(id));
    db.emit(emailVerificationRequested(id));
    return { user, ...session };
  },
});

function takenName(error: unknown) {
  const taken = (path: string) => ({ problems: [{ path, reason: 'is taken' }], cause: error });
  if (violates(error, 'users_handle_key')) return identityErrors.handle_taken(taken('handle'));
  if (violates(error, 'users_email_key')) return identityErrors.email_taken(taken('email'));
  return undefined;
}
