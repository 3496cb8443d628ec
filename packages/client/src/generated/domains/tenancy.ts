// Written by `npm run generate` from generated/openapi.json.

import type { Method, NoInput, Operation, Page, PagedMethod, PagedOperation } from '../../operation.js';
import type { ApiKey, Tenant, Usage } from '../schemas.js';

/** Input of {@link createApiKey}. */
export interface CreateApiKeyInput {
  /** `publishable` may be in apps and says which tenant is meant; `secret` is for your own backend only */
  readonly kind: 'publishable' | 'secret';
  /** For people */
  readonly name?: string | undefined;
  /** Of a secret key; all that the calling key has if not given */
  readonly scopes?:
    | readonly (
        | 'tenant:read'
        | 'tenant:write'
        | 'keys:read'
        | 'keys:write'
        | 'users:read'
        | 'users:write'
        | 'content:read'
        | 'content:write'
      )[]
    | undefined;
  /** From now to its end; without one if not given */
  readonly expiresInSeconds?: number | undefined;
}

/** Output of {@link createApiKey}. */
export interface CreateApiKeyOutput {
  readonly apiKey: ApiKey;
  /** Shown this once; null when an Idempotency-Key repeats the answer */
  readonly key: string | null;
}

/** Input of {@link getTenant}. */
export type GetTenantInput = NoInput;

/** Input of {@link getTenantUsage}. */
export interface GetTenantUsageInput {
  /** A UTC day, YYYY-MM-DD */
  readonly from?: string | undefined;
  /** A UTC day, YYYY-MM-DD */
  readonly to?: string | undefined;
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

/** Input of {@link rotateApiKey}. */
export interface RotateApiKeyInput {
  /** UUID, in lower case */
  readonly keyId: string;
  /** How long the old key is good beside the new one: up to 7 days, a day if not given */
  readonly overlapSeconds?: number | undefined;
}

/** Output of {@link rotateApiKey}. */
export interface RotateApiKeyOutput {
  readonly apiKey: ApiKey;
  /** Shown this once; null when an Idempotency-Key repeats the answer */
  readonly key: string | null;
  readonly previous: ApiKey;
}

/** Input of {@link updateTenant}. */
export interface UpdateTenantInput {
  /** For people */
  readonly name?: string | undefined;
  readonly settings?:
    | {
        readonly identity?:
          | {
              /** Whether anybody may make an account; null: the default */
              readonly signUpOpen?: boolean | null | undefined;
            }
          | undefined;
      }
    | undefined;
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
 * Your app: its plan and its settings.
 * Takes a secret key: `GET /api/v1/tenant`.
 */
export const getTenant: Operation<GetTenantInput, Tenant> = { id: 'getTenant', method: 'GET', path: '/api/v1/tenant' };

/**
 * What your app has used, by UTC day: up to 366 days, by default the last 30.
 * Takes a secret key: `GET /api/v1/tenant/usage`.
 */
export const getTenantUsage: Operation<GetTenantUsageInput, Usage> = {
  id: 'getTenantUsage',
  method: 'GET',
  path: '/api/v1/tenant/usage',
};

/**
 * The API keys of the tenant, newest first, ended ones included.
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

/**
 * Replace an API key; both are good for a while, then the old one ends by itself.
 * Takes a secret key: `POST /api/v1/keys/{keyId}/rotate`.
 */
export const rotateApiKey: Operation<RotateApiKeyInput, RotateApiKeyOutput> = {
  id: 'rotateApiKey',
  method: 'POST',
  path: '/api/v1/keys/{keyId}/rotate',
  hasBody: true,
  takesIdempotencyKey: true,
};

/**
 * Change name and settings of your app; what is not given stays, null takes the default again.
 * Takes a secret key: `PATCH /api/v1/tenant`.
 */
export const updateTenant: Operation<UpdateTenantInput, Tenant> = {
  id: 'updateTenant',
  method: 'PATCH',
  path: '/api/v1/tenant',
  hasBody: true,
  takesIdempotencyKey: true,
};

/** Your app: its keys, settings and usage */
export interface TenancyApi {
  /**
   * Make an API key; it is shown once.
   * Takes a secret key: `POST /api/v1/keys`.
   */
  readonly createApiKey: Method<CreateApiKeyInput, CreateApiKeyOutput>;
  /**
   * Your app: its plan and its settings.
   * Takes a secret key: `GET /api/v1/tenant`.
   */
  readonly getTenant: Method<GetTenantInput, Tenant>;
  /**
   * What your app has used, by UTC day: up to 366 days, by default the last 30.
   * Takes a secret key: `GET /api/v1/tenant/usage`.
   */
  readonly getTenantUsage: Method<GetTenantUsageInput, Usage>;
  /**
   * The API keys of the tenant, newest first, ended ones included.
   * Takes a secret key: `GET /api/v1/keys`.
   */
  readonly listApiKeys: PagedMethod<ListApiKeysInput, Page<ApiKey>>;
  /**
   * Revoke an API key; it is refused everywhere within a second.
   * Takes a secret key: `DELETE /api/v1/keys/{keyId}`.
   */
  readonly revokeApiKey: Method<RevokeApiKeyInput, void>;
  /**
   * Replace an API key; both are good for a while, then the old one ends by itself.
   * Takes a secret key: `POST /api/v1/keys/{keyId}/rotate`.
   */
  readonly rotateApiKey: Method<RotateApiKeyInput, RotateApiKeyOutput>;
  /**
   * Change name and settings of your app; what is not given stays, null takes the default again.
   * Takes a secret key: `PATCH /api/v1/tenant`.
   */
  readonly updateTenant: Method<UpdateTenantInput, Tenant>;
}

export const tenancy = {
  createApiKey,
  getTenant,
  getTenantUsage,
  listApiKeys,
  revokeApiKey,
  rotateApiKey,
  updateTenant,
};
