import type { Cursors } from '../../platform/cursor/index.js';
import { type BoundOperation, bindOperation } from '../../platform/operation/index.js';
import { getMe } from './get-me.js';
import { getUser } from './get-user.js';
import { getUserByHandle } from './get-user-by-handle.js';
import { listSessions } from './list-sessions.js';
import type { Visibility } from './profile.js';
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
}

export type IdentityOperations = ReturnType<typeof bindIdentityOperations>;

export function bindIdentityOperations(deps: OperationDeps) {
  return {
    signUp: bindOperation(signUp, deps),
    signIn: bindOperation(signIn, deps),
    signOut: bindOperation(signOut, deps),
    listSessions: bindOperation(listSessions, deps),
    revokeSession: bindOperation(revokeSession, deps),
    getMe: bindOperation(getMe, deps),
    updateProfile: bindOperation(updateProfile, deps),
    getUser: bindOperation(getUser, deps),
    getUserByHandle: bindOperation(getUserByHandle, deps),
  } satisfies Record<string, BoundOperation>;
}
