import { bindOperation } from '../../platform/operation/index.js';
import { blockUser } from './block-user.js';
import { followUser } from './follow-user.js';
import { listBlocks } from './list-blocks.js';
import { listFollowers } from './list-followers.js';
import { listFollowing } from './list-following.js';
import type { ListDeps } from './list-users.js';
import { unblockUser } from './unblock-user.js';
import { unfollowUser } from './unfollow-user.js';

/** The operations of the graph with what they need in place. */
export function bindGraphOperations(deps: ListDeps) {
  return {
    followUser: bindOperation(followUser, deps),
    unfollowUser: bindOperation(unfollowUser, deps),
    blockUser: bindOperation(blockUser, deps),
    unblockUser: bindOperation(unblockUser, deps),
    listFollowers: bindOperation(listFollowers, deps),
    listFollowing: bindOperation(listFollowing, deps),
    listBlocks: bindOperation(listBlocks, deps),
  } as const;
}

export type GraphOperations = ReturnType<typeof bindGraphOperations>;
