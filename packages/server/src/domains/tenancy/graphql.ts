import type { GraphqlBinding } from '../../platform/operation/index.js';
import type { TenancyOperations } from './operations.js';

const typeDefs = `
  enum ApiKeyKind {
    "May be in apps: says which tenant is meant"
    publishable
    "For your own backend only"
    secret
  }

  "An API key, without the key itself"
  type ApiKey {
    id: ID!
    kind: ApiKeyKind!
    "How the key begins"
    hint: String!
    createdAt: DateTime!
    revokedAt: DateTime
  }

  type ApiKeyPage {
    items: [ApiKey!]!
    nextCursor: String
  }

  type CreatedApiKey {
    apiKey: ApiKey!
    "Shown this once; null when an Idempotency-Key repeats the answer"
    key: String
  }

  extend type Query {
    listApiKeys(limit: Int, cursor: String): ApiKeyPage
  }

  extend type Mutation {
    createApiKey(kind: ApiKeyKind!): CreatedApiKey
    revokeApiKey(keyId: ID!): Boolean
  }
`;

export function graphqlBinding({ listApiKeys, createApiKey, revokeApiKey }: TenancyOperations): GraphqlBinding {
  return { typeDefs, queries: { listApiKeys }, mutations: { createApiKey, revokeApiKey }, edges: {} };
}
