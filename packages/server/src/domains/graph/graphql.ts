import type { EdgeLoader, GraphqlBinding } from '../../platform/operation/index.js';
import { EDGE_DEFAULT_LIMIT } from './limits.js';
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
  }

  extend type Query {
    listFollowers(userId: ID!, limit: Int, cursor: String): UserPage
    listFollowing(userId: ID!, limit: Int, cursor: String): UserPage
    listBlocks(limit: Int, cursor: String): UserPage
    listMutes(limit: Int, cursor: String): UserPage
    listFollowRequests(limit: Int, cursor: String): CountedUserPage
    listSentFollowRequests(limit: Int, cursor: String): UserPage
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
  }
`;

export function graphqlBinding(
  operations: GraphOperations,
  userEdges: Readonly<Record<string, EdgeLoader>>,
): GraphqlBinding {
  const { listFollowers, listFollowing, listBlocks, followUser, unfollowUser, blockUser, unblockUser } = operations;
  const { removeFollower, setPrivacy, approveFollowRequest, declineFollowRequest, muteUser, unmuteUser } = operations;
  const { listMutes, listFollowRequests, listSentFollowRequests } = operations;
  return {
    typeDefs,
    queries: { listFollowers, listFollowing, listBlocks, listMutes, listFollowRequests, listSentFollowRequests },
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
    },
    edges: { User: userEdges },
  };
}
