import { bindOperation, type Check, type DomainBindings } from '../../../platform/operation/index.js';
import type { ValidUser } from './schema.js';
import { upsertUsers } from './upsert-users.js';

const typeDefs = `
  input GivenUser {
    "What your app calls the user"
    externalId: String!
    handle: String!
    "Absent: the handle at first, and later what it is"
    displayName: String
    "Absent: empty at first, and later what it is"
    bio: String
  }

  enum UpsertOutcome {
    created
    updated
    unchanged
    refused
  }

  enum UpsertProblemCode {
    invalid
    repeated
    handle_taken
    deleted
  }

  type UpsertProblem {
    code: UpsertProblemCode!
    "The field at fault"
    path: String!
    reason: String!
  }

  type UpsertedUser {
    externalId: String!
    "null when refused"
    userId: ID
    outcome: UpsertOutcome!
    "Why it was refused"
    problem: UpsertProblem
  }

  type UpsertedUsers {
    "One for each row, in their order"
    items: [UpsertedUser!]!
  }

  extend type Mutation {
    upsertUsers(users: [GivenUser!]!): UpsertedUsers
  }
`;

export function bindBatch(checkUser: Check<typeof ValidUser>): DomainBindings {
  const upsert = bindOperation(upsertUsers, { checkUser });
  return {
    rest: [{ method: 'PUT', path: '/users', operation: upsert, status: 200 }],
    graphql: { typeDefs, queries: {}, mutations: { upsertUsers: upsert }, edges: {} },
  };
}
