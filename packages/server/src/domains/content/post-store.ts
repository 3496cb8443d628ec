import { createCache } from '../../platform/cache/index.js';
import type { Scope } from '../../platform/operation/index.js';
import type { Metrics } from '../../platform/telemetry/index.js';
import { postContents } from './queries/posts.js';
import { StoredPost } from './stored-post.js';

/** Which version of which post. */
export interface PostVersion {
  readonly id: string;
  readonly updatedAt: string;
}

/** Posts as stored, kept by version: whoever asks has read the version from the database just now (C3, C7). */
export interface PostStore {
  /** The undeleted ones of these posts, by id; one query for those that are not kept, none when all are. */
  read(scope: Pick<Scope, 'tenant' | 'db'>, versions: readonly PostVersion[]): Promise<Map<string, StoredPost>>;
  close(): void;
}

/** Reached only by posts without a word; others meet the bound of bytes before. */
const MAX_POSTS = 1_000_000;

export function createPostStore(deps: {
  readonly metrics: Pick<Metrics, 'cache' | 'watchCache'>;
  readonly maxBytes: number;
}): PostStore {
  const cache = createCache<StoredPost>({
    name: 'posts',
    maxEntries: MAX_POSTS,
    bytesOf: (post) => post.bytes,
    // A version never changes.
    ttlMs: Number.POSITIVE_INFINITY,
    ...deps,
  });
  return {
    async read({ tenant, db }, versions) {
      const posts = new Map<string, StoredPost>();
      const missing: string[] = [];
      for (const { id, updatedAt } of versions) {
        // Imports give the same ids to posts of different tenants.
        const post = cache.peek(id, (kept) => kept.tenantId === tenant.id && kept.updatedAt === updatedAt);
        if (post === undefined) missing.push(id);
        else posts.set(id, post);
      }
      if (missing.length === 0) return posts;
      for (const row of await db.rows(postContents, { postIds: missing })) {
        const post = new StoredPost(tenant.id, row);
        cache.set(post.id, post);
        posts.set(post.id, post);
      }
      return posts;
    },
    close: () => cache.close(),
  };
}
