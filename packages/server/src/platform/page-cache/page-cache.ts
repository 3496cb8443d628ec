import { createCache } from '../cache/index.js';
import type { PreparedJson, Scope } from '../operation/index.js';
import type { Metrics } from '../telemetry/index.js';
import type { OwnWrites } from './own-writes.js';

/** Pages of lists as they are sent, each as one viewer sees it, for a second at most (C3, C7, R8). */
export interface PageCache {
  /**
   * The page of this name as the caller sees it, with all that the caller has changed (I4). Loaded once for all who
   * ask meanwhile; a failed load is not kept.
   * @param name the list with everything that selects the page: size, cursor
   */
  get<T>(scope: PageScope, name: string, load: () => Promise<PreparedJson<T>>): Promise<PreparedJson<T>>;
  close(): void;
}

type PageScope = Pick<Scope, 'tenant' | 'viewer' | 'db'>;

export interface PageCacheDeps {
  readonly ownWrites: Pick<OwnWrites, 'version'>;
  readonly metrics: Pick<Metrics, 'cache' | 'watchCache'>;
  /** 1,000 at the most: no cached value is older than the committed one after a second (I4). */
  readonly ttlMs: number;
  readonly maxBytes: number;
}

const MAX_PAGES = 100_000;
/** Without it all who came at once came again each second, and everybody else waited for their pages. */
const JITTER = 0.5;
/** The objects that a page was made from stay with it, for GraphQL: about twice the JSON. */
const bytesOf = (page: PreparedJson) => page.body.length * 3;

export function createPageCache({ ownWrites, metrics, ttlMs, maxBytes }: PageCacheDeps): PageCache {
  const cache = createCache<PreparedJson>({
    name: 'pages',
    maxEntries: MAX_PAGES,
    maxBytes,
    bytesOf,
    ttlMs,
    jitter: JITTER,
    revalidate: true,
    metrics,
  });
  /** The version is read before the page: what was cached under an older one is never asked for again, and ages out. */
  const ownerOf = async ({ tenant, viewer, db }: PageScope): Promise<string> => {
    if (viewer === null) return `${tenant.id}//`;
    const version = ownWrites.version({ tenantId: tenant.id, userId: viewer.userId }, db);
    return `${tenant.id}/${viewer.userId}/${typeof version === 'string' ? version : await version}`;
  };
  return {
    async get<T>(scope: PageScope, name: string, load: () => Promise<PreparedJson<T>>) {
      const owner = await ownerOf(scope);
      return (await cache.get(`${owner}/${name}`, load)) as PreparedJson<T>;
    },
    close: () => cache.close(),
  };
}
