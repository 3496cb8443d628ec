import type { Scope } from '../../platform/operation/index.js';
import type { Graph } from '../graph/index.js';
import type { PostView } from './pipeline.js';

/**
 * Whether the viewer may reply to a post that they see: its author always may. One query, for posts whose author lets
 * their followers reply, none for others.
 */
export async function mayReply(
  { graph }: { readonly graph: Pick<Graph, 'relations'> },
  scope: Scope,
  { stored }: Pick<PostView, 'stored'>,
): Promise<boolean> {
  const { viewer } = scope;
  if (viewer === null) return false;
  if (viewer.userId === stored.authorId) return true;
  switch (stored.replyPolicy) {
    case 'everyone':
      return true;
    case 'followers':
      return (await graph.relations(scope, [stored.authorId])).get(stored.authorId)?.following === true;
    case 'mentioned':
      return stored.mentions(viewer.userId);
    case 'nobody':
      return false;
  }
}
