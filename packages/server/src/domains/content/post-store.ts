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
  /**
   * These posts, in order; one query for those that are not kept, none when all are.
   * @returns undefined in the place of one that was deleted meanwhile
   */
  read(
    scope: Pick<Scope, 'tenant' | 'db'>,
    versions: readonly PostVersion[],
  ): Promise<readonly (StoredPost | undefined)[]>;
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
      // Imports give the same ids to posts of different tenants.
      const kept = ({ id, updatedAt }: PostVersion) =>
        cache.peek(id, (post) => post.tenantId === tenant.id && post.updatedAt === updatedAt);
      const posts = versions.map(kept);
      const missing = versions.filter((_, index) => posts[index] === undefined).map(({ id }) => id);
      if (missing.length === 0) return posts;
      const loaded = new Map<string, StoredPost>();
      for (const row of await db.rows(postContents, { postIds: missing })) {
        const post = new StoredPost(tenant.id, row);
        cache.set(post.id, post);
        loaded.set(post.id, post);
      }
      return posts.map((post, index) => post ?? loaded.get(versions[index]?.id ?? ''));
    },
    close: () => cache.close(),
  };
}
