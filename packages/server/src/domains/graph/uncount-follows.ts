import type { WriteHandle } from '../../platform/db/index.js';
import { lowerCounts } from './queries/changes.js';

export interface Follow {
  readonly followerId: string;
  readonly followeeId: string;
}

/** Takes follows that this transaction has deleted out of the counts of both sides. */
export async function uncountFollows(tx: WriteHandle, follows: readonly Follow[]): Promise<void> {
  const byUser = new Map<string, { followers: number; following: number }>();
  const countsOf = (userId: string) => {
    const counts = byUser.get(userId) ?? { followers: 0, following: 0 };
    byUser.set(userId, counts);
    return counts;
  };
  for (const { followerId, followeeId } of follows) {
    countsOf(followerId).following += 1;
    countsOf(followeeId).followers += 1;
  }
  await tx.run(lowerCounts, {
    userIds: [...byUser.keys()],
    followers: [...byUser.values()].map((counts) => counts.followers),
    following: [...byUser.values()].map((counts) => counts.following),
  });
}
