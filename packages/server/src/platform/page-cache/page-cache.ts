import type { Bus } from '../bus/index.js';
import { createCache } from '../cache/index.js';
import { PreparedJson, type Scope } from '../operation/index.js';
import type { Metrics } from '../telemetry/index.js';

/** Pages of lists as they are sent, each as one viewer sees it, for a second at most (C3, C7, R8). */
export interface PageCache {
  /**
   * The page of this name as the caller sees it. Loaded once for all who ask meanwhile; a failed load is not kept.
   * @param name the list with everything that selects the page: author, size, cursor
   */
  get<T>(scope: Pick<Scope, 'tenant' | 'viewer'>, name: string, load: () => Promise<T>): Promise<PreparedJson<T>>;
  /** The viewer has changed something: their pages are new ones, here at once and elsewhere when the bus tells (I4). */
  forget(tenantId: string, viewerId: string): void;
  close(): void;
}

export interface PageCacheDeps {
  readonly bus: Pick<Bus, 'publish' | 'subscribe'>;
  readonly metrics: Pick<Metrics, 'cache' | 'watchCache'>;
  /** 1,000 at the most: no cached value is older than the committed one after a second (I4). */
  readonly ttlMs: number;
  readonly maxBytes: number;
}

const TOPIC = 'viewer.wrote';
const MAX_PAGES = 100_000;
/** Viewers whose last change is remembered; beyond it all pages go, which costs a second's hits. */
const MAX_CHANGES = 100_000;
/** The objects that a page was made from stay with it, for GraphQL: about twice the JSON. */
const bytesOf = (page: PreparedJson) => page.body.length * 3;

export function createPageCache({ bus, metrics, ttlMs, maxBytes }: PageCacheDeps): PageCache {
  const cache = createCache<PreparedJson>({ name: 'pages', maxEntries: MAX_PAGES, maxBytes, bytesOf, ttlMs, metrics });
  // Part of each key: what a viewer had before their change is never asked for again, and ages out.
  const changes = new Map<string, number>();
  const clear = () => {
    changes.clear();
    cache.clear();
  };
  const drop = (viewer: string) => {
    if (changes.size >= MAX_CHANGES) clear();
    changes.set(viewer, (changes.get(viewer) ?? 0) + 1);
  };
  const unsubscribe = bus.subscribe(TOPIC, (viewer) => (viewer === undefined ? clear() : drop(viewer)), {
    onGap: clear,
  });
  return {
    async get<T>({ tenant, viewer }: Pick<Scope, 'tenant' | 'viewer'>, name: string, load: () => Promise<T>) {
      const owner = `${tenant.id}/${viewer?.userId ?? ''}`;
      const key = `${owner}/${changes.get(owner) ?? 0}/${name}`;
      return (await cache.get(key, async () => new PreparedJson(await load()))) as PreparedJson<T>;
    },
    forget(tenantId, viewerId) {
      const viewer = `${tenantId}/${viewerId}`;
      drop(viewer);
      bus.publish(TOPIC, viewer);
    },
    close() {
      unsubscribe();
      cache.close();
    },
  };
}
