import type { Cursors } from '../../platform/cursor/index.js';
import { type BoundOperation, bindOperation } from '../../platform/operation/index.js';
import { type ChangeEmailDeps, changeEmail } from './email/change-email.js';
import { resendEmailVerification } from './email/resend-verification.js';
import { verifyEmail } from './email/verify-email.js';
import { getMe } from './get-me.js';
import { getUser } from './get-user.js';
import { getUserByHandle } from './get-user-by-handle.js';
import { listSessions } from './list-sessions.js';
import { changePassword } from './password/change-password.js';
import { confirmPasswordReset } from './password/confirm-password-reset.js';
import { requestPasswordReset } from './password/request-password-reset.js';
import type { Visibility } from './profile.js';
import { revokeOtherSessions } from './revoke-other-sessions.js';
import { revokeSession } from './revoke-session.js';
import type { OnRevoked } from './revoke-sessions.js';
import { type SignInDeps, signIn } from './sign-in.js';
import { signOut } from './sign-out.js';
import { type SignUpDeps, signUp } from './sign-up.js';
import { updateProfile } from './update-profile.js';

export interface OperationDeps extends SignUpDeps, SignInDeps {
  readonly passwords: SignUpDeps['passwords'] & SignInDeps['passwords'];
  readonly cursors: Cursors;
  readonly visibility: Visibility;
  readonly onRevoked: OnRevoked;
  readonly mailGuard: ChangeEmailDeps['mailGuard'];
}

export type IdentityOperations = ReturnType<typeof bindIdentityOperations>;

export function bindIdentityOperations(deps: OperationDeps) {
  return {
    signUp: bindOperation(signUp, deps),
    signIn: bindOperation(signIn, deps),
    signOut: bindOperation(signOut, deps),
    listSessions: bindOperation(listSessions, deps),
    revokeSession: bindOperation(revokeSession, deps),
    revokeOtherSessions: bindOperation(revokeOtherSessions, deps),
    changeEmail: bindOperation(changeEmail, deps),
    resendEmailVerification: bindOperation(resendEmailVerification, deps),
    verifyEmail: bindOperation(verifyEmail, deps),
    changePassword: bindOperation(changePassword, deps),
    requestPasswordReset: bindOperation(requestPasswordReset, deps),
    confirmPasswordReset: bindOperation(confirmPasswordReset, deps),
    getMe: bindOperation(getMe, deps),
    updateProfile: bindOperation(updateProfile, deps),
    getUser: bindOperation(getUser, deps),
    getUserByHandle: bindOperation(getUserByHandle, deps),
  } satisfies Record<string, BoundOperation>;
}
