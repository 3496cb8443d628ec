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
    "The viewer blocks the user"
    blocking: Boolean!
  }

  type UserCounts {
    followers: Int!
    following: Int!
  }

  type UserPage {
    items: [User!]!
    nextCursor: String
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
  }

  extend type Mutation {
    followUser(userId: ID!): Relation
    unfollowUser(userId: ID!): Relation
    blockUser(userId: ID!): Relation
    unblockUser(userId: ID!): Relation
  }
`;

export function graphqlBinding(
  operations: GraphOperations,
  userEdges: Readonly<Record<string, EdgeLoader>>,
): GraphqlBinding {
  const { listFollowers, listFollowing, listBlocks, followUser, unfollowUser, blockUser, unblockUser } = operations;
  return {
    typeDefs,
    queries: { listFollowers, listFollowing, listBlocks },
    mutations: { followUser, unfollowUser, blockUser, unblockUser },
    edges: { User: userEdges },
  };
}
