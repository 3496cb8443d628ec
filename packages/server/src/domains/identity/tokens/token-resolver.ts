import { hash } from 'node:crypto';
import { type Cache, createBatchLoader, createCache } from '../../../platform/cache/index.js';
import type { SystemHandle } from '../../../platform/db/index.js';
import type { Role, Tenant, Viewer } from '../../../platform/operation/index.js';
import type { Metrics } from '../../../platform/telemetry/index.js';
import { identityErrors } from '../errors.js';
import { slotOf } from '../principals/principal-changes.js';
import type { Lease } from '../session-resolver.js';
import type { CreateTokenUser } from './create-token-user.js';
import { readKeyId, type TokenClaims, verifyToken } from './signed-token.js';
import type { TokenKey, TokenKeys } from './token-keys.js';
import { usersOfTokens } from './token-queries.js';

const MAX_BATCH = 500;
const MAX_WAITING = 10_000;
/** The usual deadline of a request (I9). */
const MAX_WAIT_MS = 1_800;

export interface ResolvedToken {
  readonly tenant: Tenant;
  readonly viewer: Viewer;
}

interface KeptToken extends ResolvedToken {
  readonly refusedAtMs: number;
  /** Of `PrincipalChanges`, before anything was looked up. */
  readonly moment: number;
  readonly tenantSlot: number;
  readonly userSlot: number;
  readonly keySlot: number;
}

export interface TokenResolver {
  /**
   * Whom a token names that the backend of a tenant has signed: from memory after the first time, under the same lease
   * as sessions (C1, I12). Throws the `token_*` error that tells what is wrong with it.
   */
  resolve(token: string): Promise<ResolvedToken>;
  close(): void;
}

export interface TokenResolverDeps {
  readonly lookup: Pick<SystemHandle, 'rows'>;
  readonly lease: Lease;
  readonly keys: Pick<TokenKeys, 'find'>;
  readonly createUser: CreateTokenUser;
  readonly metrics: Pick<Metrics, 'cache' | 'watchCache'>;
  readonly cacheSize: number;
  readonly cacheTtlMs: number;
  readonly maxTtlMs: number;
}

export function createTokenResolver(deps: TokenResolverDeps): TokenResolver {
  const { lookup, lease, keys, createUser, metrics, cacheSize, cacheTtlMs, maxTtlMs } = deps;
  const { changes } = lease;
  const cache: Cache<KeptToken> = createCache({ name: 'tokens', maxEntries: cacheSize, ttlMs: cacheTtlMs, metrics });
  const holds = ({ moment, tenantSlot, userSlot, keySlot, refusedAtMs }: KeptToken) =>
    changes.unchanged(moment, tenantSlot, userSlot, keySlot) && refusedAtMs > Date.now();
  const findUser = createBatchLoader<string, TokenUser>({
    maxBatch: MAX_BATCH,
    maxWaiting: MAX_WAITING,
    maxWaitMs: MAX_WAIT_MS,
    load: (names) => readUsers(lookup, names),
  });

  async function check(token: string): Promise<KeptToken> {
    const kid = readKeyId(token);
    const { moment } = changes;
    const key = await keys.find(kid);
    if (key === null) throw identityErrors.token_key_unknown();
    const claims = await verifyToken(token, key, { maxTtlMs });
    const { userId, role, validFromMs } = await userOf(key, claims);
    if (validFromMs !== null && claims.issuedAtMs < validFromMs) throw identityErrors.token_revoked();
    return {
      tenant: key.tenant,
      viewer: { userId, sessionId: null, role },
      refusedAtMs: claims.refusedAtMs,
      moment,
      tenantSlot: slotOf(key.tenant.id),
      userSlot: slotOf(userId),
      keySlot: slotOf(kid),
    };
  }

  async function userOf(key: TokenKey, claims: TokenClaims): Promise<TokenUser> {
    const name = nameOf(key.tenant.id, claims);
    let user = await findUser(name);
    if (user === undefined && key.createUsers && claims.externalId !== null) {
      await createUser(key.tenant.id, { externalId: claims.externalId, handle: claims.handle, name: claims.name });
      user = await findUser(name);
    }
    // The name of a deleted user stays theirs: a token from before does not make them anew.
    if (user === undefined || user.deleted) throw identityErrors.token_user_unknown();
    return user;
  }

  return {
    async resolve(token) {
      const name = hash('sha256', token, 'base64');
      if (!lease.held && !(await lease.renew())) return await check(token);
      const kept = cache.peek(name, holds);
      if (kept !== undefined) return kept;
      const checked = await cache.get(name, () => check(token));
      if (holds(checked)) return checked;
      cache.invalidate(name);
      return await check(token);
    },
    close: () => cache.close(),
  };
}

interface TokenUser {
  readonly userId: string;
  readonly role: Role;
  readonly validFromMs: number | null;
  readonly deleted: boolean;
}

/** As one text, for those who wait together; ids of users and of apps cannot be taken for one another. */
const nameOf = (tenantId: string, { userId, externalId }: Pick<TokenClaims, 'userId' | 'externalId'>): string =>
  JSON.stringify([tenantId, userId, externalId]);

async function readUsers(
  lookup: Pick<SystemHandle, 'rows'>,
  names: readonly string[],
): Promise<Map<string, TokenUser>> {
  const parts = names.map((name) => JSON.parse(name) as [string, string | null, string | null]);
  const rows = await lookup.rows(usersOfTokens, {
    tenantIds: parts.map(([tenantId]) => tenantId),
    userIds: parts.map(([, userId]) => userId),
    externalIds: parts.map(([, , externalId]) => externalId),
  });
  return new Map(
    rows.map(({ index, userId, role, validFrom, deleted }) => [
      names[index] ?? '',
      { userId, role, validFromMs: validFrom === null ? null : Date.parse(validFrom), deleted },
    ]),
  );
}
