import type { RestBinding } from '../../platform/operation/index.js';
import type { GraphOperations } from './operations.js';

export function restBindings(operations: GraphOperations): readonly RestBinding[] {
  return [
    { method: 'PUT', path: '/users/:userId/follow', operation: operations.followUser, status: 200 },
    { method: 'DELETE', path: '/users/:userId/follow', operation: operations.unfollowUser, status: 200 },
    { method: 'PUT', path: '/users/:userId/block', operation: operations.blockUser, status: 200 },
    { method: 'DELETE', path: '/users/:userId/block', operation: operations.unblockUser, status: 200 },
    { method: 'GET', path: '/users/:userId/followers', operation: operations.listFollowers, status: 200 },
    { method: 'GET', path: '/users/:userId/following', operation: operations.listFollowing, status: 200 },
    { method: 'GET', path: '/me/blocks', operation: operations.listBlocks, status: 200 },
    { method: 'DELETE', path: '/me/followers/:userId', operation: operations.removeFollower, status: 200 },
    { method: 'PUT', path: '/me/privacy', operation: operations.setPrivacy, status: 200 },
    { method: 'GET', path: '/me/follow-requests', operation: operations.listFollowRequests, status: 200 },
    { method: 'GET', path: '/me/follow-requests/sent', operation: operations.listSentFollowRequests, status: 200 },
    {
      method: 'PUT',
      path: '/me/follow-requests/:userId/approval',
      operation: operations.approveFollowRequest,
      status: 200,
    },
    {
      method: 'DELETE',
      path: '/me/follow-requests/:userId',
      operation: operations.declineFollowRequest,
      status: 200,
    },
    { method: 'PUT', path: '/users/:userId/mute', operation: operations.muteUser, status: 200 },
    { method: 'DELETE', path: '/users/:userId/mute', operation: operations.unmuteUser, status: 200 },
    { method: 'GET', path: '/users/:userId/mutuals', operation: operations.listMutuals, status: 200 },
    { method: 'GET', path: '/users/:userId/lists', operation: operations.listLists, status: 200 },
    { method: 'POST', path: '/lists', operation: operations.createList, status: 201 },
    { method: 'GET', path: '/lists/:listId', operation: operations.getList, status: 200 },
    { method: 'PATCH', path: '/lists/:listId', operation: operations.updateList, status: 200 },
    { method: 'DELETE', path: '/lists/:listId', operation: operations.deleteList, status: 204 },
    { method: 'GET', path: '/lists/:listId/members', operation: operations.listListMembers, status: 200 },
    { method: 'PUT', path: '/lists/:listId/members/:userId', operation: operations.addListMember, status: 200 },
    { method: 'DELETE', path: '/lists/:listId/members/:userId', operation: operations.removeListMember, status: 200 },
    { method: 'GET', path: '/me/mutes', operation: operations.listMutes, status: 200 },
  ];
}
