import type { WriteHandle } from '../../platform/db/index.js';
import { addToCounts } from './queries/changes.js';

/** A follow or a request to follow, of whoever follows to whomever is followed. */
export interface Pair {
  readonly followerId: string;
  readonly followeeId: string;
}

export interface CountChange extends Pair {
  readonly of: 'follow' | 'request';
  readonly by: 1 | -1;
}

/** Brings follows and requests that this transaction has made or ended into the counts of both sides; their rows exist. */
export async function changeCounts(tx: WriteHandle, changes: readonly CountChange[]): Promise<void> {
  if (changes.length === 0) return;
  const byUser = new Map<string, { followers: number; following: number; received: number; sent: number }>();
  const countsOf = (userId: string) => {
    const counts = byUser.get(userId) ?? { followers: 0, following: 0, received: 0, sent: 0 };
    byUser.set(userId, counts);
    return counts;
  };
  for (const { of, by, followerId, followeeId } of changes) {
    if (of === 'follow') {
      countsOf(followerId).following += by;
      countsOf(followeeId).followers += by;
    } else {
      countsOf(followerId).sent += by;
      countsOf(followeeId).received += by;
    }
  }
  const added = [...byUser.values()];
  await tx.run(addToCounts, {
    userIds: [...byUser.keys()],
    followers: added.map((counts) => counts.followers),
    following: added.map((counts) => counts.following),
    received: added.map((counts) => counts.received),
    sent: added.map((counts) => counts.sent),
  });
}
