import { platformErrors } from '../../platform/errors/index.js';
import type { WriteScope } from '../../platform/operation/index.js';
import { requireViewer } from '../../platform/operation/index.js';
import { likeCreated, likeRemoved } from './events.js';
import { type PipelineDeps, viewPost } from './pipeline.js';
import { deleteLike, insertLike } from './queries/likes.js';

/** Brings the viewer's like of a post to `liked`. Throws `not_found` for posts the viewer cannot see. */
export async function changeLike(deps: PipelineDeps, scope: WriteScope, postId: string, liked: boolean) {
  const { userId } = requireViewer(scope);
  const { state } = await viewPost(deps, scope, postId);
  const change = await scope.db.row(liked ? insertLike : deleteLike, { postId, userId });
  if (change === undefined || change.changed === 0) return { liked, likeCount: state.likeCount };
  if (change.likeCount === null) throw platformErrors.not_found({ detail: 'there is no such post' });
  scope.db.emit(liked ? likeCreated(postId, userId) : likeRemoved(postId, userId));
  return { liked, likeCount: change.likeCount };
}
