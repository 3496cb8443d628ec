import { bindOperation, type DomainBindings } from '../../../platform/operation/index.js';
import { deleteMe } from './delete-me.js';
import { deleteUser } from './delete-user.js';
import type { EndAccountDeps } from './end-account.js';
import { exportMe } from './export-me.js';
import { exportUser } from './export-user.js';
import type { ExportDeps } from './read-export.js';

const typeDefs = `
  type ExportedItem {
    "What it is: profile, sessions, following, posts, likes ..."
    section: String!
    "As it is held; its fields differ by section"
    data: JSON! @cost(weight: 15)
  }

  type ExportedItemPage {
    items: [ExportedItem!]!
    nextCursor: String
  }

  extend type Query {
    exportMe(limit: Int, cursor: String): ExportedItemPage
    exportUser(userId: ID!, limit: Int, cursor: String): ExportedItemPage
  }

  extend type Mutation {
    deleteMe: Boolean
    deleteUser(userId: ID!): Boolean
  }
`;

export function bindPersonalData(deps: EndAccountDeps & ExportDeps): DomainBindings {
  const mutations = { deleteMe: bindOperation(deleteMe, deps), deleteUser: bindOperation(deleteUser, deps) };
  const queries = { exportMe: bindOperation(exportMe, deps), exportUser: bindOperation(exportUser, deps) };
  return {
    rest: [
      { method: 'DELETE', path: '/me', operation: mutations.deleteMe, status: 204 },
      { method: 'GET', path: '/me/export', operation: queries.exportMe, status: 200 },
      { method: 'DELETE', path: '/users/:userId', operation: mutations.deleteUser, status: 204 },
      { method: 'GET', path: '/users/:userId/export', operation: queries.exportUser, status: 200 },
    ],
    graphql: { typeDefs, queries, mutations, edges: {} },
  };
}
