import { platformErrors } from './platform/errors/index.js';
import type { KeyScope, Principal, Tenant, Viewer } from './platform/operation/index.js';

export interface AuthenticationSources {
  /** Whose session a token is; `null` for one that is no good. */
  readonly resolveSession: (token: string) => Promise<{ readonly tenant: Tenant; readonly viewer: Viewer } | null>;
  /** Whether a bearer token is one that the backend of a tenant has signed; no other begins alike. */
  readonly isSignedToken: (token: string) => boolean;
  /** Whom a signed token names. Throws what is wrong with it. */
  readonly resolveToken: (token: string) => Promise<{ readonly tenant: Tenant; readonly viewer: Viewer }>;
  /** What an API key stands for; `null` for one that is no good. */
  readonly resolveKey: (key: string) => Promise<{
    readonly tenant: Tenant;
    readonly keyId: string;
    readonly kind: 'publishable' | 'secret';
    readonly scopes: readonly KeyScope[] | null;
  } | null>;
  /** A tenant with its plan and quotas of now; `null` for one that is not open. */
  readonly openTenant: (tenantId: string) => Promise<Tenant | null>;
  /** Told of each key with which somebody was let in. */
  readonly onKeyUsed: (tenantId: string, keyId: string) => void;
  /** Whom callers without any key belong to; `null` when they are not let in. */
  readonly defaultTenant: Tenant | null;
}

const SECRET_KEY = 'nova_sk_';

/**
/**
 * Finds out who calls: a user by the session token or one that the tenant has signed, a backend by its secret key, an
 * app by its publishable key, or a visitor of the default tenant. Throws `unauthenticated`; a token and a key of
 * different tenants are refused, and so is everybody whose tenant is not open.
 */
export function createAuthenticate(sources: AuthenticationSources) {
  const { resolveSession, isSignedToken, resolveToken, resolveKey, openTenant, onKeyUsed, defaultTenant } = sources;
  return async (credentials: { bearer: string | null; key: string | null }): Promise<Principal> => {
    const principal = await identify(credentials);
    // Sessions are remembered for an hour: what is so of their tenant now, they do not know.
    const tenant = await openTenant(principal.tenant.id);
    if (tenant === null) throw platformErrors.unauthenticated({ detail: 'this app is closed' });
    if (principal.keyId !== null) onKeyUsed(tenant.id, principal.keyId);
    return { ...principal, tenant };
  };

  async function identify({ bearer, key }: { bearer: string | null; key: string | null }): Promise<Principal> {
    const app = key === null ? null : await resolveKey(key);
    if (key !== null && app?.kind !== 'publishable') {
      throw platformErrors.unauthenticated({ detail: 'X-Nova-Key is not a valid publishable key' });
    }
    if (bearer === null) {
      const visitor = { viewer: null, secret: false, keyScopes: null };
      if (app !== null) return { ...visitor, tenant: app.tenant, keyId: app.keyId };
      if (defaultTenant === null) throw platformErrors.unauthenticated({ detail: 'send X-Nova-Key or sign in' });
      return { ...visitor, tenant: defaultTenant, keyId: null };
    }
    const principal = bearer.startsWith(SECRET_KEY)
      ? await backendOf(bearer)
      : await userOf(bearer, app?.keyId ?? null);
    if (app !== null && app.tenant.id !== principal.tenant.id) {
      throw platformErrors.unauthenticated({ detail: 'the token and the key belong to different apps' });
    }
    return principal;
  }

  async function backendOf(bearer: string): Promise<Principal> {
    const backend = await resolveKey(bearer);
    if (backend?.kind !== 'secret') throw platformErrors.unauthenticated({ detail: 'the secret key is not valid' });
    const { tenant, keyId, scopes } = backend;
    return { tenant, viewer: null, secret: true, keyId, keyScopes: scopes };
  }

  async function userOf(bearer: string, keyId: string | null): Promise<Principal> {
    const session = isSignedToken(bearer) ? await resolveToken(bearer) : await resolveSession(bearer);
    if (session === null) throw platformErrors.unauthenticated({ detail: 'the session has ended' });
    return { tenant: session.tenant, viewer: session.viewer, secret: false, keyId, keyScopes: null };
  }
}
