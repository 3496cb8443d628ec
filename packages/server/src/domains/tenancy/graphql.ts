import { type GraphqlBinding, KEY_SCOPES } from '../../platform/operation/index.js';
import type { SettingsRegistry } from '../../platform/tenant-settings/index.js';
import { USAGE_COUNTERS } from '../../platform/usage/index.js';
import type { TenancyOperations } from './operations.js';

const typeDefs = `
  enum Plan {
    free
    pro
    enterprise
  }

  "Your app"
  type Tenant {
    id: ID!
    name: String!
    plan: Plan!
    createdAt: DateTime!
    settings: TenantSettings!
  }

  "What was used on a UTC day"
  type UsageOfDay {
    "YYYY-MM-DD"
    day: String!
${USAGE_COUNTERS.map((counter) => `    ${counter}: Int!`).join('\n')}
  }

  type Usage {
    items: [UsageOfDay!]! @cost(weight: 30)
  }

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
    "For people; may be empty"
    name: String!
    "What a secret key is limited to: ${KEY_SCOPES.join(', ')}. Null: it may do all"
    scopes: [String!] @cost(weight: 2)
    "How the key begins"
    hint: String!
    createdAt: DateTime!
    "When it ends by itself; null: never"
    expiresAt: DateTime
    "To about a minute; null: not yet"
    lastUsedAt: DateTime
    "The key that takes over from this one"
    replacedBy: ID
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

  type RotatedApiKey {
    apiKey: ApiKey!
    "Shown this once; null when an Idempotency-Key repeats the answer"
    key: String
    "The old key, with its end"
    previous: ApiKey!
  }

  extend type Query {
    getTenant: Tenant
    "By UTC day, YYYY-MM-DD: up to 366 days, by default the last 30"
    getTenantUsage(from: String, to: String): Usage
    listApiKeys(limit: Int, cursor: String): ApiKeyPage
  }

  extend type Mutation {
    updateTenant(name: String, settings: TenantSettingsPatch): Tenant
    createApiKey(kind: ApiKeyKind!, name: String, scopes: [String!], expiresInSeconds: Int): CreatedApiKey
    rotateApiKey(keyId: ID!, overlapSeconds: Int): RotatedApiKey
    revokeApiKey(keyId: ID!): Boolean
  }
`;

export function graphqlBinding(operations: TenancyOperations, registry: SettingsRegistry): GraphqlBinding {
  const { getTenant, getTenantUsage, listApiKeys } = operations;
  const { updateTenant, createApiKey, rotateApiKey, revokeApiKey } = operations;
  return {
    typeDefs: `${typeDefs}\n  ${registry.typeDefs}\n`,
    queries: { getTenant, getTenantUsage, listApiKeys },
    mutations: { updateTenant, createApiKey, rotateApiKey, revokeApiKey },
    edges: {},
  };
}
