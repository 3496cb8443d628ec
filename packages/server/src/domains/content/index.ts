import type { WriteHandle } from '../../platform/db/index.js';
import type { DomainBindings, Scope } from '../../platform/operation/index.js';
import type { Consumer } from '../../platform/outbox/index.js';
import { countHashtags } from './count-hashtags.js';
import { createContentEdges } from './edges.js';
import { graphqlBinding } from './graphql.js';
import { type ImportedLike, insertLikes } from './insert-likes.js';
import { type ImportedPost, insertPosts } from './insert-posts.js';
import { bindContentOperations, type ContentDeps } from './operations.js';
import { applyVisibilityRules, hydratePosts, type PostRow, presentPosts } from './pipeline.js';
import { restBindings } from './rest.js';
import type { Post } from './schema.js';

export { contentErrors } from './errors.js';
export type { ImportedLike } from './insert-likes.js';
export type { ImportedPost } from './insert-posts.js';
export type { ContentDeps } from './operations.js';
export type { PostRow } from './pipeline.js';
export { contentQueries } from './queries/index.js';
export { purgeDeletedPosts } from './queries/upkeep.js';
export { repairHashtagUsage, repairLikeCounts, sampleLikeDrift } from './repair-counts.js';
export { Post } from './schema.js';

/** What follows the outbox on behalf of content. */
export const contentConsumers: readonly Consumer[] = [countHashtags];

/** What other domains and imports may ask of content. */
export interface Content {
  readonly bindings: DomainBindings;
  /** Undeleted posts by id, in one query; nothing has been said about who may see them. */
  hydratePosts(scope: Scope, postIds: readonly string[]): Promise<Map<string, PostRow>>;
  /** Those of the posts that the viewer may see. */
  readonly applyVisibilityRules: typeof applyVisibilityRules;
  /** The posts with these ids that the viewer may see, in order: three queries in two round trips. */
  presentPosts(scope: Scope, postIds: readonly string[]): Promise<Post[]>;
  /** For imports; see insert-posts.ts. */
  insertPosts(tx: WriteHandle, posts: readonly ImportedPost[]): Promise<number>;
  /** For imports; see insert-likes.ts. */
  insertLikes(tx: WriteHandle, likes: readonly ImportedLike[]): Promise<number>;
}

export function createContent(deps: ContentDeps): Content {
  const operations = bindContentOperations(deps);
  return {
    bindings: { rest: restBindings(operations), graphql: graphqlBinding(operations, createContentEdges(deps)) },
    hydratePosts,
    applyVisibilityRules,
    presentPosts: (scope, postIds) => presentPosts(deps, scope, postIds),
    insertPosts,
    insertLikes,
  };
}
