import type { GraphqlBinding } from '../../platform/operation/index.js';
import type { IdentityOperations } from './operations.js';

const typeDefs = `
  enum Role {
    "May give roles, and all that a moderator may"
    owner
    moderator
    member
  }

  type User {
    id: ID!
    handle: String!
    displayName: String!
    bio: String! @cost(weight: 2)
    role: Role!
    "Following takes consent, and posts are for followers only"
    isPrivate: Boolean!
    createdAt: DateTime!
    "One's own only, in getMe, updateProfile and changeEmail"
    email: String
    "Whether a mail to it was answered; as email"
    emailVerified: Boolean
    "The address that takes its place when a mail to it is answered; as email"
    pendingEmail: String
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
    "What the user agent says, in a few words"
    device: String!
    "The network it was begun from, empty when not known"
    address: String!
    createdAt: DateTime!
    "To within about ten minutes"
    lastUsedAt: DateTime!
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
    revokeOtherSessions: Boolean
    changeEmail(email: String!, password: String!): User
    resendEmailVerification: Boolean
    verifyEmail(token: String!): Boolean
    changePassword(currentPassword: String!, newPassword: String!): Boolean
    requestPasswordReset(email: String!): Boolean
    confirmPasswordReset(token: String!, password: String!): Boolean
  }
`;

export function graphqlBinding(operations: IdentityOperations): GraphqlBinding {
  const { getMe, getUser, getUserByHandle, listSessions } = operations;
  const { signUp, signIn, signOut, revokeSession, updateProfile } = operations;
  const { revokeOtherSessions, changeEmail, resendEmailVerification, verifyEmail } = operations;
  const { changePassword, requestPasswordReset, confirmPasswordReset } = operations;
  return {
    typeDefs,
    queries: { getMe, getUser, getUserByHandle, listSessions },
    mutations: {
      ...{ signUp, signIn, signOut, revokeSession, updateProfile },
      ...{ revokeOtherSessions, changeEmail, resendEmailVerification, verifyEmail },
      ...{ changePassword, requestPasswordReset, confirmPasswordReset },
    },
    edges: {},
  };
}
