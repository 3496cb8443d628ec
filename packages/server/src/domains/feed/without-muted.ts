import type { Content } from '../content/index.js';
import type { Graph } from '../graph/index.js';

/**
 * The posts of a feed that the viewer may see and has not muted the author of: at read, so that a mute acts at once, on
 * sessions that were opened before it too. One query more, or none from memory (C4).
 */
export function withoutMuted(
  content: Pick<Content, 'viewPosts'>,
  graph: Pick<Graph, 'mutedUsers'>,
): Content['viewPosts'] {
  return async (scope, postIds) => {
    const views = await content.viewPosts(scope, postIds);
    const muted = await graph.mutedUsers(scope, [...new Set(views.map(({ author }) => author.id))]);
    return muted.size === 0 ? views : views.filter(({ author }) => !muted.has(author.id));
  };
}
