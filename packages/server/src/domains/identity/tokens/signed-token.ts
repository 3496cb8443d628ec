import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import { identityErrors } from '../errors.js';
import type { TokenKey } from './token-keys.js';

/** How far the clock of the tenant's backend may be off, in seconds. */
const SKEW_SECONDS = 60;
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const MAX_SUBJECT = 255;

/**
 * Whether a bearer token is one that the backend of a tenant has signed: a JWT begins with the `{"` of its header in
 * base64url, Nova's own tokens and keys with `nova_`.
 */
export function isSignedToken(token: string): boolean {
  return token.startsWith('eyJ');
}

/** Whom a token names, of the tenant of its key: by exactly one of the two. */
export interface TokenClaims {
  readonly userId: string | null;
  readonly externalId: string | null;
  readonly issuedAtMs: number;
  /** When it is refused, the allowance for clocks included. */
  readonly refusedAtMs: number;
  /** What a user who is made for the token is to be called; absent, or whatever the backend has put there. */
  readonly handle: unknown;
  readonly name: unknown;
}

/** Which key a token names, before anything is believed. Throws `token_malformed`, `token_algorithm_refused`. */
export function readKeyId(token: string): string {
  const { alg, kid, typ } = decode(token);
  if (alg !== 'HS256' && alg !== 'EdDSA') {
    throw identityErrors.token_algorithm_refused({ detail: 'alg must be HS256 or EdDSA' });
  }
  if (typ !== undefined && typ.toLowerCase() !== 'jwt') throw malformed('typ must be JWT');
  if (typeof kid !== 'string' || !ID.test(kid)) throw malformed('kid must be the id of a key');
  return kid;
}

function decode(token: string) {
  try {
    return decodeProtectedHeader(token);
  } catch (cause) {
    throw malformed('the header cannot be read', cause);
  }
}

/**
 * Checks a token with its key, which is used for its own algorithm only, so that nobody signs with a public key. Throws
 * `token_*`, the first that applies: algorithm, signature, claims that are missing, times, audience, revocation.
 */
export async function verifyToken(
  token: string,
  key: TokenKey,
  { maxTtlMs, now = Date.now }: { readonly maxTtlMs: number; readonly now?: () => number },
): Promise<TokenClaims> {
  if (key.material === null) {
    throw identityErrors.token_key_unknown({ detail: 'Nova cannot open this key any more: make a new one' });
  }
  const { payload } = await jwtVerify(token, key.material, {
    algorithms: [key.algorithm],
    clockTolerance: SKEW_SECONDS,
    currentDate: new Date(now()),
    requiredClaims: ['exp', 'iat'],
    ...(key.audience === null ? {} : { audience: key.audience }),
  }).catch((error: unknown) => {
    throw refusalOf(error);
  });
  // RFC 7519, 4.1.3: what is meant for somebody must be refused by whoever is not told to be that somebody.
  if (key.audience === null && payload.aud !== undefined) throw identityErrors.token_audience_refused();
  const { issuedAt, expiresAt } = timesOf(payload, now() / 1_000, maxTtlMs / 1_000);
  if (key.validFromMs !== null && issuedAt * 1_000 < key.validFromMs) throw identityErrors.token_revoked();
  return {
    ...subjectOf(payload),
    issuedAtMs: issuedAt * 1_000,
    refusedAtMs: (expiresAt + SKEW_SECONDS) * 1_000,
    handle: payload['handle'],
    name: payload['name'],
  };
}

function timesOf({ iat, exp }: JWTPayload, nowSeconds: number, maxTtlSeconds: number) {
  // jose has made sure of both; the types of its answer cannot tell.
  if (iat === undefined || exp === undefined) throw malformed('exp and iat are required');
  if (iat > nowSeconds + SKEW_SECONDS) throw identityErrors.token_not_yet_valid();
  if (exp - iat > maxTtlSeconds) {
    throw identityErrors.token_lifetime_exceeded({ detail: `exp may be ${maxTtlSeconds} s after iat at the most` });
  }
  return { issuedAt: iat, expiresAt: exp };
}

function subjectOf({ sub, userId }: JWTPayload): Pick<TokenClaims, 'userId' | 'externalId'> {
  if ((sub === undefined) === (userId === undefined)) throw malformed('one of sub and userId is required, not both');
  if (userId === undefined) {
    if (typeof sub !== 'string' || sub.length === 0 || sub.length > MAX_SUBJECT || /\p{Cc}/u.test(sub)) {
      throw malformed('sub must be what your app calls the user');
    }
    // Nothing that PostgreSQL could not store.
    if (!sub.isWellFormed()) throw malformed('sub must be well-formed Unicode');
    return { userId: null, externalId: sub };
  }
  if (typeof userId !== 'string' || !ID.test(userId)) throw malformed('userId must be the id of a user');
  return { userId, externalId: null };
}

function refusalOf(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) return identityErrors.token_expired({ cause: error });
  if (error instanceof errors.JWTClaimValidationFailed) {
    const { claim, reason } = error;
    if (reason === 'missing' && claim !== 'aud') return malformed(`${claim} is required`, error);
    if (claim === 'aud') return identityErrors.token_audience_refused({ cause: error });
    if (claim === 'nbf' && reason === 'check_failed') return identityErrors.token_not_yet_valid({ cause: error });
    return malformed(`${claim} is not valid`, error);
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return identityErrors.token_signature_invalid({ cause: error });
  }
  if (error instanceof errors.JOSEAlgNotAllowed) {
    return identityErrors.token_algorithm_refused({ detail: 'the key of the token is for another one', cause: error });
  }
  if (error instanceof errors.JOSEError) return malformed('it cannot be read', error);
  return error;
}

function malformed(detail: string, cause?: unknown) {
  return identityErrors.token_malformed({ detail, cause });
}
