import { bindOperation } from '../../platform/operation/index.js';
import { blockUser } from './block-user.js';
import { approveFollowRequest } from './follow-requests/approve-follow-request.js';
import { declineFollowRequest } from './follow-requests/decline-follow-request.js';
import { listFollowRequests } from './follow-requests/list-follow-requests.js';
import { listSentFollowRequests } from './follow-requests/list-sent-follow-requests.js';
import { type SetPrivacyDeps, setPrivacy } from './follow-requests/set-privacy.js';
import { followUser } from './follow-user.js';
import { listBlocks } from './list-blocks.js';
import { listFollowers } from './list-followers.js';
import { listFollowing } from './list-following.js';
import { listMutuals } from './list-mutuals.js';
import type { ListDeps } from './list-users.js';
import { listMutes } from './mutes/list-mutes.js';
import { muteUser } from './mutes/mute-user.js';
import { unmuteUser } from './mutes/unmute-user.js';
import type { RelationMemory } from './relation-memory.js';
import { removeFollower } from './remove-follower.js';
import { unblockUser } from './unblock-user.js';
import { unfollowUser } from './unfollow-user.js';
import { addListMember } from './user-lists/add-list-member.js';
import { createList } from './user-lists/create-list.js';
import { deleteList } from './user-lists/delete-list.js';
import { getList } from './user-lists/get-list.js';
import { listListMembers } from './user-lists/list-list-members.js';
import { listLists } from './user-lists/list-lists.js';
import { removeListMember } from './user-lists/remove-list-member.js';
import { updateList } from './user-lists/update-list.js';

export type OperationDeps = ListDeps & SetPrivacyDeps & { readonly memory: Pick<RelationMemory, 'changes'> };

/** The operations of the graph with what they need in place. */
export function bindGraphOperations(deps: OperationDeps) {
  return {
    followUser: bindOperation(followUser, deps),
    unfollowUser: bindOperation(unfollowUser, deps),
    blockUser: bindOperation(blockUser, deps),
    unblockUser: bindOperation(unblockUser, deps),
    listFollowers: bindOperation(listFollowers, deps),
    listFollowing: bindOperation(listFollowing, deps),
    listBlocks: bindOperation(listBlocks, deps),
    removeFollower: bindOperation(removeFollower, deps),
    setPrivacy: bindOperation(setPrivacy, deps),
    listFollowRequests: bindOperation(listFollowRequests, deps),
    listSentFollowRequests: bindOperation(listSentFollowRequests, deps),
    approveFollowRequest: bindOperation(approveFollowRequest, deps),
    declineFollowRequest: bindOperation(declineFollowRequest, deps),
    muteUser: bindOperation(muteUser, deps),
    unmuteUser: bindOperation(unmuteUser, deps),
    listMutes: bindOperation(listMutes, deps),
    listMutuals: bindOperation(listMutuals, deps),
    createList: bindOperation(createList, deps),
    updateList: bindOperation(updateList, deps),
    deleteList: bindOperation(deleteList, deps),
    getList: bindOperation(getList, deps),
    listLists: bindOperation(listLists, deps),
    addListMember: bindOperation(addListMember, deps),
    removeListMember: bindOperation(removeListMember, deps),
    listListMembers: bindOperation(listListMembers, deps),
  } as const;
}

export type GraphOperations = ReturnType<typeof bindGraphOperations>;
