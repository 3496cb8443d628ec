// Written by `npm run generate` from generated/openapi.json.

import type { Method, Operation, Page, PagedMethod, PagedOperation } from '../../operation.js';
import type { ApiKey } from '../schemas.js';

/** Input of {@link createApiKey}. */
export interface CreateApiKeyInput {
  /** `publishable` may be in apps and says which tenant is meant; `secret` is for your own backend only */
  readonly kind: 'publishable' | 'secret';
}

/** Output of {@link createApiKey}. */
export interface CreateApiKeyOutput {
  readonly apiKey: ApiKey;
  /** Shown this once; null when an Idempotency-Key repeats the answer */
  readonly key: string | null;
}

/** Input of {@link listApiKeys}. */
export interface ListApiKeysInput {
  /**
   * Items on the page
   * @default 50
   */
  readonly limit?: number | undefined;
  /** `nextCursor` of the page before */
  readonly cursor?: string | undefined;
}

/** Input of {@link revokeApiKey}. */
export interface RevokeApiKeyInput {
  /** UUID, in lower case */
  readonly keyId: string;
}

/**
 * Make an API key; it is shown once.
 * Takes a secret key: `POST /api/v1/keys`.
 */
export const createApiKey: Operation<CreateApiKeyInput, CreateApiKeyOutput> = {
  id: 'createApiKey',
  method: 'POST',
  path: '/api/v1/keys',
  hasBody: true,
  takesIdempotencyKey: true,
};

/**
 * The API keys of the tenant, newest first, revoked ones included.
 * Takes a secret key: `GET /api/v1/keys`.
 */
export const listApiKeys: PagedOperation<ListApiKeysInput, Page<ApiKey>> = {
  id: 'listApiKeys',
  method: 'GET',
  path: '/api/v1/keys',
  isPaged: true,
};

/**
 * Revoke an API key; it is refused everywhere within a second.
 * Takes a secret key: `DELETE /api/v1/keys/{keyId}`.
 */
export const revokeApiKey: Operation<RevokeApiKeyInput, void> = {
  id: 'revokeApiKey',
  method: 'DELETE',
  path: '/api/v1/keys/{keyId}',
  takesIdempotencyKey: true,
};

/** API keys of your app */
export interface TenancyApi {
  /**
   * Make an API key; it is shown once.
   * Takes a secret key: `POST /api/v1/keys`.
   */
  readonly createApiKey: Method<CreateApiKeyInput, CreateApiKeyOutput>;
  /**
   * The API keys of the tenant, newest first, revoked ones included.
   * Takes a secret key: `GET /api/v1/keys`.
   */
  readonly listApiKeys: PagedMethod<ListApiKeysInput, Page<ApiKey>>;
  /**
   * Revoke an API key; it is refused everywhere within a second.
   * Takes a secret key: `DELETE /api/v1/keys/{keyId}`.
   */
  readonly revokeApiKey: Method<RevokeApiKeyInput, void>;
}

export const tenancy = { createApiKey, listApiKeys, revokeApiKey };
