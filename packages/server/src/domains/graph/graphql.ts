import type { EdgeLoader, GraphqlBinding } from '../../platform/operation/index.js';
import { EDGE_DEFAULT_LIMIT, MUTUALS_SHOWN } from './limits.js';
import type { GraphOperations } from './operations.js';

const typeDefs = `
  "How the viewer and another user stand to one another"
  type Relation {
    "The viewer follows the user"
    following: Boolean!
    "The user follows the viewer"
    followedBy: Boolean!
    "The viewer asks to follow the user"
    requested: Boolean!
    "The user asks to follow the viewer"
    requestedBy: Boolean!
    "The viewer blocks the user"
    blocking: Boolean!
    "The viewer mutes the user"
    muting: Boolean!
    "null without a mute, and for one without an end"
    mutedUntil: DateTime
  }

  type UserCounts {
    followers: Int!
    following: Int!
  }

  type UserPage {
    items: [User!]!
    nextCursor: String
  }

  type CountedUserPage {
    items: [User!]!
    nextCursor: String
    "Of all pages together"
    count: Int!
  }

  enum ListKind {
    "A list of its owner's making"
    named
    "The one list of those closest, always private"
    close_friends
  }

  "A list of users"
  type UserList {
    id: ID!
    ownerId: ID!
    name: String!
    kind: ListKind!
    "Only its owner sees the list"
    isPrivate: Boolean!
    memberCount: Int!
    createdAt: DateTime!
    updatedAt: DateTime!
  }

  type UserListPage {
    items: [UserList!]!
    nextCursor: String
  }

  type Privacy {
    isPrivate: Boolean!
  }

  extend type User {
    counts: UserCounts!
    "null without a viewer and for the viewer's own profile"
    viewer: Relation
    "The first page; further ones come from listFollowers"
    followers(limit: Int = ${EDGE_DEFAULT_LIMIT}): UserPage!
    "The first page; further ones come from listFollowing"
    following(limit: Int = ${EDGE_DEFAULT_LIMIT}): UserPage!
    "Followers whom the viewer follows, the first of them; null without a viewer. Further ones come from listMutuals"
    mutuals(limit: Int = ${MUTUALS_SHOWN}): CountedUserPage @cost(weight: 20)
  }

  extend type Query {
    listFollowers(userId: ID!, limit: Int, cursor: String): UserPage
    listFollowing(userId: ID!, limit: Int, cursor: String): UserPage
    listBlocks(limit: Int, cursor: String): UserPage
    listMutes(limit: Int, cursor: String): UserPage
    listFollowRequests(limit: Int, cursor: String): CountedUserPage
    listSentFollowRequests(limit: Int, cursor: String): UserPage
    listMutuals(userId: ID!, limit: Int, cursor: String): CountedUserPage
    getList(listId: ID!): UserList
    listLists(userId: ID!, limit: Int, cursor: String): UserListPage
    listListMembers(listId: ID!, limit: Int, cursor: String): UserPage
  }

  extend type Mutation {
    followUser(userId: ID!): Relation
    unfollowUser(userId: ID!): Relation
    blockUser(userId: ID!): Relation
    unblockUser(userId: ID!): Relation
    removeFollower(userId: ID!): Relation
    setPrivacy(isPrivate: Boolean!): Privacy
    approveFollowRequest(userId: ID!): Relation
    declineFollowRequest(userId: ID!): Relation
    muteUser(userId: ID!, durationSeconds: Int): Relation
    unmuteUser(userId: ID!): Relation
    createList(name: String!, kind: ListKind, isPrivate: Boolean): UserList
    updateList(listId: ID!, name: String, isPrivate: Boolean): UserList
    deleteList(listId: ID!): Boolean
    addListMember(listId: ID!, userId: ID!): UserList
    removeListMember(listId: ID!, userId: ID!): UserList
  }
`;

export function graphqlBinding(
  operations: GraphOperations,
  userEdges: Readonly<Record<string, EdgeLoader>>,
): GraphqlBinding {
  const { listFollowers, listFollowing, listBlocks, followUser, unfollowUser, blockUser, unblockUser } = operations;
  const { removeFollower, setPrivacy, approveFollowRequest, declineFollowRequest, muteUser, unmuteUser } = operations;
  const { listMutes, listFollowRequests, listSentFollowRequests, listMutuals } = operations;
  const { createList, updateList, deleteList, addListMember, removeListMember } = operations;
  const { getList, listLists, listListMembers } = operations;
  return {
    typeDefs,
    queries: {
      listFollowers,
      listFollowing,
      listBlocks,
      listMutes,
      listFollowRequests,
      listSentFollowRequests,
      listMutuals,
      getList,
      listLists,
      listListMembers,
    },
    mutations: {
      followUser,
      unfollowUser,
      blockUser,
      unblockUser,
      removeFollower,
      setPrivacy,
      approveFollowRequest,
      declineFollowRequest,
      muteUser,
      unmuteUser,
      createList,
      updateList,
      deleteList,
      addListMember,
      removeListMember,
    },
    edges: { User: userEdges },
  };
}
