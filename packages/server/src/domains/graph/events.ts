import type { DomainEvent } from '../../platform/db/index.js';
import type { Pair } from './change-counts.js';

/** Events of one pair of users are handled in their order, whoever of the two acted. */
const pairKey = (a: string, b: string) => (a < b ? `${a}/${b}` : `${b}/${a}`);

export function followCreated(followerId: string, followeeId: string): DomainEvent {
  return { type: 'follow.created', key: pairKey(followerId, followeeId), payload: { followerId, followeeId } };
}

export function followRemoved(followerId: string, followeeId: string): DomainEvent {
  return { type: 'follow.removed', key: pairKey(followerId, followeeId), payload: { followerId, followeeId } };
}

export const REQUESTS_LEFT = 'follow_request.left';

const requestEvent =
  (type: string) =>
  ({ followerId, followeeId }: Pair): DomainEvent => ({
    type,
    key: pairKey(followerId, followeeId),
    payload: { followerId, followeeId },
  });

export const requestCreated = requestEvent('follow_request.created');
/** Comes with a `follow.created`. */
export const requestApproved = requestEvent('follow_request.approved');
export const requestDeclined = requestEvent('follow_request.declined');
export const requestWithdrawn = requestEvent('follow_request.withdrawn');

/** A public account still has requests from when it was private. */
export function requestsLeft(userId: string): DomainEvent {
  return { type: REQUESTS_LEFT, key: userId, payload: { userId } };
}

export function blockCreated(blockerId: string, blockedId: string): DomainEvent {
  return { type: 'block.created', key: pairKey(blockerId, blockedId), payload: { blockerId, blockedId } };
}

export function blockRemoved(blockerId: string, blockedId: string): DomainEvent {
  return { type: 'block.removed', key: pairKey(blockerId, blockedId), payload: { blockerId, blockedId } };
}
