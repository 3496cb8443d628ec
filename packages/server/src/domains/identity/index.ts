import type { Bus } from '../../platform/bus/index.js';
import type { Version } from '../../platform/cache/index.js';
import type { Cursors } from '../../platform/cursor/index.js';
import type { SystemHandle, WriteHandle } from '../../platform/db/index.js';
import type { DomainBindings, Scope } from '../../platform/operation/index.js';
import type { PasswordHasher } from '../../platform/password/index.js';
import type { Logger, Metrics } from '../../platform/telemetry/index.js';
import { graphqlBinding } from './graphql.js';
import { insertUsers } from './insert-users.js';
import { bindIdentityOperations } from './operations.js';
import type { Visibility } from './profile.js';
import * as queries from './queries.js';
import { restBindings } from './rest.js';
import { endSessions } from './revoke-sessions.js';
import type { User } from './schema.js';
import * as sessionQueries from './session-queries.js';
import { createSessionResolver, type ResolvedSession } from './session-resolver.js';
import { setPrivacy } from './set-privacy.js';
import { createSignInGuard } from './sign-in-guard.js';
import { createUserStore, readUserAt } from './stored-users.js';

export { identityErrors } from './errors.js';
export type { Visibility } from './profile.js';
export { User } from './schema.js';
export { purgeEndedSessions, purgeRevocations } from './session-queries.js';
export type { ResolvedSession } from './session-resolver.js';

export const identityQueries = [...Object.values(queries), ...Object.values(sessionQueries)];

export interface IdentityDeps {
  /** Reads sessions and their revocations before the tenant is known. */
  readonly lookup: Pick<SystemHandle, 'row' | 'rows'>;
  readonly passwords: PasswordHasher;
  readonly cursors: Cursors;
  readonly bus: Pick<Bus, 'publish' | 'subscribe'>;
  readonly visibility: Visibility;
  readonly metrics: Pick<Metrics, 'cache' | 'watchCache'>;
  readonly log: Pick<Logger, 'warn' | 'info'>;
  readonly settings: {
    readonly sessionTtlMs: number;
    /** Sessions kept in memory. */
    readonly sessionCacheSize: number;
    readonly sessionCacheTtlMs: number;
    /** On one account from one address, within a quarter of an hour. */
    readonly signInFailures: number;
    /** Memory of the profiles that are kept. */
    readonly userCacheBytes: number;
  };
}

/** What others may ask of identity; every function takes many users and costs one query. */
export interface Identity {
  readonly bindings: DomainBindings;
  /** Whose session a bearer token is; null for one that is no good. See session-resolver.ts. */
  resolveSession(token: string): Promise<ResolvedSession | null>;
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
  /** Begins to look for revoked sessions in the background. */
  start(): void;
  close(): Promise<void>;
}

export function createIdentity(deps: IdentityDeps): Identity {
  const { lookup, bus, metrics, log, settings } = deps;
  const sessions = createSessionResolver({
    lookup,
    bus,
    metrics,
    log,
    cacheSize: settings.sessionCacheSize,
    cacheTtlMs: settings.sessionCacheTtlMs,
  });
  const users = createUserStore({ metrics, maxBytes: settings.userCacheBytes });
  const { passwords, cursors, visibility } = deps;
  const { sessionTtlMs } = settings;
  const { onRevoked } = sessions;
  const guard = createSignInGuard(settings.signInFailures, () => performance.now());
  const operations = bindIdentityOperations({ passwords, cursors, visibility, sessionTtlMs, onRevoked, guard });
  return {
    bindings: { rest: restBindings(operations), graphql: graphqlBinding(operations) },
    resolveSession: sessions.resolve,
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
    start: sessions.start,
    async close() {
      users.close();
      await sessions.close();
    },
  };
}
