import type { IncomingHttpHeaders } from 'node:http';
import { platformErrors } from '../../platform/errors/index.js';
import type { Principal } from '../../platform/operation/index.js';

/** What a caller shows: at most one of each, as sent. */
export interface Credentials {
  /** `Authorization: Bearer ...`: a session token, a token that the tenant's backend has signed, or a secret key. */
  readonly bearer: string | null;
  /** `X-Nova-Key: ...`: a publishable key. */
  readonly key: string | null;
}

/** Finds out who calls. Throws `unauthenticated` for credentials that are not, or no longer, good. */
export type Authenticate = (credentials: Credentials) => Promise<Principal>;

/** Nova's own tokens have some 50 characters, signed ones some hundreds; nothing longer reaches a hash function. */
const MAX_BEARER_LENGTH = 4_096;
const MAX_KEY_LENGTH = 512;
/** token68 of RFC 9110, 11.2. */
const BEARER = /^Bearer +([A-Za-z0-9\-._~+/]+=*) *$/i;
const KEY = /^[\x21-\x7e]+$/;

/** Throws `unauthenticated` for headers that cannot be credentials of Nova. */
export function credentialsOf(headers: IncomingHttpHeaders): Credentials {
  const { authorization } = headers;
  const key = headers['x-nova-key'];
  return {
    bearer: authorization === undefined ? null : bearerOf(authorization),
    key: key === undefined ? null : keyOf(key),
  };
}

function bearerOf(header: string): string {
  const token = header.length > MAX_BEARER_LENGTH ? undefined : BEARER.exec(header)?.[1];
  if (token === undefined) throw platformErrors.unauthenticated({ detail: 'Authorization must be: Bearer <token>' });
  return token;
}

function keyOf(header: string | string[]): string {
  if (typeof header !== 'string' || header.length > MAX_KEY_LENGTH || !KEY.test(header)) {
    throw platformErrors.unauthenticated({ detail: 'X-Nova-Key must be one publishable key' });
  }
  return header;
}
