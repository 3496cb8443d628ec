import type { Cursors } from '../../../platform/cursor/index.js';
import { bindOperation, type DomainBindings } from '../../../platform/operation/index.js';
import type { OnPrincipalChanged } from '../principals/note-principal-change.js';
import { listRoleChanges } from './list-role-changes.js';
import { setUserRole } from './set-user-role.js';

const typeDefs = `
  type UserRole {
    userId: ID!
    role: Role!
  }

  "One line of the record of roles, which is only ever added to"
  type RoleChange {
    id: ID!
    userId: ID!
    oldRole: Role!
    newRole: Role!
    "The owner who did it"
    changedByUserId: ID
    "The secret key with which it was done"
    changedByKeyId: ID
    changedAt: DateTime!
  }

  type RoleChangePage {
    items: [RoleChange!]!
    nextCursor: String
  }

  extend type Query {
    listRoleChanges(limit: Int, cursor: String): RoleChangePage
  }

  extend type Mutation {
    setUserRole(userId: ID!, role: Role!): UserRole
  }
`;

export function bindRoles(deps: {
  readonly cursors: Cursors;
  readonly onPrincipalChanged: OnPrincipalChanged;
}): DomainBindings {
  const set = bindOperation(setUserRole, deps);
  const list = bindOperation(listRoleChanges, deps);
  return {
    rest: [
      { method: 'PUT', path: '/users/:userId/role', operation: set, status: 200 },
      { method: 'GET', path: '/role-changes', operation: list, status: 200 },
    ],
    graphql: { typeDefs, queries: { listRoleChanges: list }, mutations: { setUserRole: set }, edges: {} },
  };
}
