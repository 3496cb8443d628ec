import type { GraphqlBinding } from '../../platform/operation/index.js';
import type { IdentityOperations } from './operations.js';

const typeDefs = `
  type User {
    id: ID!
    handle: String!
    displayName: String!
    bio: String! @cost(weight: 2)
    "Following takes consent, and posts are for followers only"
    isPrivate: Boolean!
    createdAt: DateTime!
    "One's own only, in getMe and updateProfile"
    email: String
  }

  type SignedIn {
    user: User!
    "Bearer token of the session; null when an Idempotency-Key repeats the answer"
    token: String
    expiresAt: DateTime!
  }

  type Session {
    id: ID!
    userAgent: String!
    createdAt: DateTime!
    expiresAt: DateTime!
    "The session of this very call"
    current: Boolean!
  }

  type SessionPage {
    items: [Session!]!
    nextCursor: String
  }

  extend type Query {
    getMe: User
    getUser(userId: ID!): User
    getUserByHandle(handle: String!): User
    listSessions(limit: Int, cursor: String): SessionPage
  }

  extend type Mutation {
    signUp(handle: String!, displayName: String, email: String!, password: String!): SignedIn
    signIn(login: String!, password: String!): SignedIn
    signOut: Boolean
    revokeSession(sessionId: ID!): Boolean
    updateProfile(displayName: String, bio: String): User
  }
`;

export function graphqlBinding(operations: IdentityOperations): GraphqlBinding {
  const { getMe, getUser, getUserByHandle, listSessions } = operations;
  const { signUp, signIn, signOut, revokeSession, updateProfile } = operations;
  return {
    typeDefs,
    queries: { getMe, getUser, getUserByHandle, listSessions },
    mutations: { signUp, signIn, signOut, revokeSession, updateProfile },
    edges: {},
  };
}
