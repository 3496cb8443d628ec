import type { DomainEvent } from '../../platform/db/index.js';
import { newId } from '../../platform/ids/index.js';

export const userCreated = (userId: string): DomainEvent => ({
  type: 'user.created',
  key: userId,
  payload: { userId },
});

export const userUpdated = (userId: string): DomainEvent => ({
  type: 'user.updated',
  key: userId,
  payload: { userId },
});

export const userRoleChanged = (userId: string, role: string): DomainEvent => ({
  type: 'user.role_changed',
  key: userId,
  payload: { userId, role },
});

export const userDeleted = (userId: string): DomainEvent => ({
  type: 'user.deleted',
  key: userId,
  payload: { userId },
});

export const EMAIL_VERIFICATION_REQUESTED = 'email.verification_requested';
export const EMAIL_CHANGED = 'email.changed';
export const PASSWORD_RESET_REQUESTED = 'password.reset_requested';
export const PASSWORD_CHANGED = 'password.changed';

/** The user has an address, new or pending, that is to be verified. */
export const emailVerificationRequested = (userId: string): DomainEvent => ({
  type: EMAIL_VERIFICATION_REQUESTED,
  key: userId,
  payload: { userId },
});

/** @param tokenId whose use changed it; its row knows the address that was replaced */
export const emailChanged = (userId: string, tokenId: string): DomainEvent => ({
  type: EMAIL_CHANGED,
  key: userId,
  payload: { userId, tokenId },
});

/** @param userId null where there is no such account: who asks must not be able to tell by what is done */
export const passwordResetRequested = (userId: string | null): DomainEvent => ({
  type: PASSWORD_RESET_REQUESTED,
  key: userId ?? newId(),
  payload: { userId },
});

export const passwordChanged = (userId: string): DomainEvent => ({
  type: PASSWORD_CHANGED,
  key: userId,
  payload: { userId },
});
