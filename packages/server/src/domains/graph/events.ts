import type { DomainEvent } from '../../platform/db/index.js';

/** Events of one pair of users are handled in their order, whoever of the two acted. */
const pairKey = (a: string, b: string) => (a < b ? `${a}/${b}` : `${b}/${a}`);

export function followCreated(followerId: string, followeeId: string): DomainEvent {
  return { type: 'follow.created', key: pairKey(followerId, followeeId), payload: { followerId, followeeId } };
}

export function followRemoved(followerId: string, followeeId: string): DomainEvent {
  return { type: 'follow.removed', key: pairKey(followerId, followeeId), payload: { followerId, followeeId } };
}

export function blockCreated(blockerId: string, blockedId: string): DomainEvent {
  return { type: 'block.created', key: pairKey(blockerId, blockedId), payload: { blockerId, blockedId } };
}

export function blockRemoved(blockerId: string, blockedId: string): DomainEvent {
  return { type: 'block.removed', key: pairKey(blockerId, blockedId), payload: { blockerId, blockedId } };
}
