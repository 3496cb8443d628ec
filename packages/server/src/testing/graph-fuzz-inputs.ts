import type { ForeignInputs } from './account-cases.js';

/** Of requests to follow, mutes, lists of users and mutuals; see promises/tenancy-fuzz.test.ts. */
export const GRAPH_FUZZ_INPUTS: Readonly<Record<string, ForeignInputs>> = {
  listMutuals: (other, own) => [
    { userId: other.userId, limit: 5 },
    { userId: own.userId, limit: 5, cursor: other.cursors.listMutuals },
  ],
  removeFollower: ({ userId }) => [{ userId }],
  setPrivacy: () => [{ isPrivate: false }],
  listFollowRequests: ({ cursors }) => [{ limit: 5 }, { limit: 5, cursor: cursors.listFollowRequests }],
  listSentFollowRequests: ({ cursors }) => [{ limit: 5 }, { limit: 5, cursor: cursors.listSentFollowRequests }],
  approveFollowRequest: ({ userId }) => [{ userId }],
  declineFollowRequest: ({ userId }) => [{ userId }],
  muteUser: ({ userId }) => [{ userId }, { userId, durationSeconds: 600 }],
  unmuteUser: ({ userId }) => [{ userId }],
  listMutes: ({ cursors }) => [{ limit: 5 }, { limit: 5, cursor: cursors.listMutes }],
  createList: () => [{ name: 'friends' }],
  updateList: ({ listId }) => [{ listId, name: 'taken over', isPrivate: false }],
  deleteList: ({ listId }) => [{ listId }],
  getList: ({ listId }) => [{ listId }],
  listLists: (other, own) => [
    { userId: other.userId, limit: 5 },
    { userId: own.userId, limit: 5, cursor: other.cursors.listLists },
  ],
  listListMembers: (other, own) => [
    { listId: other.listId, limit: 5 },
    { listId: own.listId, limit: 5, cursor: other.cursors.listListMembers },
  ],
  addListMember: (other, own) => [
    { listId: other.listId, userId: own.userId },
    { listId: own.listId, userId: other.userId },
    { listId: other.listId, userId: other.userId },
  ],
  removeListMember: (other, own) => [
    { listId: other.listId, userId: own.userId },
    { listId: own.listId, userId: other.userId },
  ],
};
