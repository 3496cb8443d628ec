import type { DomainEvent } from '../../platform/db/index.js';

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
