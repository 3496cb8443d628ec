import { createVersionStore, type Version, type VersionStore } from '../../platform/cache/index.js';
import type { Scope } from '../../platform/operation/index.js';
import type { Metrics } from '../../platform/telemetry/index.js';
import { postContents } from './queries/posts.js';
import { StoredPost } from './stored-post.js';

/** Posts as stored, kept by version (C3, C7). */
export type PostStore = VersionStore<StoredPost>;

export function createPostStore(deps: {
  readonly metrics: Pick<Metrics, 'cache' | 'watchCache'>;
  readonly maxBytes: number;
}): PostStore {
  return createVersionStore<StoredPost>({ name: 'posts', bytesOf: (post) => post.bytes, ...deps });
}

/** These posts, in order; undefined in the place of one that was deleted meanwhile. One query, or none. */
export async function readStoredPosts(
  posts: PostStore,
  { tenant, db }: Pick<Scope, 'tenant' | 'db'>,
  versions: readonly Version[],
): Promise<readonly (StoredPost | undefined)[]> {
  return await posts.read(tenant.id, versions, async (postIds) =>
    (await db.rows(postContents, { postIds })).map((row) => new StoredPost(tenant.id, row)),
  );
}
