import type { Bus } from '../../platform/bus/index.js';
import type { Version } from '../../platform/cache/index.js';
import type { Sealer } from '../../platform/crypto/index.js';
import type { Cursors } from '../../platform/cursor/index.js';
import type { Database, SystemHandle, WriteHandle } from '../../platform/db/index.js';
import { compileCheck, type DomainBindings, type Scope } from '../../platform/operation/index.js';
import type { PasswordHasher } from '../../platform/password/index.js';
import type { PersonalData } from '../../platform/personal-data/index.js';
import type { Logger, Metrics } from '../../platform/telemetry/index.js';
import type { TenantSettings } from '../../platform/tenant-settings/index.js';
import * as accountMailQueries from './account-mail/account-mail-queries.js';
import { createMailGuard } from './account-mail/mail-guard.js';
import * as accountTokenQueries from './account-tokens/account-token-queries.js';
import * as batchQueries from './batch/batch-queries.js';
import { bindBatch } from './batch/bindings.js';
import { ValidUser } from './batch/schema.js';
import * as emailQueries from './email/email-queries.js';
import { graphqlBinding } from './graphql.js';
import { insertUsers } from './insert-users.js';
import { joinBindings } from './join-bindings.js';
import { bindIdentityOperations } from './operations.js';
import * as passwordQueries from './password/password-queries.js';
import { bindPersonalData } from './personal-data/bindings.js';
import * as erasureQueries from './personal-data/erasure-queries.js';
import { createErasureWorker } from './personal-data/erasure-worker.js';
import { identityPersonalData } from './personal-data/own-part.js';
import * as principalQueries from './principals/principal-queries.js';
import type { Visibility } from './profile.js';
import * as queries from './queries.js';
import { restBindings } from './rest.js';
import { endSessions } from './revoke-sessions.js';
import { bindRoles } from './roles/bindings.js';
import * as roleQueries from './roles/role-queries.js';
import type { User } from './schema.js';
import * as sessionQueries from './session-queries.js';
import { createSessionResolver, type ResolvedSession } from './session-resolver.js';
import { createSessionUsage } from './session-usage.js';
import { setPrivacy } from './set-privacy.js';
import { createSignInGuard } from './sign-in-guard.js';
import { createUserStore, readUserAt } from './stored-users.js';
import { bindTokens } from './tokens/bindings.js';
import { bindCreateTokenUser } from './tokens/create-token-user.js';
import { isSignedToken } from './tokens/signed-token.js';
import { createTokenKeys } from './tokens/token-keys.js';
import * as tokenQueries from './tokens/token-queries.js';
import { createTokenResolver, type ResolvedToken } from './tokens/token-resolver.js';

export { queueAccountMail } from './account-mail/queue-account-mail.js';
export { accountMailTemplates } from './account-mail/templates.js';
export { createTokenDeriver } from './account-tokens/account-token.js';
export { purgeAccountTokens } from './account-tokens/account-token-queries.js';
export { identityErrors } from './errors.js';
export { keptInTexts, keptOfUsers } from './personal-data/kept.js';
export { identityPersonalData } from './personal-data/own-part.js';
export { purgePrincipalChanges } from './principals/principal-queries.js';
export type { Visibility } from './profile.js';
export { rebuildRoles } from './roles/rebuild-roles.js';
export { User } from './schema.js';
export { purgeEndedSessions, purgeRevocations } from './session-queries.js';
export type { ResolvedSession } from './session-resolver.js';
export { identitySettings } from './settings.js';

export const identityQueries = [
  ...Object.values(queries),
  ...Object.values(sessionQueries),
  ...Object.values(principalQueries),
  ...Object.values(roleQueries),
  ...Object.values(batchQueries),
  ...Object.values(tokenQueries),
  ...Object.values(erasureQueries),
  ...Object.values(accountTokenQueries),
  ...Object.values(emailQueries),
  ...Object.values(passwordQueries),
  ...Object.values(accountMailQueries),
];

export interface IdentityDeps {
  /** Reads sessions and their revocations before the tenant is known. */
  readonly lookup: Pick<SystemHandle, 'row' | 'rows'>;
  /** Across tenants: whose data is to be erased, which sessions are in use. */
  readonly system: Pick<SystemHandle, 'rows' | 'run'>;
  readonly passwords: PasswordHasher;
  readonly cursors: Cursors;
  readonly bus: Pick<Bus, 'publish' | 'subscribe'>;
  readonly visibility: Visibility;
  readonly tenantSettings: TenantSettings;
  readonly metrics: Pick<Metrics, 'cache' | 'watchCache'>;
  readonly log: Pick<Logger, 'warn' | 'info'>;
  /** Encrypts what Nova has to know again, such as the secrets that tokens are signed with. */
  readonly sealer: Sealer;
  /** What other parts hold of a user, in the order in which it is handed out and erased. */
  readonly personalData: readonly PersonalData[];
  /** For what happens outside of an operation. */
  readonly transaction: Database['transaction'];
  readonly settings: {
    /** Longest lifetime of a token that the backend of a tenant signs. */
    readonly tokenMaxTtlMs: number;
    readonly sessionTtlMs: number;
    /** Sessions kept in memory. */
    readonly sessionCacheSize: number;
    readonly sessionCacheTtlMs: number;
    /** On one account from one address, within a quarter of an hour. */
    readonly signInFailures: number;
    /** For one account, of a kind, within an hour. */
    readonly mailRequests: number;
    /** Memory of the profiles that are kept. */
    readonly userCacheBytes: number;
  };
}

/** What others may ask of identity; every function takes many users and costs one query. */
export interface Identity {
  readonly bindings: DomainBindings;
  /** Whose session a bearer token is; null for one that is no good. See session-resolver.ts. */
  resolveSession(token: string): Promise<ResolvedSession | null>;
  /** Whether a bearer token is one that the backend of a tenant has signed, by its first characters. */
  isSignedToken(token: string): boolean;
  /** Whom such a token names. Throws `token_*`. See token-resolver.ts. */
  resolveToken(token: string): Promise<ResolvedToken>;
  /** Undeleted users by id. Blocks are not looked at. */
  usersByIds(scope: Pick<Scope, 'db'>, userIds: readonly string[]): Promise<Map<string, User>>;
  /** A user whose version was read just now; undefined when deleted meanwhile. Without a query when it is kept. */
  userAt(scope: Pick<Scope, 'tenant' | 'db'>, version: Version): Promise<User | undefined>;
  /** Ids of undeleted users by handle; handles are normalised (lower case). Blocks are not looked at. */
  userIdsByHandles(scope: Pick<Scope, 'db'>, handles: readonly string[]): Promise<Map<string, string>>;
  /** Makes an account private or public; whether that changed anything. What follows from it is the graph's. */
  setPrivacy(tx: WriteHandle, userId: string, isPrivate: boolean): Promise<boolean>;
  /** For imports; see insert-users.ts. */
  readonly insertUsers: typeof insertUsers;
  /** Ends all sessions of a user, everywhere within a second of the commit of `tx` (I12). */
  endSessionsOf(tx: WriteHandle, userId: string): Promise<void>;
  /** Erases all that is due of users whose account has ended; `start` does so in the background. */
  eraseDue(): Promise<void>;
  /** Begins to look for revoked sessions, and for what is to be erased, in the background. */
  start(): void;
  close(): Promise<void>;
}

export function createIdentity(deps: IdentityDeps): Identity {
  const { lookup, bus, metrics, log, settings } = deps;
  const usage = createSessionUsage({ system: deps.system, log });
  const sessions = createSessionResolver({
    lookup,
    bus,
    metrics,
    log,
    cacheSize: settings.sessionCacheSize,
    cacheTtlMs: settings.sessionCacheTtlMs,
    usage,
  });
  const users = createUserStore({ metrics, maxBytes: settings.userCacheBytes });
  const { passwords, cursors, visibility, tenantSettings } = deps;
  const { sessionTtlMs } = settings;
  const { onRevoked } = sessions;
  const guard = createSignInGuard(settings.signInFailures, () => performance.now());
  const mailGuard = createMailGuard(settings.mailRequests, () => performance.now());
  const operations = bindIdentityOperations({
    passwords,
    cursors,
    visibility,
    sessionTtlMs,
    onRevoked,
    guard,
    mailGuard,
    tenantSettings,
  });
  const { onPrincipalChanged, lease } = sessions;
  const { sealer } = deps;
  const parts = [identityPersonalData, ...deps.personalData];
  const erasures = createErasureWorker({ system: deps.system, transaction: deps.transaction, parts, log });
  const checkUser = compileCheck(ValidUser);
  const tokenKeys = createTokenKeys({
    lookup,
    sealer,
    changes: lease.changes,
    metrics,
    ttlMs: settings.sessionCacheTtlMs,
  });
  const tokens = createTokenResolver({
    lookup,
    lease,
    keys: tokenKeys,
    createUser: bindCreateTokenUser(deps.transaction, checkUser),
    metrics,
    cacheSize: settings.sessionCacheSize,
    cacheTtlMs: settings.sessionCacheTtlMs,
    maxTtlMs: settings.tokenMaxTtlMs,
  });
  return {
    bindings: joinBindings([
      { rest: restBindings(operations), graphql: graphqlBinding(operations) },
      bindRoles({ cursors, onPrincipalChanged }),
      bindBatch(checkUser),
      bindTokens({ cursors, sealer, onPrincipalChanged }),
      bindPersonalData({ cursors, parts, onPrincipalChanged, onAccountEnded: erasures.wake }),
    ]),
    resolveSession: sessions.resolve,
    isSignedToken,
    resolveToken: tokens.resolve,
    async usersByIds({ db }, ids) {
      if (ids.length === 0) return new Map();
      return new Map((await db.rows(queries.usersByIds, { ids })).map((user) => [user.id, user]));
    },
    userAt: (scope, version) => readUserAt(users, scope, version),
    async userIdsByHandles({ db }, handles) {
      if (handles.length === 0) return new Map();
      return new Map((await db.rows(queries.usersByHandles, { handles })).map(({ handle, id }) => [handle, id]));
    },
    setPrivacy,
    insertUsers,
    endSessionsOf: (tx, userId) => endSessions(tx, onRevoked, userId, null),
    eraseDue: erasures.run,
    start() {
      sessions.start();
      erasures.start();
      usage.start();
    },
    async close() {
      await erasures.close();
      users.close();
      tokens.close();
      tokenKeys.close();
      await sessions.close();
      await usage.close();
    },
  };
}
