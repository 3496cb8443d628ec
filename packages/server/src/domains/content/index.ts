import type { DomainBindings, Scope } from '../../platform/operation/index.js';
import type { Consumer } from '../../platform/outbox/index.js';
import { countHashtags } from './count-hashtags.js';
import { createContentEdges } from './edges.js';
import { graphqlBinding } from './graphql.js';
import { insertLikes } from './insert-likes.js';
import { insertPosts } from './insert-posts.js';
import { wantPreviews } from './links/want-previews.js';
import { mayReply } from './may-reply.js';
import { bindContentOperations, type ContentDeps } from './operations.js';
import { type PostView, presentPage, viewPosts } from './pipeline.js';
import { restBindings } from './rest.js';

export { publishDueDrafts } from './drafts/publish-due-drafts.js';
export { createPublisher } from './drafts/publisher.js';
export { contentErrors } from './errors.js';
export { createPreviewer } from './links/previewer.js';
export type { ContentDeps } from './operations.js';
export type { PostView } from './pipeline.js';
export { repairPolls, samplePollDrift } from './polls/repair-polls.js';
export { contentQueries } from './queries/index.js';
export { purgePreviews } from './queries/links.js';
export { purgeDeletedPosts } from './queries/upkeep.js';
export { repairHashtagUsage, repairLikeCounts, sampleLikeDrift } from './repair-counts.js';
export { Post } from './schema.js';
export { createPostStore } from './stored-posts.js';

/** What follows the outbox on behalf of content. */
export const contentConsumers: readonly Consumer[] = [countHashtags, wantPreviews];

/** What other domains and imports may ask of content. */
export interface Content {
  readonly bindings: DomainBindings;
  /**
   * The posts with these ids that the viewer may see, in order: three queries in two round trips, and one more for
   * contents that are not in memory.
   */
  viewPosts(scope: Scope, postIds: readonly string[]): Promise<PostView[]>;
  /** Whether the viewer may reply to a post that they see; see may-reply.ts. */
  mayReply(scope: Scope, post: Pick<PostView, 'stored'>): Promise<boolean>;
  /** A page of them as it is answered. */
  readonly presentPage: typeof presentPage;
  /** For imports; see insert-posts.ts. */
  readonly insertPosts: typeof insertPosts;
  /** For imports; see insert-likes.ts. */
  readonly insertLikes: typeof insertLikes;
}

export function createContent(deps: ContentDeps): Content {
  const operations = bindContentOperations(deps);
  return {
    bindings: { rest: restBindings(operations), graphql: graphqlBinding(operations, createContentEdges(deps)) },
    viewPosts: (scope, postIds) => viewPosts(deps, scope, postIds),
    mayReply: (scope, post) => mayReply(deps, scope, post),
    presentPage,
    insertPosts,
    insertLikes,
  };
}
