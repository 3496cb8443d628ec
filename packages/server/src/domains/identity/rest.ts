import type { RestBinding } from '../../platform/operation/index.js';
import type { IdentityOperations } from './operations.js';

export function restBindings(operations: IdentityOperations): RestBinding[] {
  return [
    { method: 'POST', path: '/users', operation: operations.signUp, status: 201 },
    { method: 'GET', path: '/users/:userId', operation: operations.getUser, status: 200 },
    { method: 'GET', path: '/users/by-handle/:handle', operation: operations.getUserByHandle, status: 200 },
    { method: 'GET', path: '/me', operation: operations.getMe, status: 200 },
    { method: 'PATCH', path: '/me', operation: operations.updateProfile, status: 200 },
    { method: 'POST', path: '/sessions', operation: operations.signIn, status: 201 },
    { method: 'GET', path: '/sessions', operation: operations.listSessions, status: 200 },
    { method: 'DELETE', path: '/sessions', operation: operations.revokeOtherSessions, status: 204 },
    { method: 'DELETE', path: '/sessions/current', operation: operations.signOut, status: 204 },
    { method: 'DELETE', path: '/sessions/:sessionId', operation: operations.revokeSession, status: 204 },
    { method: 'PUT', path: '/me/email', operation: operations.changeEmail, status: 200 },
    { method: 'POST', path: '/me/email/verification', operation: operations.resendEmailVerification, status: 204 },
    { method: 'POST', path: '/email-verifications', operation: operations.verifyEmail, status: 204 },
    { method: 'PUT', path: '/me/password', operation: operations.changePassword, status: 204 },
    { method: 'POST', path: '/password-resets', operation: operations.requestPasswordReset, status: 204 },
    { method: 'POST', path: '/password-resets/confirm', operation: operations.confirmPasswordReset, status: 204 },
  ];
}
