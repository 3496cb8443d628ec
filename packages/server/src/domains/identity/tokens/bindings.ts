import type { Sealer } from '../../../platform/crypto/index.js';
import type { Cursors } from '../../../platform/cursor/index.js';
import { bindOperation, type DomainBindings } from '../../../platform/operation/index.js';
import type { OnPrincipalChanged } from '../principals/note-principal-change.js';
import { createTokenKey } from './create-token-key.js';
import { getTokenSettings } from './get-token-settings.js';
import { listTokenKeys } from './list-token-keys.js';
import { revokeTokenKey } from './revoke-token-key.js';
import { revokeTokens } from './revoke-tokens.js';
import { updateTokenSettings } from './update-token-settings.js';

const typeDefs = `
  enum TokenAlgorithm {
    "A secret that Nova makes"
    HS256
    "An Ed25519 key of your own, of which Nova has the public half"
    EdDSA
  }

  "A key that tokens are checked with, without the key itself; tokens name its id in kid"
  type TokenKey {
    id: ID!
    algorithm: TokenAlgorithm!
    createdAt: DateTime!
    revokedAt: DateTime
  }

  type TokenKeyPage {
    items: [TokenKey!]!
    nextCursor: String
  }

  type CreatedTokenKey {
    tokenKey: TokenKey!
    "Of HS256, shown this once; null when an Idempotency-Key repeats the answer"
    secret: String
  }

  type TokenSettings {
    "What aud of every token must hold; null: tokens have none"
    audience: String
    "Whether a token may be the first that Nova hears of a user"
    createUsers: Boolean!
    "Tokens that were issued earlier are dead"
    validFrom: DateTime
  }

  type RevokedTokens {
    validFrom: DateTime!
  }

  extend type Query {
    listTokenKeys(limit: Int, cursor: String): TokenKeyPage
    getTokenSettings: TokenSettings
  }

  extend type Mutation {
    createTokenKey(algorithm: TokenAlgorithm!, publicKey: String): CreatedTokenKey
    revokeTokenKey(keyId: ID!): Boolean
    "An empty audience: none"
    updateTokenSettings(audience: String, createUsers: Boolean): TokenSettings
    "Without a user the tokens of all"
    revokeTokens(userId: ID): RevokedTokens
  }
`;

export function bindTokens(deps: {
  readonly cursors: Cursors;
  readonly sealer: Sealer;
  readonly onPrincipalChanged: OnPrincipalChanged;
}): DomainBindings {
  const operations = {
    createTokenKey: bindOperation(createTokenKey, deps),
    listTokenKeys: bindOperation(listTokenKeys, deps),
    revokeTokenKey: bindOperation(revokeTokenKey, deps),
    getTokenSettings: bindOperation(getTokenSettings, deps),
    updateTokenSettings: bindOperation(updateTokenSettings, deps),
    revokeTokens: bindOperation(revokeTokens, deps),
  };
  const { listTokenKeys: list, getTokenSettings: settings, ...mutations } = operations;
  return {
    rest: [
      { method: 'POST', path: '/token-keys', operation: operations.createTokenKey, status: 201 },
      { method: 'GET', path: '/token-keys', operation: list, status: 200 },
      { method: 'DELETE', path: '/token-keys/:keyId', operation: operations.revokeTokenKey, status: 204 },
      { method: 'GET', path: '/token-settings', operation: settings, status: 200 },
      { method: 'PATCH', path: '/token-settings', operation: operations.updateTokenSettings, status: 200 },
      { method: 'POST', path: '/token-revocations', operation: operations.revokeTokens, status: 201 },
    ],
    graphql: { typeDefs, queries: { listTokenKeys: list, getTokenSettings: settings }, mutations, edges: {} },
  };
}
